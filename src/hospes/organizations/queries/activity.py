"""Reads of an organization's lines in the audit log."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat

from hospes.catalog.models import Service
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.organizations.domain.rights import product, reach, service
from hospes.organizations.models import Product

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from hospes.organizations.models import Organization

PAGE = 50
CHUNK = 500
MOST_WORDS = 10
RIGHTS_CHANGED = "organizations.grants_changed"
KINDS = ("product", "service")


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What to show. ``person`` is part of a name or address; the days are those of ``zone``."""

    words: str = ""
    person: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    zone: str = "UTC"

    @property
    def narrows(self) -> bool:
        """Return whether anything is left out."""
        return bool(self.words or self.person or self.action or self.since or self.until)


def entries(organization: Organization, chosen: ActivityFilter) -> QuerySet[AuditEntry]:
    """Return what was done in the organization, newest first."""
    mine = AuditEntry.objects.filter(organization_id=organization.pk)
    found = mine.order_by("-pk")
    if chosen.action:
        found = found.filter(action=chosen.action)
    if chosen.person:
        found = found.filter(_by(mine, chosen.person))
    words = chosen.words.split()[:MOST_WORDS]
    if words:
        found = found.annotate(told=Cast("detail", TextField()))
    for word in words:
        found = found.filter(
            Q(told__icontains=word)
            | Q(target__icontains=word)
            | Q(action__icontains=word)
            | Q(ip__startswith=word)
            | _by(mine, word)
        )
    zone = zoneinfo.ZoneInfo(chosen.zone)
    if chosen.since:
        found = found.filter(at__gte=datetime.combine(chosen.since, time.min, tzinfo=zone))
    if chosen.until and chosen.until < date.max:
        after = datetime.combine(chosen.until + timedelta(days=1), time.min, tzinfo=zone)
        found = found.filter(at__lt=after)
    return found


def _by(mine: QuerySet[AuditEntry], text: str) -> Q:
    """Match entries by who acted: only people who did something here are searched."""
    actors = mine.filter(actor_account_id__isnull=False).order_by().values("actor_account_id")
    people = Account.objects.filter(pk__in=actors.distinct()).annotate(
        whole=Concat("first_name", Value(" "), "last_name")
    )
    wanted = people.filter(Q(whole__icontains=text) | Q(email__icontains=text))
    return Q(actor_account_id__in=wanted.values("pk"))


def page(
    organization: Organization,
    chosen: ActivityFilter,
    *,
    before: int | None = None,
    size: int = PAGE,
) -> tuple[list[AuditEntry], int | None]:
    """Return one page and the mark of the next one (None: there is none): one query."""
    found = entries(organization, chosen)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


def whole(organization: Organization, chosen: ActivityFilter) -> Iterator[list[AuditEntry]]:
    """Yield the log in pieces, newest first."""
    before: int | None = None
    while True:
        rows, before = page(organization, chosen, before=before, size=CHUNK)
        yield rows
        if before is None:
            return


def people_in(rows: Iterable[AuditEntry]) -> dict[int, Account]:
    """Return who acted and on whom, members or not any longer, by row id: one query."""
    wanted = {key for row in rows for key in (row.actor_account_id, row.subject_account_id) if key}
    return Account.objects.in_bulk(wanted)


def reached_in(
    organization: Organization, rows: Iterable[AuditEntry]
) -> dict[str, Product | Service]:
    """Return what changed rights reach, by the words of the log: two queries at most."""
    told = {
        reach(text.partition(" ")[2])
        for row in rows
        if row.action == RIGHTS_CHANGED
        for name in ("added", "removed")
        for text in row.detail.get(name, [])
    }
    keys = {kind: {each.id for each in told if each and each.kind == kind} for kind in KINDS}
    products = Product.objects.filter(organization=organization).in_bulk(keys["product"])
    services = Service.objects.in_bulk(keys["service"])
    return {
        **{product(key).word: found for key, found in products.items()},
        **{service(key).word: found for key, found in services.items()},
    }


def actions_in(organization: Organization) -> list[str]:
    """Return which actions the organization's log holds: one query, answered by an index."""
    found = AuditEntry.objects.filter(organization_id=organization.pk).order_by()
    return sorted(found.values_list("action", flat=True).distinct())
