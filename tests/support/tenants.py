"""Two customers side by side, and every address that names one of them.

The addresses come from the URL configuration and from the API's registry, so that a new one is
tried by ``security/test_tenants_*.py`` without being named there. What it names in its path must
be known to ``Tenant.value``; ``tools/check_tenants.py`` says where it is not.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hospes.identity.models import Account
    from hospes.organizations.models import Membership, Organization

# Rooms whose rows a refused request must leave as they are.
ROOMS = ("organizations", "catalog", "connect", "api", "scim", "identity")
# Rows that any request may write: that somebody was here, and how often.
PASSING = frozenset({"identity_session", "identity_browser", "api_token"})
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")

# Pages of an organization that its members may open or send without leading it, by name; whoever
# is not named is refused. "client" are external users, "normal" collaborators.
OPEN_TO: dict[str, frozenset[str]] = {}
_ALL = frozenset({"normal", "client"})
_INSIDE = frozenset({"normal"})


def opens(names: str, roles: frozenset[str]) -> None:
    """Note that pages are open to members of these roles, who do not lead."""
    OPEN_TO.update(dict.fromkeys(names.split(), roles))


@dataclass(frozen=True, slots=True)
class PageRoute:
    """An address of the page plane that names an organization."""

    name: str
    pattern: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return what it names besides the organization."""
        named = [match["name"] for match in _PARAMETER.finditer(self.pattern)]
        return tuple(name for name in named if name != "organization")

    def of(self, organization: Organization, values: dict[str, Any]) -> str:
        """Return the address with an organization and things in it."""
        known = {**values, "organization": organization.public_id}
        return "/" + _PARAMETER.sub(lambda match: str(known[match["name"]]), self.pattern)

    def __str__(self) -> str:
        return self.name


def page_routes() -> list[PageRoute]:
    """Return every address that names an organization, by name."""
    found = [
        PageRoute(name, pattern)
        for name, pattern in _patterns(get_resolver().url_patterns, "")
        if "<uuid:organization>" in pattern
    ]
    return sorted(found, key=lambda route: route.name)


def _patterns(entries: list[Any], prefix: str) -> Iterator[tuple[str, str]]:
    for entry in entries:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, pattern)
        elif isinstance(entry, URLPattern):
            yield entry.name or "", pattern


@dataclass
class Tenant:
    """One customer with one of everything that it can have."""

    organization: Organization
    owner: Account
    members: dict[str, Membership]
    values: dict[str, Any] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        """Return the account that has this role here."""
        return self.members[role].account


def snapshot() -> str:
    """Return what all rows say, in short: it changes with any of them."""
    digest = hashlib.sha256()
    tables = sorted(
        model._meta.db_table
        for room in ROOMS
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model._meta.db_table not in PASSING
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            digest.update(repr((table, rows)).encode())
    return digest.hexdigest()


_serial = itertools.count(1)
