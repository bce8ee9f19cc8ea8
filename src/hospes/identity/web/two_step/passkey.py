"""Adding a passkey to the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hospes.identity.forms.passkeys import PasskeyForm
from hospes.identity.services.two_step import passkeys
from hospes.identity.web import presence
from hospes.identity.web.two_step import passkey_browser
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.identity.web.two_step.own_app import show_codes
from hospes.kit.faults import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def add(request: HttpRequest) -> HttpResponse:
    """Explain passkeys, and add the one that the browser made."""
    asked = cast("SignedInRequest", request)
    if request.method != "POST":
        return _page(asked, PasskeyForm())
    form = PasskeyForm(request.POST)
    if not form.is_valid():
        return _page(asked, form, status=422)
    try:
        added = passkeys.add(
            asked.account,
            passkey_browser.answer_of(request),
            name=form.cleaned_data["name"],
            browser_value=passkey_browser.value_of(request),
            origin=asked.origin,
        )
    except Refused as refused:
        return _page(asked, form, problem=passkey_browser.words(refused), status=422)
    text = _("The passkey “%(name)s” was added.") % {"name": added.method.name}
    messages.success(request, text)
    if added.backup_codes:
        return show_codes(request, added.backup_codes, first=True)
    return HttpResponseRedirect(reverse("two_step"))


def _page(
    request: SignedInRequest, form: PasskeyForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "present": passkeys.living(request.account),
        "available": passkeys.available(),
        "named_address": _named_address(),
    }
    return render(request, "identity/two_step/passkey.html", context, status=status)


def _named_address() -> str:
    """Return the name of this very machine with the demo's port; "" for an installation."""
    if not presence.shows_mailbox():
        return ""
    port = urlsplit(settings.HOSPES.base_url).port
    return f"http://localhost:{port}" if port else "http://localhost"


@require_POST
@second_factor_proved
def options(request: HttpRequest) -> HttpResponse:
    """Tell the browser what to make."""
    asked = cast("SignedInRequest", request)
    if not passkeys.available():
        raise Http404
    return passkey_browser.options(
        request,
        lambda value: passkeys.begin_adding(
            asked.account, provider=settings.HOSPES.provider_name, browser_value=value
        ),
    )
