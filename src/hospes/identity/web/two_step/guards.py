"""Who may open a page that the password alone must not open."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from hospes.identity.services.two_step import links, steps
from hospes.identity.web import presence
from hospes.identity.web.guards import recently_confirmed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from hospes.identity.web.guards import SignedInRequest


def second_factor_proved(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Ask for the password of just now, and for the second factor this sign-in has not proved yet.

    A browser that is trusted was let in by the password alone, and so was a sign-in from before
    two-step verification: no reason to link a phone or to change the sign-in address.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = cast("SignedInRequest", request)
        session = asked.sign_in
        proved = session.second_factor_at is not None or links.began_here(session)
        if asked.account.two_step_since is None or proved:
            return view(request, *args, **kwargs)
        _step, token = steps.begin_again(
            session, continue_to=request.path, application_name="", origin=asked.origin
        )
        return presence.to_step(token)

    return recently_confirmed(guarded)
