"""Telling an application's server that a person has answered (CIBA Core 1.0 §10.2)."""

from __future__ import annotations

import json

from hospes.foundation.errors import PermanentFailure
from hospes.foundation.gateways.outgoing import Forbidden, Outgoing

CLIENT = Outgoing()
_TAKEN = range(200, 300)
_LATER = frozenset({408, 425, 429})
_SERVER_FAULT = 500


class Later(Exception):
    """The application's server does not take it now."""


def ping(endpoint: str, token: str, auth_req_id: str) -> None:
    """Tell ``endpoint`` of the answer to ``auth_req_id``; ``token`` proves who tells it.

    Redirects are not followed, and what is answered is not looked at.

    Raises:
        Later, outgoing.Unreachable: it may be tried again.
        PermanentFailure: it will never be taken.

    """
    body = json.dumps({"auth_req_id": auth_req_id}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        answer = CLIENT.post(endpoint, body, headers)
    except Forbidden as error:
        raise PermanentFailure(f"the application must not be told: {error}") from error
    if answer.status in _TAKEN:
        return
    if answer.status in _LATER or answer.status >= _SERVER_FAULT:
        raise Later(f"the application said {answer.status}")
    raise PermanentFailure(f"the application said {answer.status}")
