"""The loads: what is prepared, what is sent, and what a right answer holds."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bench.load import Request
from bench.ours import CALLBACK
from bench.proofs import ASSERTION, PROOF, SENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERIFIER = "correct-horse-battery-staple-correct-horse-battery"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


class Target(Protocol):
    """A provider under load.

    ``lacking`` says of a scenario why the provider cannot do it; ``instead`` names another client
    of it for a scenario, and says what that changes.
    """

    name: str
    storage: str

    @property
    def paths(self) -> Mapping[str, str]:
        """Return its addresses: ``token``, ``introspect``, ``userinfo``."""

    @property
    def lacking(self) -> Mapping[str, str]:
        """Return the reason for each scenario that it cannot do."""

    @property
    def instead(self) -> Mapping[str, tuple[str, str]]:
        """Return client and remark for each scenario that it does otherwise."""

    @property
    def url(self) -> str:
        """Return where it answers."""

    def versions(self) -> str:
        """Return what exactly is measured."""

    def start(self) -> None:
        """Serve."""

    def stop(self) -> None:
        """End, and remove the data."""

    def client(self, name: str) -> tuple[str, str]:
        """Return id and secret of the client ``name``."""

    def prepare(self, kind: str, name: str, count: int, file: Path, challenge: str) -> None:
        """Make ``count`` codes or tokens of the client ``name``; write them to ``file``."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """``kind`` is what is prepared and sent, ``client`` the application that sends it."""

    title: str
    kind: str
    client: str
    path: str
    body: str
    wanted: tuple[str, ...]
    once: bool = False


CODE = f"grant_type=authorization_code&code={{}}&redirect_uri={CALLBACK}&code_verifier={VERIFIER}"
REFRESH = "grant_type=refresh_token&refresh_token={}"
ISSUED = ('"access_token":', '"id_token":')
SCENARIOS = {
    "client_credentials": Scenario(
        "client credentials", "", "machine", "token",
        "grant_type=client_credentials", ('"access_token":',),
    ),
    "private_key_jwt": Scenario(
        "client credentials, private_key_jwt", ASSERTION, "keyed", "token",
        f"grant_type=client_credentials&{SENT}", ('"access_token":',), once=True,
    ),
    "dpop": Scenario(
        "client credentials, DPoP", PROOF, "machine", "token",
        "grant_type=client_credentials", ('"access_token":', '"DPoP"'), once=True,
    ),
    "code_es256": Scenario(
        "code, ES256 ID token", "code", "ES256", "token", CODE, ISSUED, once=True
    ),
    "code_rs256": Scenario(
        "code, RS256 ID token", "code", "RS256", "token", CODE, ISSUED, once=True
    ),
    "refresh": Scenario(
        "refresh, ES256 ID token", "refresh", "ES256", "token", REFRESH,
        (*ISSUED, '"refresh_token":'), once=True,
    ),
    "introspection": Scenario(
        "introspection", "access", "RS256", "introspect", "token={}", ('"active":%s*true',)
    ),
    "userinfo": Scenario("userinfo", "access", "RS256", "userinfo", "", ('"sub":', '"email":')),
}  # fmt: skip


def scenario_for(name: str, target: Target) -> Scenario:
    """Return the scenario ``name`` as ``target`` does it."""
    scenario = SCENARIOS[name]
    if name in target.instead:
        return replace(scenario, client=target.instead[name][0])
    return scenario


def request_for(scenario: Scenario, target: Target) -> Request:
    """Return what ``wrk`` sends to ``target``."""
    path = target.paths[scenario.path]
    if scenario.path == "userinfo":
        return Request("GET", path, "Bearer {}", "", scenario.once, scenario.wanted)
    if scenario.kind == ASSERTION:
        return Request("POST", path, "", scenario.body, scenario.once, scenario.wanted)
    pair = ":".join(target.client(scenario.client)).encode()
    basic = "Basic " + base64.b64encode(pair).decode()
    proof = "{}" if scenario.kind == PROOF else ""
    return Request("POST", path, basic, scenario.body, scenario.once, scenario.wanted, proof)
