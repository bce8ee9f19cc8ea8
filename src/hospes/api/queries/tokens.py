"""What the tokens page reads: an account's tokens, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from hospes.api.models import ApiToken
from hospes.foundation import clock, numbers
from hospes.kit.api_token_states import DAY, State, Times, state

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from hospes.identity.models import Account

MOST_WORDS = 10


@dataclass(frozen=True, slots=True)
class TokenFilter:
    """``state`` is one of ``State`` or "" for all; every word must occur."""

    state: str = ""
    words: str = ""


def state_of(token: ApiToken) -> State:
    """Return what state a token is in now."""
    times = Times(
        token.created_at,
        token.last_used_at,
        token.expires_at,
        token.deactivated_at,
        token.revoked_at,
    )
    return state(times, now=clock.timestamp(), unused_days=numbers.get("api.token_unused_days"))


def tokens_of(account: Account, chosen: TokenFilter | None = None) -> QuerySet[ApiToken]:
    """Return an account's tokens, the newest first, with ``products_count``."""
    found = (
        ApiToken.objects.filter(account=account)
        .select_related("organization")
        .annotate(products_count=Count("products"))
        .order_by("-created_at", "-pk")
    )
    if chosen is None:
        return found
    if chosen.state:
        found = found.filter(_in_state(State(chosen.state)))
    for word in chosen.words.split()[:MOST_WORDS]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(hint__icontains=word)
            | Q(scope__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(last_used_ip__icontains=word)
        )
    return found


def chosen_of(account: Account, ids: Collection[int]) -> QuerySet[ApiToken]:
    """Return those of ``ids`` that are the account's own and not revoked yet, by name."""
    return ApiToken.objects.filter(account=account, pk__in=ids, revoked_at=None).order_by(
        "name", "pk"
    )


def not_revoked(account: Account) -> QuerySet[ApiToken]:
    """Return the account's tokens that revoking would change, by name."""
    return ApiToken.objects.filter(account=account, revoked_at=None).order_by("name", "pk")


def product_names(token_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the products that tokens are limited to: one statement."""
    found: dict[int, list[str]] = {}
    rows = (
        ApiToken.products.through.objects.filter(apitoken_id__in=token_ids)
        .order_by("product__internal_name", "pk")
        .values_list(
            "apitoken_id", "product__customer_name", "product__fqdn", "product__internal_name"
        )
    )
    for token_id, customer_name, fqdn, internal_name in rows:
        found.setdefault(token_id, []).append(customer_name or fqdn or internal_name)
    return found


def by_hash(token_hash: str) -> ApiToken | None:
    """Return the token of a hash, with whose it is."""
    return (
        ApiToken.objects.select_related("account", "organization")
        .filter(token_hash=token_hash)
        .first()
    )


def export(account: Account) -> list[dict[str, Any]]:
    """Return what a copy of the account's data tells of its tokens; never a token."""
    return [
        {
            "name": token.name,
            "ends_with": token.hint,
            "scopes": token.scope.split(),
            "organization": token.organization.name if token.organization else None,
            "networks": token.networks.split(),
            "state": state_of(token).value,
            "created_at": _moment(token.created_at),
            "created_from": token.created_ip,
            "expires_at": _moment(token.expires_at),
            "last_used_at": _moment(token.last_used_at),
            "last_used_from": token.last_used_ip,
        }
        for token in tokens_of(account)
    ]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _in_state(wanted: State) -> Q:
    """Match what ``api_token_states.state`` gives; a test holds the two together."""
    now = clock.timestamp()
    cutoff = now - numbers.get("api.token_unused_days") * DAY
    silent = Q(last_used_at__lte=cutoff) | Q(last_used_at=None, created_at__lte=cutoff)
    revoked, off = Q(revoked_at__isnull=False), Q(deactivated_at__isnull=False)
    expired = Q(expires_at__isnull=False, expires_at__lte=now)
    match wanted:
        case State.REVOKED:
            return revoked
        case State.EXPIRED:
            return ~revoked & ~off & expired
        case State.INACTIVE:
            return ~revoked & (off | (~expired & silent))
        case State.ACTIVE:
            return ~revoked & ~off & ~expired & ~silent


def silent_between(after: int | None, until: int) -> QuerySet[ApiToken]:
    """Return tokens, alive but for this, that were used last (else made) in that span.

    ``after`` is outside of it and ``until`` within; None is no beginning.
    """
    found = ApiToken.objects.annotate(seen=Coalesce(F("last_used_at"), F("created_at"))).filter(
        Q(expires_at=None) | Q(expires_at__gt=clock.timestamp()),
        seen__lte=until,
        revoked_at=None,
        deactivated_at=None,
    )
    return found if after is None else found.filter(seen__gt=after)
