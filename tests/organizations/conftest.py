from __future__ import annotations

import pytest
from django.test import RequestFactory


@pytest.fixture
def rf_request():
    """Return a function that makes a request of an account (None: a visitor)."""

    def make(account):
        request = RequestFactory().get("/")
        request.account = account
        request.sign_in = None
        return request

    return make


class Cast:
    """One organization, which everybody looks at, with a member of each role."""

    def __init__(self, make_account):
        from support.organizations import join, make_organization

        self.people = {
            role: make_account(f"{role}@muster.example", first_name=role.title(), last_name="M")
            for role in ("owner", "admin", "normal", "client")
        }
        self.organization = make_organization(self.people["owner"])
        self.owner = self.organization.memberships.get()
        self.admin, self.normal, self.client = (
            join(self.organization, self.people[role], role)
            for role in ("admin", "normal", "client")
        )
        self.address = f"/organizations/{self.organization.public_id}"

    def role_of(self, member):
        return type(member).objects.get(pk=member.pk).role

    def page(self, role, rest=""):
        """Return the address of that member's page."""
        return f"{self.address}/members/{self.people[role].public_id}{rest}"


@pytest.fixture
def cast(make_account):
    return Cast(make_account)


@pytest.fixture
def looking(site, sign_in, cast):
    """Return a function that signs the cast's member of a role in on a browser."""
    from support.organizations import look_at

    def begin(role, browser=None):
        browser = browser or site
        look_at(sign_in(browser, cast.people[role]), cast.organization)
        return browser

    return begin
