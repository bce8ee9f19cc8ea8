"""The devices on which the account is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hospes.identity.queries import sign_ins
from hospes.identity.services import sessions
from hospes.identity.services.device_names import device_name
from hospes.identity.web.guards import signed_in
from hospes.kit import useragents

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """List the devices, this one first."""
    asked = cast("SignedInRequest", request)
    devices = []
    for session in sign_ins.of_account(asked.account):
        agent = useragents.parse(session.user_agent)
        device = {
            "session": session,
            "name": device_name(session.user_agent),
            "version": agent.browser_version,
            "form": agent.form,
            "in_app": agent.in_app,
            "current": session.pk == asked.sign_in.pk,
        }
        devices.append(device)
    devices.sort(key=lambda device: not device["current"])
    return render(request, "identity/settings/sessions.html", {"devices": devices})


@require_POST
@signed_in
def end(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sign one device out."""
    asked = cast("SignedInRequest", request)
    wanted = str(public_id)
    found = [item for item in sign_ins.of_account(asked.account) if item.public_id == wanted]
    if not found:
        raise Http404
    sessions.end_session(
        found[0], reason="ended_by_owner", actor=asked.account, origin=asked.origin
    )
    messages.success(request, _("That device was signed out."))
    return HttpResponseRedirect(reverse("settings_sessions"))


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign every device out but this one."""
    asked = cast("SignedInRequest", request)
    ended = sessions.end_other_sessions(
        asked.account,
        keep={asked.sign_in.pk},
        reason="ended_by_owner",
        origin=asked.origin,
        actor=asked.account,
    )
    told = ngettext(
        "%(count)d other device was signed out.",
        "%(count)d other devices were signed out.",
        ended,
    ) % {"count": ended}
    messages.success(request, told if ended else _("No other device was signed in."))
    return HttpResponseRedirect(reverse("settings_sessions"))
