from __future__ import annotations

from types import SimpleNamespace

import pytest

ALL = (
    "accounts:read",
    "accounts:write",
    "products:read",
    "products:write",
)


@pytest.fixture
def house(make_account):
    """Return an organization with a member of each role and two products, and a stranger."""
    from support.organizations import join, make_organization, make_product, make_service

    people = {
        role: make_account(f"{role}@house.example", first_name=role.title(), last_name="Haus")
        for role in ("owner", "admin", "normal", "client")
    }
    organization = make_organization(people["owner"], "Haus AG")
    members = {"owner": organization.memberships.get()}
    for role in ("admin", "normal", "client"):
        members[role] = join(organization, people[role], role)
    hosting, domain = make_service("web-hosting"), make_service("domain")
    stranger = make_account("stranger@elsewhere.example")
    elsewhere = make_organization(stranger, "Elsewhere")
    return SimpleNamespace(
        organization=organization,
        people=people,
        members=members,
        hosting=hosting,
        domain=domain,
        shop=make_product(organization, hosting, "h-1", customer_name="Shop"),
        name=make_product(organization, domain, "d-1", fqdn="haus.example"),
        stranger=stranger,
        elsewhere=elsewhere,
        foreign=make_product(elsewhere, hosting, "h-2"),
    )


@pytest.fixture
def api(house):
    """Return a function that gives a client for a person of the house, by role."""
    from support.api import Api

    def client(role="owner", *scopes, **limits):
        account = house.stranger if role == "stranger" else house.people[role]
        return Api(account, *(scopes or ALL), **limits)

    return client
