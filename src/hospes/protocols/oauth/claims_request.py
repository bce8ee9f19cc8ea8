"""The ``claims`` parameter: single claims asked for, and where (OpenID Connect Core §5.5).

``read`` is strict: what it takes is kept in one form, and the token and userinfo endpoints read
that form with ``stored``. What is not known is left out, as §5.5 asks.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hospes.protocols.oauth import scopes
from hospes.protocols.oauth.id_token import ACR_VALUES

if TYPE_CHECKING:
    from collections.abc import Mapping

MAXIMUM_LENGTH = 4000
MAXIMUM_DEPTH = 8
# Which scope opens which claim; what the ID token alone can tell beside them.
SCOPE_OF = {claim: scope for scope, names in scopes.CLAIMS.items() for claim in names}
SECTIONS: dict[str, frozenset[str]] = {
    "id_token": frozenset({*SCOPE_OF, "acr", "auth_time"}),
    "userinfo": frozenset(SCOPE_OF),
}
# Values of other claims change nothing: what is true is told.
_VALUED = frozenset({"sub", "acr"})
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class UnreadableError(ValueError):
    """The text is no claims request. ``faults`` says everything that is wrong, in ASCII."""

    def __init__(self, *faults: str) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True, slots=True)
class Asked:
    """One claim. ``values`` is ``()`` where any value will do; ``sub`` and ``acr`` have some."""

    name: str
    essential: bool = False
    values: tuple[str, ...] = ()

    @property
    def form(self) -> dict[str, object] | None:
        """Return the claim's request as JSON has it."""
        told: dict[str, object] = {"essential": True} if self.essential else {}
        return (told | {"values": list(self.values)} if self.values else told) or None


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """What is asked for, known claims only, by name."""

    id_token: tuple[Asked, ...] = ()
    userinfo: tuple[Asked, ...] = ()

    @property
    def text(self) -> str:
        """Return the one form that is stored, ``""`` where nothing known is asked for."""
        told = {
            section: {each.name: each.form for each in asked}
            for section, asked in (("id_token", self.id_token), ("userinfo", self.userinfo))
            if asked
        }
        return json.dumps(told, separators=(",", ":"), sort_keys=True) if told else ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return the scopes that hold what is asked for, in our order."""
        held = {SCOPE_OF.get(each.name) for each in (*self.id_token, *self.userinfo)}
        return tuple(scope for scope in scopes.SUPPORTED if scope in held)

    @property
    def acr(self) -> tuple[str, ...]:
        """Return the contexts one of which must be met, ``()`` where none must (§5.5.1.1)."""
        found = (each.values for each in self.id_token if each.name == "acr" and each.essential)
        return next(found, ())

    def means(self, subject: str) -> bool:
        """Return whether the request is for that person: ``sub`` with a value names one."""
        named = [
            each.values
            for each in (*self.id_token, *self.userinfo)
            if each.name == "sub" and each.values
        ]
        return all(subject in values for values in named)


@dataclass(frozen=True, slots=True)
class Told:
    """What a stored request adds to each answer: names of claims, and the contexts demanded."""

    id_token: tuple[str, ...] = ()
    userinfo: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()


def read(text: str) -> ClaimsRequest:
    """Read the parameter.

    Raises:
        UnreadableError: on anything that is not a request in the form of §5.5, and on one that
            is too long or too deep.

    """
    if len(text) > MAXIMUM_LENGTH:
        raise UnreadableError(f"claims is longer than {MAXIMUM_LENGTH} characters")
    if _depth(text) > MAXIMUM_DEPTH:
        raise UnreadableError(f"claims is nested deeper than {MAXIMUM_DEPTH} levels")
    try:
        sent = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except UnreadableError:
        raise
    except ValueError:
        raise UnreadableError("claims is not JSON") from None
    if not isinstance(sent, dict):
        raise UnreadableError("claims must be a JSON object")
    faults: list[str] = []
    found = {name: _section(name, sent.get(name, {}), faults) for name in SECTIONS}
    if faults:
        raise UnreadableError(*faults)
    return ClaimsRequest(**found)


def stored(text: str) -> Told:
    """Read what ``ClaimsRequest.text`` wrote."""
    sections = json.loads(text)
    id_token = sections.get("id_token", {})
    acr = id_token.get("acr") or {}
    return Told(
        # ``sub`` is told anyway, as is ``auth_time``.
        id_token=tuple(name for name in id_token if name in SCOPE_OF and name != "sub"),
        userinfo=tuple(sections.get("userinfo", {})),
        acr=tuple(acr.get("values", ())) if acr.get("essential") else (),
    )


def acr_met(demanded: tuple[str, ...], actual: str) -> str:
    """Return which of the demanded contexts the sign-in meets best, ``""`` for none.

    Two factors are also one: whoever demands the lower context is told that.
    """
    met = [value for value in ACR_VALUES if value in demanded and value <= actual]
    return max(met, default="")


def id_token_claims(
    told: Told, person: scopes.Person | None, *, actual_acr: str
) -> dict[str, object]:
    """Return what a request adds to an ID token; it replaces ``acr`` where one was demanded."""
    added = scopes.named(told.id_token, person) if person else {}
    met = acr_met(told.acr, actual_acr)
    return added | {"acr": met} if met else added


def _depth(text: str) -> int:
    """Return how deep a JSON text is nested, so that no parser need descend to find out."""
    deepest = depth = 0
    for char in _STRING.sub("", text):
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise UnreadableError("claims names a member twice")
    return made


def _refuse(_constant: str) -> None:
    raise UnreadableError("claims is not JSON")


def _section(section: str, sent: object, faults: list[str]) -> tuple[Asked, ...]:
    if not isinstance(sent, dict):
        faults.append(f"claims.{section} must be an object")
        return ()
    if not all(asked is None or isinstance(asked, dict) for asked in sent.values()):
        # Unknown names are not repeated: they could hold anything.
        faults.append(f"every claim in claims.{section} must be null or an object")
        return ()
    known = sorted(SECTIONS[section].intersection(sent))
    return tuple(_asked(f"claims.{section}.{name}", name, sent[name] or {}, faults)
                 for name in known)  # fmt: skip


def _asked(path: str, name: str, sent: Mapping[str, Any], faults: list[str]) -> Asked:
    essential = sent.get("essential", False)
    if not isinstance(essential, bool):
        faults.append(f"{path}.essential must be true or false")
    if "value" in sent and "values" in sent:
        faults.append(f"{path} has both value and values")
    values = sent.get("values", [sent["value"]] if "value" in sent else None)
    if "values" in sent and (not isinstance(values, list) or not values):
        faults.append(f"{path}.values must be a list with something in it")
    elif values is not None and name in _VALUED:
        if not all(isinstance(value, str) and value for value in values):
            faults.append(f"{path} can only have texts as values")
        else:
            return Asked(name, essential is True, tuple(dict.fromkeys(values)))
    return Asked(name, essential is True)
