"""The pages of an invitation's link: look, accept, decline."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock
from hospes.identity.domain import masking
from hospes.identity.web import presence
from hospes.kit.faults import Refused
from hospes.organizations.models import role_words
from hospes.organizations.services import answering
from hospes.organizations.services import invitation_links as links

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.middleware import IdentityRequest
    from hospes.organizations.models import Invitation

# The secret moves from the address bar into a cookie: it stands in no sign-up and no history.
COOKIE = f"{settings.COOKIE_PREFIX}invitation"


@require_safe
@never_cache
def link(request: IdentityRequest, token: str) -> HttpResponse:
    """Take the link's secret and go on to the page that answers it."""
    invitation = links.find(token)
    if invitation is None:
        return _dead(request)
    response = HttpResponseRedirect(links.answer_path(invitation))
    presence.set_cookie(response, COOKIE, token, invitation.expires_at - clock.now())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: IdentityRequest, invitation: int) -> HttpResponse:
    """Show the invitation; accept or decline it."""
    token = request.COOKIES.get(COOKIE, "")[: presence.LONGEST_VALUE]
    found = links.find_answerable(invitation, token, request.account)
    if found is None:
        return _dead(request)
    if request.method != "POST":
        return _page(request, found, token)
    command = answering.Answer(found, token)
    try:
        if request.POST.get("decision") != "accept":
            answering.reject(command, acting_account=request.account, origin=request.origin)
            response: HttpResponse = render(request, "organizations/invitation_declined.html")
        elif request.account is None:
            return _page(request, found, token)
        else:
            answering.accept(
                command,
                acting_account=request.account,
                origin=request.origin,
                sign_in=request.sign_in,
            )
            messages.success(
                request,
                _("You now belong to %(organization)s.") % {"organization": found.organization},
            )
            response = HttpResponseRedirect("/")
    except Refused as refused:
        if refused.has("", "dead"):
            return _dead(request)
        member = refused.has("", "already_member")
        return _page(request, found, token, member=member, status=422)
    presence.delete_cookie(response, COOKIE)
    return response


def _page(
    request: IdentityRequest,
    invitation: Invitation,
    token: str,
    *,
    member: bool = False,
    status: int = 200,
) -> HttpResponse:
    account = request.account
    onward = urlencode({"next": links.answer_path(invitation)})
    context = {
        "invitation": invitation,
        "sender": invitation.created_by,
        "role": role_words.NAMES[invitation.role],
        "meaning": role_words.MEANINGS[invitation.role],
        "teams": invitation.teams.order_by("name"),
        "may_accept": account is not None and links.may_accept(invitation, token, account),
        "member": member,
        "address": masking.email(invitation.email),
        "sign_in_url": f"{reverse('sign_in')}?{onward}",
        "other_url": f"{reverse('choose_account')}?{onward}",
        "sign_up_url": f"{reverse('sign_up')}?{onward}",
    }
    return render(request, "organizations/invitation_answer.html", context, status=status)


def _dead(request: IdentityRequest) -> HttpResponse:
    return render(request, "organizations/invitation_dead.html", status=410)
