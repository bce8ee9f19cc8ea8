"""API tokens in words, for the pages and the spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from hospes.api.domain.tokens import shown_network
from hospes.api.queries import tokens as queries
from hospes.kit.api_token_states import State
from hospes.rest import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

    from hospes.api.models import ApiToken

STATES: dict[State, tuple[StrOrPromise, str]] = {
    State.ACTIVE: (_("Active"), "success"),
    State.EXPIRED: (_("Expired"), "neutral"),
    State.INACTIVE: (_("Inactive"), "warning"),
    State.REVOKED: (_("Revoked"), "danger"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One token as a list shows it."""

    token: ApiToken
    state: State
    label: StrOrPromise
    badge: str
    scopes: list[str]
    products: list[str]
    networks: list[str]
    created: datetime | None
    used: datetime | None
    expires: datetime | None

    @property
    def can_be_revoked(self) -> bool:
        """Return whether revoking it would change anything."""
        return self.state is not State.REVOKED


def lines(tokens: Sequence[ApiToken]) -> list[Line]:
    """Return the tokens in words: one statement more, however many they are."""
    limited = [token.pk for token in tokens if token.only_products]
    products = queries.product_names(limited) if limited else {}
    return [_line(token, products.get(token.pk, [])) for token in tokens]


def instant(seconds: int | None) -> datetime | None:
    """Return a column's whole seconds as the aware time that templates show."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _line(token: ApiToken, products: list[str]) -> Line:
    state = queries.state_of(token)
    label, badge = STATES[state]
    return Line(
        token,
        state,
        label,
        badge,
        scopes=scope_words(token.scope),
        products=products,
        networks=[shown_network(each) for each in token.networks.split()],
        created=instant(token.created_at),
        used=instant(token.last_used_at),
        expires=instant(token.expires_at),
    )


def scope_words(scope: str) -> list[str]:
    """Return what a token may, in words; a scope that no room has any more by its name."""
    known = {each.name: each for each in registry.scopes()}
    names = scope.split()
    ordered = [each.name for each in registry.scopes() if each.name in names]
    gone = [name for name in names if name not in known]
    return [str(known[name].label) for name in ordered] + gone
