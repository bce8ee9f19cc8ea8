"""Every endpoint, called by those whom it is not for.

The endpoints come from the registry: a new one is tried here without being named.
"""

from __future__ import annotations

import pytest

from hospes.api.models import ApiToken
from hospes.foundation import clock
from hospes.rest import registry
from support import organizations, tenants
from support.api_tokens import Program, make_token

ROUTES = tenants.api_routes()
ABOUT_AN_ORGANIZATION = [
    route for route in ROUTES if set(route.kinds) & {"account", "product", "task_uuid"}
]
EVERY_SCOPE = [scope.name for scope in registry.scopes()]
# Whoever holds nothing finds empty lists there, or himself.
OPEN_TO_CLIENTS = {"accounts:read", "products:read"}


@pytest.fixture
def house():
    return tenants.make_tenant("House")


def call(account, route, values, scopes=None, **limits):
    scopes = EVERY_SCOPE if scopes is None else scopes
    program = Program(make_token(account, scopes=scopes, **limits))
    return program.request(route.method, tenants.api_path(route, values), json={})


@pytest.mark.parametrize("route", ABOUT_AN_ORGANIZATION, ids=lambda route: route.name)
def test_a_stranger_finds_nothing(route, house):
    stranger = tenants.make_tenant("Elsewhere").account("owner")
    before = tenants.snapshot()

    assert call(stranger, route, house.api).status_code in {404, 422}
    # A body that is not whole is told before it is looked at whose thing it is; nothing else is.
    assert tenants.snapshot() == before


@pytest.mark.parametrize("route", ABOUT_AN_ORGANIZATION, ids=lambda route: route.name)
def test_a_token_for_another_organization_finds_nothing(route, house):
    owner = house.account("owner")
    other = organizations.make_organization(owner, "Other")
    before = tenants.snapshot()

    answer = call(owner, route, house.api, organization=other)
    assert answer.status_code in {404, 422}, answer.text
    assert tenants.snapshot() == before


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_scope_too_few_is_named(route, house):
    scopes = [name for name in EVERY_SCOPE if name != route.scope]
    before = tenants.snapshot()

    answer = call(house.account("owner"), route, house.api | KNOWN, scopes)
    assert answer.status_code == 403, answer.text
    assert route.scope in answer.json()["error"]["description"]
    assert tenants.snapshot() == before


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_revoked_token_opens_nothing(route, house):
    token = make_token(house.account("owner"), scopes=EVERY_SCOPE)
    ApiToken.objects.update(revoked_at=clock.timestamp())
    before = tenants.snapshot()

    program = Program(token)
    answer = program.request(route.method, tenants.api_path(route, house.api | KNOWN), json={})
    assert answer.status_code == 401
    assert tenants.snapshot() == before


@pytest.mark.parametrize(
    "route",
    [route for route in ABOUT_AN_ORGANIZATION if route.method != "GET"],
    ids=lambda route: route.name,
)
@pytest.mark.parametrize("role", ["normal", "client"])
def test_members_who_do_not_lead_change_nothing(route, role, house):
    before = tenants.snapshot()

    answer = call(house.account(role), route, house.api)
    assert answer.status_code in {403, 404, 422}, answer.text
    assert tenants.snapshot() == before


# What addresses of one's own profile name.
KNOWN = {"email_type": "primary", "email_id": 1, "phone_id": 1, "password_id": 1}
