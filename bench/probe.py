"""One answer looked at closely, before many are only counted."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import TYPE_CHECKING, Any

from bench import proofs

if TYPE_CHECKING:
    from bench.load import Request
    from bench.scenarios import Scenario


def algorithm(id_token: str) -> str:
    """Return what an ID token is signed with, as its header says."""
    header = id_token.partition(".")[0]
    found: str = json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["alg"]
    return found


def fault(scenario: Scenario, value: str, answer: dict[str, Any]) -> str:
    """Return what is wrong with the answer to ``value``, or nothing."""
    if scenario.kind in {"code", "refresh"}:
        signed = algorithm(answer.get("id_token", ""))
        if signed != scenario.client:
            return f"the ID token is signed with {signed}, not {scenario.client}"
    if scenario.kind == "refresh" and answer.get("refresh_token", value) == value:
        return "the refresh token is not rotated"
    if scenario.kind == proofs.PROOF and answer.get("token_type") != "DPoP":
        return "the token is not bound to the key"
    if scenario.path == "introspect" and answer.get("active") is not True:
        return "the token is not active"
    return ""


def look(url: str, request: Request, scenario: Scenario, value: str) -> str:
    """Send ``request`` once with ``value``; return what is wrong with its answer, or nothing."""
    asked = urllib.request.Request(  # noqa: S310 - our own servers
        url + request.path,
        request.body.replace("{}", value).encode() if request.method == "POST" else None,
        {
            name: text.replace("{}", value)
            for name, text in (("Authorization", request.authorization), ("DPoP", request.proof))
            if text
        },
        method=request.method,
    )
    try:
        with urllib.request.urlopen(asked) as response:  # noqa: S310 - our own servers
            return fault(scenario, value, json.load(response))
    except OSError as error:
        return str(error)
