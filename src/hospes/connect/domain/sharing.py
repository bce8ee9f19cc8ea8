"""How much of a person the owner of an application sees in its log."""

from __future__ import annotations

from dataclasses import dataclass

from hospes.connect.domain.scopes import split


@dataclass(frozen=True, slots=True)
class Shared:
    """Whether name and e-mail address are shown; without them the subject ID is."""

    name: bool = False
    email: bool = False


def shared(consented: str) -> Shared:
    """Return what is shown of somebody who allows the application ``consented`` now.

    What was allowed once and taken back is shown no longer.
    """
    scopes = split(consented)
    return Shared(name="profile" in scopes, email="email" in scopes)
