"""Tokens with which programs register applications: the list, creating one, revoking one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from hospes.connect.forms import new_form_key
from hospes.connect.forms.initial_tokens import InitialTokenForm
from hospes.connect.services import initial_tokens
from hospes.connect.services.initial_tokens import AlreadyDone
from hospes.connect.web.access import application_of, instant, managing
from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.identity.web.guards import recently_confirmed, signed_in
from hospes.kit.faults import Refused
from hospes.protocols.oauth.discovery import PATHS

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.connect.models import InitialAccessToken
    from hospes.identity.web.guards import SignedInRequest

# As many as the page shows, the newest; those that work are fewer by their own limit.
SHOWN = 200


@require_GET
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """List the organization's tokens, with what has become of each."""
    membership = managing(cast("SignedInRequest", request))
    now = clock.timestamp()
    rows = [
        {
            "token": token,
            "state": _state(token, now),
            "created": instant(token.created_at),
            "expires": instant(token.expires_at),
            "used": instant(token.last_used_at),
        }
        for token in initial_tokens.all_of(membership.organization)[:SHOWN]
    ]
    context = {
        "rows": rows,
        "address": settings.HOSPES.base_url + PATHS["registration_endpoint"],
    }
    return render(request, "connect/registration_tokens.html", context)


def _state(token: InitialAccessToken, now: int) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if not token.uses_left:
        return "used_up"
    return "expired" if now >= token.expires_at else "works"


@require_http_methods(["GET", "POST"])
@never_cache
@recently_confirmed
@sensitive_variables("created")
def create(request: HttpRequest) -> HttpResponse:
    """Ask for a token's particulars; make it; show it this once."""
    person = cast("SignedInRequest", request)
    membership = managing(person)
    if request.method == "GET":
        form = InitialTokenForm(initial={"form_key": new_form_key()})
        return render(request, "connect/registration_token_new.html", {"form": form})
    form = InitialTokenForm(request.POST)
    if form.is_valid():
        try:
            created = initial_tokens.create_initial_token(
                form.command(),
                organization=membership.organization,
                acting_account=person.account,
                origin=person.origin,
            )
        except Refused as refused:
            form.show_faults(refused)
        except AlreadyDone:
            messages.info(
                request,
                _("This was done already. A token is shown only once, so it is not shown again."),
            )
            return HttpResponseRedirect(reverse("registration_tokens"))
        else:
            address = settings.HOSPES.base_url + PATHS["registration_endpoint"]
            context = {
                "token": created.token,
                "value": created.value,
                "expires": instant(created.token.expires_at),
                "address": address,
                "curl": _curl(address, created.value),
            }
            return render(request, "connect/registration_token_shown.html", context)
    return render(request, "connect/registration_token_new.html", {"form": form}, status=422)


def _curl(address: str, value: str) -> str:
    return (
        f"curl {address} \\\n"
        f'  -H "Authorization: Bearer {value}" \\\n'
        '  -H "Content-Type: application/json" \\\n'
        '  -d \'{"client_name": "Flower shop", '
        '"redirect_uris": ["https://shop.example/callback"]}\''
    )


@require_http_methods(["GET", "POST"])
@signed_in
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Ask, then end a token."""
    person = cast("SignedInRequest", request)
    membership = managing(person)
    token = initial_tokens.all_of(membership.organization).filter(pk=token_id).first()
    if token is None:
        raise NotFound
    if request.method == "GET":
        return render(request, "connect/registration_token_revoke.html", {"token": token})
    if initial_tokens.revoke_initial_token(
        token, acting_account=person.account, origin=person.origin
    ):
        messages.success(request, _("The token …%(hint)s was revoked.") % {"hint": token.hint})
    return HttpResponseRedirect(reverse("registration_tokens"))


@require_http_methods(["GET", "POST"])
@signed_in
def end_program(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Ask, then take the program that registered an application its access to it."""
    person = cast("SignedInRequest", request)
    application = application_of(managing(person), client_id)
    if not application.registration_token_hash:
        raise NotFound
    if request.method == "GET":
        context = {"application": application}
        return render(request, "connect/application_program_end.html", context)
    initial_tokens.end_program(application, acting_account=person.account, origin=person.origin)
    messages.success(request, _("The program can no longer change this application."))
    return HttpResponseRedirect(reverse("application_detail", args=[client_id]))
