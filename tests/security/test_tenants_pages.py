"""Every page of an organization, opened and sent by those whom it is not for.

The pages come from the URL configuration: a new one is tried here without being named.
"""

from __future__ import annotations

import pytest

from support import organizations, people, tenants

ROUTES = tenants.page_routes()
# Pages that members may open who do not lead: "normal" are collaborators, "client" externals.
# Sent with an empty form, none of them changes anything either.
OPEN_TO = {
    "leave_organization": ("normal", "client"),
    "members": ("normal",),
    "member": ("normal",),
    "organization_settings": ("normal",),
    "product": ("normal", "client"),
    "products": ("normal", "client"),
    "products_csv": ("normal", "client"),
    "team": ("normal", "client"),
    "teams": ("normal", "client"),
    "teams_csv": ("normal", "client"),
}
# Pages about somebody that this very person may open.
# The form of one of them is about oneself: sent empty, it ticks everything off.
OWN_FORM = "member_mails"
OWN = {"member", "member_mails", "access_member", "access_member_csv"}


@pytest.fixture
def house():
    return tenants.make_tenant("House")


@pytest.fixture
def elsewhere():
    return tenants.make_tenant("Elsewhere")


def signed_in(site, account, organization):
    session = people.sign_in(site, account)
    organizations.look_at(session, organization)
    # So that a form's token is there and the session counts as seen.
    site.get("/")
    return site


def both(site, path):
    """Open and send; return both statuses."""
    return site.get(path).status_code, site.post(path, {}).status_code


def refused(status, *allowed):
    return status in {*allowed, 405}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_visitors_and_strangers_find_nothing(route, site, house, elsewhere):
    path = route.of(house.organization, house.pages)
    site.get("/sign-in")
    stranger = signed_in(site.another_browser(), elsewhere.account("owner"), elsewhere.organization)
    before = tenants.snapshot()

    opened, sent = both(site, path)
    assert refused(opened, 302)
    assert refused(sent, 302)
    assert site.location.startswith("/sign-in") or sent == 405
    assert all(refused(status, 404) for status in both(stranger, path))
    assert house.organization.name not in stranger.response.text
    assert tenants.snapshot() == before


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_whoever_looks_at_another_organization_is_asked_first(route, site, house, elsewhere):
    owner = house.account("owner")
    organizations.join(elsewhere.organization, owner, "owner")
    signed_in(site, owner, elsewhere.organization)
    before = tenants.snapshot()

    assert all(
        refused(status, 409) for status in both(site, route.of(house.organization, house.pages))
    )
    assert tenants.snapshot() == before


@pytest.mark.parametrize("role", ["normal", "client"])
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_members_who_do_not_lead_change_nothing(route, role, site, house):
    path = route.of(house.organization, house.pages)
    signed_in(site, house.account(role), house.organization)
    before = tenants.snapshot()

    opened, sent = both(site, path)
    own = role == "normal" and route.name in OWN
    if role not in OPEN_TO.get(route.name, ()) and not own:
        assert refused(opened, 403, 404), opened
        assert refused(sent, 403, 404), sent
    else:
        assert sent in {200, 302, 403, 404, 405, 422}, sent
    if not (own and route.name == OWN_FORM):
        assert tenants.snapshot() == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route.parameters], ids=str)
def test_another_organizations_things_are_not_found_in_ones_own(route, site, house, elsewhere):
    path = route.of(elsewhere.organization, house.pages)
    signed_in(site, elsewhere.account("owner"), elsewhere.organization)
    before = tenants.snapshot()

    assert all(refused(status, 404) for status in both(site, path))
    assert tenants.snapshot() == before


def test_every_named_page_exists():
    assert OPEN_TO.keys() | OWN <= {route.name for route in ROUTES}
