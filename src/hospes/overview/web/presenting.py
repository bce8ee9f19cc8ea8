"""Values of this room's pages, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from hospes.foundation.services import audit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

    from hospes.foundation.models import AuditEntry

_NOON = 12
_EVENING = 18
_MORNING = 5
# A 64-bit row id has 19 digits; 18 are always within it.
_ID_DIGITS = 18


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One entry of the activity log with its words."""

    label: str
    entry: AuditEntry


def greeting(first_name: str, now: datetime) -> str:
    """Return a greeting for the hour it is where the person is."""
    hour = timezone.localtime(now).hour
    if _MORNING <= hour < _NOON:
        return _("Good morning, %(name)s") % {"name": first_name}
    if _NOON <= hour < _EVENING:
        return _("Good afternoon, %(name)s") % {"name": first_name}
    return _("Good evening, %(name)s") % {"name": first_name}


def activity_lines(entries: Iterable[AuditEntry]) -> list[ActivityLine]:
    """Return entries as people read them."""
    return [ActivityLine(str(audit.describe(entry.action)), entry) for entry in entries]


def row_id(text: str | None) -> int | None:
    """Return a row id out of an address; None for anything that is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > _ID_DIGITS:
        return None
    return int(text)


def older_url(request: HttpRequest, older: int | None) -> str:
    """Return the address of the next page of this list, "" at its end."""
    if older is None:
        return ""
    query = request.GET.copy()
    query["before"] = str(older)
    return f"{request.path}?{query.urlencode()}"


def first_query(request: HttpRequest) -> str:
    """Return the query of the list's first page: the filters without the place in the list."""
    query = request.GET.copy()
    query.pop("before", None)
    return query.urlencode()
