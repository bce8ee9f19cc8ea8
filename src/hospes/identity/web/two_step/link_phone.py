"""Linking a phone: the code shown by a computer, or the phone that is signed in itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock
from hospes.identity.queries import two_step
from hospes.identity.services.two_step import links
from hospes.identity.web.guards import signed_in
from hospes.identity.web.two_step import qr
from hospes.identity.web.two_step.guards import second_factor_proved

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import AuthenticatorLink
    from hospes.identity.web.guards import SignedInRequest


def codes_text(request: HttpRequest, codes: tuple[str, ...]) -> str:
    """Return backup codes as they are downloaded, printed and copied."""
    account = cast("SignedInRequest", request).account
    named = {"email": account.email, "provider": settings.HOSPES.provider_name}
    lines = [_("Backup codes of %(email)s at %(provider)s. Each works once.") % named, *codes]
    return "\n".join(lines)


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def begin(request: HttpRequest) -> HttpResponse:
    """Explain what the Authenticator is; after a press of the button show the code to scan."""
    asked = cast("SignedInRequest", request)
    context: dict[str, Any] = {
        "linked": two_step.living_methods(asked.account),
        "app_address": f"{settings.HOSPES.base_url}{reverse('authenticator')}",
    }
    if request.method == "POST":
        made = links.begin(asked.account, browser=asked.browser, origin=asked.origin)
        context |= {"invitation": made, "link": made.link, "qr": qr.drawn(made.address)}
    return render(request, "identity/two_step/link_phone.html", context)


@require_safe
@signed_in
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tell what became of an invitation: a linked phone, or nothing."""
    link = _own(request, public_id)
    codes = links.codes_for(link, cast("SignedInRequest", request).browser)
    context = {
        "link": link,
        "state": _state(link),
        "method": link.method,
        "codes": codes,
        "text": codes_text(request, codes),
    }
    response = render(request, "identity/two_step/link_phone_done.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@signed_in
def state(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tell the waiting page in one word: ``waiting``, ``linked`` or ``expired``."""
    link = _own(request, public_id)
    return JsonResponse({"state": _state(link)})


def _own(request: HttpRequest, public_id: UUID) -> AuthenticatorLink:
    link = links.state_of(cast("SignedInRequest", request).account, str(public_id))
    if link is None:
        raise Http404
    return link


def _state(link: AuthenticatorLink) -> str:
    if link.used_at is not None:
        return "linked"
    return "waiting" if link.expires_at > clock.now() else "expired"


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def authorize(request: HttpRequest) -> HttpResponse:
    """Link this very device: its owner is signed in on it and says so."""
    asked = cast("SignedInRequest", request)
    if request.method == "POST":
        made = links.begin(asked.account, browser=None, origin=asked.origin)
        return HttpResponseRedirect(made.address)
    context = {"person": asked.account, "other_url": f"{reverse('sign_in')}?add=1"}
    return render(request, "identity/two_step/authorize_phone.html", context)
