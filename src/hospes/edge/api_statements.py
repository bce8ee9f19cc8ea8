"""The statements of the API's gate, and the values they give back.

The tables belong to Django's migrations; a test runs each statement on both databases. Instants
are whole seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.edge.connections import Step
from hospes.kit.api_token_states import Times

if TYPE_CHECKING:
    from hospes.edge.connections import Connection

# One row, or one for each product where the token is limited to some. Whether the account still
# belongs to the token's organization is seen here, so nothing outlives a removal.
BEARER = """
    SELECT t.id, t.account_id, t.scope, t.networks, t.organization_id, m.id, t.only_products,
           p.product_id, t.created_at, t.last_used_at, t.expires_at, t.deactivated_at,
           t.revoked_at, a.state
    FROM api_token t
    JOIN identity_account a ON a.id = t.account_id
    LEFT JOIN organizations_membership m
      ON m.organization_id = t.organization_id AND m.account_id = t.account_id
    LEFT JOIN api_token_product p ON t.only_products AND p.apitoken_id = t.id
    WHERE t.token_hash = ?"""

# Several at once write one; a token that has just been switched off stays so.
USE_BEARER = """
    UPDATE api_token SET last_used_at = ?, last_used_ip = ?, warned_at = NULL
    WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)
      AND deactivated_at IS NULL AND revoked_at IS NULL"""

ALL = {
    name: value
    for name, value in sorted(globals().items())
    if name.isupper() and isinstance(value, str)
}


@dataclass(frozen=True, slots=True)
class ApiTokenRow:
    """A token as loaded. ``product_ids`` is None where it is not limited to products."""

    token_id: int
    account_id: int
    scope: str
    networks: str
    organization_id: int | None
    is_member: bool
    product_ids: frozenset[int] | None
    times: Times
    account_state: str


def api_token(connection: Connection, token_hash: str) -> ApiTokenRow | None:
    """Load a token with all that decides whether it holds."""
    rows = connection.rows(BEARER, token_hash)
    if not rows:
        return None
    (
        token_id, account_id, scope, networks, organization_id, membership_id, only_products, _,
        created_at, last_used_at, expires_at, deactivated_at, revoked_at, account_state,
    ) = rows[0]  # fmt: skip
    products = None
    if only_products:
        products = frozenset(row[7] for row in rows if row[7] is not None)
    return ApiTokenRow(
        token_id,
        account_id,
        scope,
        networks,
        organization_id,
        membership_id is not None,
        products,
        Times(created_at, last_used_at, expires_at, deactivated_at, revoked_at),
        account_state,
    )


def use(token_id: int, *, now: int, address: str, before: int) -> Step:
    """Note a use; it touches no row where one was noted after ``before``."""
    return Step(USE_BEARER, (now, address, token_id, before))
