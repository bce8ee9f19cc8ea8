"""Whom an API token speaks for, as the gate hands it on to what answers."""

from __future__ import annotations

from dataclasses import dataclass

# Where the gate leaves it in the WSGI environment. No header can reach this name: those are
# HTTP_… ones.
ENVIRON = "hospes.principal"


@dataclass(frozen=True, slots=True)
class Principal:
    """A live API token. What its account may do is asked anew at every request.

    ``organization_id`` is the one organization it is limited to, ``product_ids`` the only
    products it reaches; ``None`` limits neither.
    """

    token_id: int
    account_id: int
    scopes: frozenset[str]
    organization_id: int | None = None
    product_ids: frozenset[int] | None = None
