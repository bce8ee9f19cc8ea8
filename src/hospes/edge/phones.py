"""The second step's waiting: a browser asks for its phone's answer, a phone for a question.

Both ask about once a second; one statement each answers them.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hospes.edge import push_statements as statements
from hospes.edge.http import NO_STORE, json_response
from hospes.kit import useragents
from hospes.protocols.push.challenges import ChallengeView, State, present, purpose_of

if TYPE_CHECKING:
    from hospes.edge.http import Response
    from hospes.edge.push_statements import ChallengeRow, PhoneRow
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services

STATE = "/sign-in/verify/state"
CHALLENGES = "/api/2fa/push/challenges"
ACTIVE, DELETED = "active", "deleted"
BEARER = "bearer "
LONGEST = 200


def _hash(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


# ---- the browser -----------------------------------------------------------------------------


def state(request: HotRequest, services: Services) -> Response:
    """Tell the browser that holds a step's cookie how its phone answered.

    ``state`` is the newest challenge's; ``none`` where there was none, ``gone`` where the sign-in
    is over. ``expires_in`` is in whole seconds.
    """
    cookie = _cookie(request, services.step_cookie)
    row = None
    if cookie:
        with services.database.reading() as connection:
            row = statements.step_state(connection, _hash(cookie))
    now = services.clock()
    if row is None or row.is_finished or row.expires_at <= now:
        return _told("gone", 0)
    if not row.state:
        return _told("none", row.expires_at - now)
    ends = min(row.challenge_expires_at, row.expires_at)
    told = present(ChallengeView(State(row.state), ends), now=now)
    return _told(told, max(0, ends - now))


def _told(word: str, seconds: int) -> Response:
    return json_response(200, {"state": word, "expires_in": seconds}, NO_STORE)


def _cookie(request: HotRequest, name: str) -> str:
    for pair in str(request.environ.get("HTTP_COOKIE", "")).split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value if len(value) <= LONGEST else ""
    return ""


# ---- the phone -------------------------------------------------------------------------------


def challenges(request: HotRequest, services: Services) -> Response:
    """Tell a linked phone the newest challenge it may answer, or null."""
    header = request.authorization
    token = header[len(BEARER) :].strip()
    if not header.lower().startswith(BEARER) or not token or len(token) > LONGEST:
        return _refused(401, "not_authorized", "A bearer token of a linked device is needed.")
    key = _hash(token)
    with services.database.reading() as connection:
        phone = statements.phone_challenge(connection, key, now=services.clock())
    if phone is None:
        return _refused(401, "not_authorized", "A bearer token of a linked device is needed.")
    wait = services.poll_wait(key)
    if wait:
        return _refused(429, "too_many_requests", "Too many requests; try again later.", str(wait))
    if phone.is_removed or phone.account_state == DELETED:
        return _refused(401, "device_removed", "This device was removed from the account.")
    if phone.account_state != ACTIVE or not phone.is_confirmed:
        return _refused(401, "not_authorized", "A bearer token of a linked device is needed.")
    found = phone.challenge
    data = None if found is None else _shown(phone, found)
    return json_response(200, {"result": "success", "data": data}, NO_STORE)


def _shown(phone: PhoneRow, challenge: ChallengeRow) -> dict[str, object]:
    agent = useragents.parse(challenge.user_agent)
    return {
        "uuid": challenge.uuid,
        "type": "approval",
        "purpose": purpose_of(is_sign_in=challenge.is_sign_in),
        "account": {"id": phone.account_id, "email": phone.email},
        "application": challenge.application,
        "message": challenge.message,
        "browser": agent.label,
        "device": {
            "name": agent.label,
            "type": "computer" if agent.form == "desktop" else agent.form,
        },
        "location": challenge.place,
        "ip": challenge.ip,
        "created_at": challenge.created_at,
        "expires_at": challenge.expires_at,
        "nonce": challenge.nonce,
        "number_required": challenge.number_required,
    }


def _refused(status: int, code: str, description: str, wait: str = "") -> Response:
    error = {"code": code, "description": description}
    extra = (("Retry-After", wait),) if wait else ()
    challenge = (("WWW-Authenticate", 'Bearer realm="hospes"'),) if status == 401 else ()  # noqa: PLR2004 - RFC 9110 §15.5.2
    headers = (*NO_STORE, *extra, *challenge)
    return json_response(status, {"result": "error", "error": error}, headers)
