"""Two customers side by side, and every address that names one of them.

The addresses come from the URL configuration and from the API's registry, so that a new one is
tried by ``security/test_tenants_*.py`` without being named there. What it names in its path must
be in ``PAGE_PARAMETERS`` or ``API_PARAMETERS``; ``tools/check_tenants.py`` says what is not.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hospes.identity.models import Account
    from hospes.organizations.models import Membership, Organization
    from hospes.rest.routes import Route

# Rooms whose rows a refused request must leave as they are.
ROOMS = ("organizations", "catalog", "connect", "api", "status", "scim", "identity")
# Rows that any request may write: that somebody was here, and how often.
PASSING = frozenset({"identity_session", "identity_browser", "api_token"})
_PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


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
    members: dict[str, Membership]
    # What an address names, by its parameter: in pages, and in the API.
    pages: dict[str, Any] = field(default_factory=dict)
    api: dict[str, Any] = field(default_factory=dict)

    def account(self, role: str) -> Account:
        """Return the account that has this role here."""
        return self.members[role].account


ROLES = ("owner", "admin", "normal", "client")
# What may stand in an address besides the organization. Another name is a fault of
# ``tools/check_tenants.py``: give it a thing in ``make_tenant``.
PAGE_PARAMETERS = frozenset(
    ["account", "product", "tag", "team", "invitation", "asked", "directory", "webhook", "delivery"]
)
API_PARAMETERS = frozenset(["account", "user", "team", "tag", "invitation", "product", "task_uuid"])


def make_tenant(name: str) -> Tenant:
    """Make a customer with a member of each role, and one of everything."""
    from hospes.api.models import AsyncTask, Webhook, WebhookDelivery, WebhookMessage
    from hospes.foundation import clock
    from hospes.organizations.models import Grant, Invitation, InvitationList
    from hospes.scim.models import Directory
    from support import organizations, people

    now = clock.now()
    number = next(_serial)
    accounts = {
        role: people.make_account(f"{role}.{number}@{name.lower()}.example") for role in ROLES
    }
    organization = organizations.make_organization(accounts["owner"], name)
    members = {"owner": organization.memberships.select_related("account").get()}
    for role in ROLES[1:]:
        members[role] = organizations.join(organization, accounts[role], role)
    product = organizations.make_product(organization)
    tag = organization.tags.create(name="Tag")
    team = organization.teams.create(
        name="Team", name_key="team", leader=members["admin"], created_at=now, updated_at=now
    )
    Grant.objects.create(team=team, reach="all", right="technical", created_at=now)
    invitation = Invitation.objects.create(
        organization=organization,
        email=f"invited.{number}@mail.example",
        first_name="In",
        last_name="Vited",
        language="en",
        role="normal",
        token_hash=uuid.uuid4().hex * 2,
        created_by=accounts["owner"],
        created_at=now,
        expires_at=now + timedelta(days=14),
    )
    invited = InvitationList.objects.create(
        public_id=str(uuid.uuid4()),
        organization=organization,
        created_by=accounts["owner"],
        created_at=now,
        finished_at=now,
    )
    directory = Directory.objects.create(
        public_id=str(uuid.uuid4()),
        organization=organization,
        name="Directory",
        token_hash=uuid.uuid4().hex * 2,
        hint="abcd",
        created_by=accounts["owner"],
        created_at=now,
    )
    webhook = Webhook.objects.create(
        public_id=str(uuid.uuid4()),
        organization=organization,
        url=f"https://receiver.example/{number}",
        secret_sealed="",
        created_by=accounts["owner"],
        created_at=now,
        disabled_at=now,
    )
    message = WebhookMessage.objects.create(
        message_id=f"msg_{uuid.uuid4().hex}",
        organization=organization,
        event="organizations.team_created",
        body="{}",
        created_at=now,
    )
    delivery = WebhookDelivery.objects.create(webhook=webhook, message=message, created_at=now)
    task = AsyncTask.objects.create(
        uuid=str(uuid.uuid4()),
        account=accounts["owner"],
        organization=organization,
        kind="tests.nothing",
        created_at=now,
        updated_at=now,
    )
    return Tenant(
        organization,
        members,
        pages={
            "account": accounts["normal"].public_id,
            "product": product.pk,
            "tag": tag.pk,
            "team": team.pk,
            "invitation": invitation.pk,
            "asked": invited.public_id,
            "directory": directory.public_id,
            "webhook": webhook.public_id,
            "delivery": delivery.pk,
        },
        api={
            "account": organization.pk,
            "user": accounts["normal"].pk,
            "team": team.pk,
            "tag": tag.pk,
            "invitation": invitation.pk,
            "product": product.pk,
            "task_uuid": task.uuid,
        },
    )


def api_routes() -> list[Route]:
    """Return every endpoint that reads or writes what belongs to somebody."""
    from hospes.rest import registry

    return [route for route in registry.routes() if route.scope is not None or route.is_async]


def api_path(route: Route, values: dict[str, Any]) -> str:
    """Return the address of an endpoint, with those things in it."""
    path = re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), route.plain_path)
    return f"/{route.version}{path}"


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
