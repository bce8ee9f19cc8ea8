"""The numbers of proofs are obeyed: a changed value changes what passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge import world as numbers
from edge.world import ISSUER, NOW

from hospes.protocols.oauth import dpop, options
from hospes.protocols.oauth.options import ClientOptions
from support.signing import assertion, assertion_form, key_set, proof

if TYPE_CHECKING:
    from edge.world import World

    from hospes.connect.models import Application


GIVEN = dpop.nonce(b"n" * 32, now=NOW - 250, seconds=300)


@pytest.fixture
def machine(world: World) -> tuple[World, Application]:
    said = ClientOptions(token_endpoint_auth_method="private_key_jwt", jwks=key_set("ES256"))
    return world, world.app(type="other", options=options.write(said))


def ask(world: World, machine: Application, *, shown: Any = None, **changes: Any) -> str:
    token = assertion(machine.client_id, ISSUER, now=world.now, **changes)
    headers = {}
    if shown is not None:
        headers["DPoP"] = proof("POST", f"{ISSUER}/token", now=world.now, **shown)
    form = {**assertion_form(token), "grant_type": "client_credentials"}
    told = world.client.post("/token", data=form, headers=headers).json()
    return str(told.get("error") or told["token_type"])


@pytest.mark.parametrize(
    ("key", "value", "changes"),
    [
        ("connect.clock_skew_seconds", 60, {"nbf": NOW + 50}),
        ("connect.clock_skew_seconds", 60, {"iat": NOW + 60}),
        ("connect.assertion_seconds", 7200, {"exp": NOW + 7000}),
        ("connect.clock_skew_seconds", 60, {"shown": {"iat": NOW + 50}}),
        ("connect.dpop_proof_seconds", 600, {"shown": {"iat": NOW - 500}}),
        # One of 250 seconds ago, in spans of 300.
        ("connect.dpop_nonce_seconds", 300, {"shown": {"nonce": GIVEN}}),
    ],
)
def test_each_number_is_obeyed(
    machine: tuple[World, Application],
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    value: int,
    changes: dict[str, Any],
) -> None:
    refused = ask(*machine, **changes)
    assert refused in {"invalid_client", "invalid_dpop_proof", "use_dpop_nonce"}
    monkeypatch.setitem(numbers.NUMBERS, key, value)
    assert ask(*machine, **changes) == ("DPoP" if "shown" in changes else "Bearer")
