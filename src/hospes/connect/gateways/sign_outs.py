"""Telling an application's server that a session has ended (Back-Channel Logout 1.0 §2.5)."""

from __future__ import annotations

from urllib.parse import urlencode

from hospes.foundation.gateways.outgoing import Forbidden, Outgoing, Unreachable

CLIENT = Outgoing()
_TAKEN = range(200, 300)
_LATER = frozenset({408, 425, 429})
_SERVER_FAULT = 500


class NotTold(Exception):
    """The application did not take it; ``later``: it may be worth another try."""

    def __init__(self, reason: str, *, later: bool) -> None:
        self.reason = reason
        self.later = later
        super().__init__(reason)


def tell(uri: str, token: str) -> None:
    """Send a logout token. Redirects are not followed, and what is answered is not looked at.

    Raises:
        NotTold: it was not taken.

    """
    body = urlencode({"logout_token": token}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-store"}
    try:
        answer = CLIENT.post(uri, body, headers)
    except Forbidden as error:
        raise NotTold(str(error), later=False) from None
    except Unreachable as error:
        raise NotTold(str(error), later=True) from None
    if answer.status not in _TAKEN:
        later = answer.status in _LATER or answer.status >= _SERVER_FAULT
        raise NotTold(f"the application answered {answer.status}", later=later)
