"""Whose organization a page is about, and whether this browser is looking at it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import render

from hospes.foundation.errors import Denied, NotFound
from hospes.identity.web.guards import SignedInRequest, signed_in
from hospes.organizations import queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponseBase

    from hospes.organizations.models import Membership

    Policy = Callable[[Membership | None], bool]


class MemberRequest(SignedInRequest):
    """A request that passed ``in_organization``: ``member`` is who asks, as a member."""

    member: Membership


def in_organization(
    allowed: Policy | None = None,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Guard a page whose address names its organization (``<uuid:organization>``, first argument).

    A stranger finds nothing. A member who looks at another organization is asked whether to
    switch, and nothing of this one is shown or changed meanwhile. A member whom ``allowed`` does
    not let in is refused.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: HttpRequest, organization: UUID, *args: Any, **kwargs: Any
        ) -> HttpResponseBase:
            mine = queries.memberships(request)
            wanted = str(organization)
            member = next((m for m in mine if m.organization.public_id == wanted), None)
            if member is None:
                raise NotFound
            if member.pk != mine[0].pk:
                return _ask(request, member, mine[0])
            if allowed is not None and not allowed(member):
                raise Denied
            known = cast("MemberRequest", request)
            known.member = member
            return view(known, *args, **kwargs)

        return signed_in(guarded)

    return decorate


def _ask(request: HttpRequest, wanted: Membership, current: Membership) -> HttpResponseBase:
    context = {
        "wanted": wanted.organization,
        "looking_at": current.organization,
        # What a form sent is not sent again by itself: the page is opened anew.
        "next": request.get_full_path() if request.method in {"GET", "HEAD"} else request.path,
    }
    return render(request, "organizations/ask_switch.html", context, status=409)
