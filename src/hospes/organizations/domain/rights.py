"""Rights on products: what a grant reaches, and what a person may do by all of theirs.

A person's rights are the union of what their role gives, what they were granted themselves and
what their work teams were granted. Nothing takes a right away but the end of what gave it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Right = Literal["technical", "statistic", "check", "sale"]
# In the order in which people are shown them.
RIGHTS: tuple[Right, ...] = ("technical", "statistic", "check", "sale")
# Roles that have every right on every product of their organization.
LEADING_ROLES = frozenset({"owner", "admin"})
# A 64-bit key has 19 digits; 18 are always within it.
_WORD = re.compile(r"(service|product):([1-9][0-9]{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """What a grant reaches: everything, every product of one service, or one product.

    The first two reach products that are yet to come. ``id`` is the key of the service or of the
    product, 0 for everything.
    """

    kind: Literal["all", "service", "product"] = "all"
    id: int = 0

    @property
    def word(self) -> str:
        """Return it in one word, as it is stored: "all", "service:7" or "product:42"."""
        return self.kind if self.kind == "all" else f"{self.kind}:{self.id}"

    def covers(self, thing: Thing) -> bool:
        """Return whether it reaches ``thing``; whose grant it is, is another question."""
        if self.kind == "all":
            return True
        return self.id == (thing.service_id if self.kind == "service" else thing.product_id)


EVERYTHING = Reach()


def service(service_id: int) -> Reach:
    """Return what reaches every product of a service, future ones too."""
    return Reach("service", service_id)


def product(product_id: int) -> Reach:
    """Return what reaches one product."""
    return Reach("product", product_id)


def reach(word: str) -> Reach | None:
    """Read a reach as it is stored or sent; None for any other text."""
    if word == EVERYTHING.word:
        return EVERYTHING
    read = _WORD.fullmatch(word)
    if read is None:
        return None
    return (service if read[1] == "service" else product)(int(read[2]))


def is_right(word: str) -> bool:
    """Return whether ``word`` names a right."""
    return word in RIGHTS


@dataclass(frozen=True, slots=True)
class Thing:
    """A product, as far as rights go."""

    organization_id: int
    service_id: int
    product_id: int

    @property
    def reaches(self) -> tuple[str, str, str]:
        """Return, in words, every reach that covers it."""
        return EVERYTHING.word, service(self.service_id).word, product(self.product_id).word


@dataclass(frozen=True, slots=True)
class Person:
    """A member, as far as rights go, with the keys of the teams they are in."""

    organization_id: int
    membership_id: int
    role: str
    teams: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class GrantView:
    """A grant as it is stored: held by a team (which has a name) or by a member."""

    organization_id: int
    holder: Literal["team", "member"]
    holder_id: int
    reach: Reach
    right: str
    holder_name: str = ""

    def is_held_by(self, person: Person) -> bool:
        """Return whether the grant is this person's, directly or through a team."""
        if self.organization_id != person.organization_id:
            return False
        if self.holder == "team":
            return self.holder_id in person.teams
        return self.holder_id == person.membership_id


@dataclass(frozen=True, slots=True)
class Why:
    """One thing that gives a right: a role, or a grant."""

    role: str = ""
    grant: GrantView | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person may do on a product; of each right everything that gives it."""

    reasons: dict[str, tuple[Why, ...]]

    @property
    def rights(self) -> frozenset[str]:
        """Return the rights there are."""
        return frozenset(self.reasons)

    def allows(self, right: str) -> bool:
        """Return whether the right is there."""
        return right in self.reasons


def decide(person: Person, thing: Thing, grants: Iterable[GrantView]) -> Decision:
    """Return what ``person`` may do on ``thing``, of ``grants`` that need not all be theirs.

    The order of ``grants`` changes only the order of the reasons.
    """
    if person.organization_id != thing.organization_id:
        return Decision({})
    found: dict[str, list[Why]] = {right: [] for right in RIGHTS}
    if person.role in LEADING_ROLES:
        for reasons in found.values():
            reasons.append(Why(role=person.role))
    for grant in grants:
        if grant.right in found and grant.is_held_by(person) and grant.reach.covers(thing):
            found[grant.right].append(Why(grant=grant))
    return Decision({right: tuple(reasons) for right, reasons in found.items() if reasons})


def lost(
    ending: Iterable[GrantView], staying: Iterable[GrantView], services: Mapping[int, int]
) -> tuple[GrantView, ...]:
    """Return what of ``ending`` nothing of ``staying`` gives, both one person's.

    ``services`` tells the service of each product that ``ending`` names.
    """
    kept = {(grant.right, grant.reach) for grant in staying}

    def stays(grant: GrantView) -> bool:
        wider = {EVERYTHING, grant.reach}
        if grant.reach.kind == "product" and grant.reach.id in services:
            wider.add(service(services[grant.reach.id]))
        return any((grant.right, reach) in kept for reach in wider)

    return tuple(grant for grant in ending if not stays(grant))
