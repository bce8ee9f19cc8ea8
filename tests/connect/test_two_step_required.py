"""An application of an organization that requires two-step verification of its members."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from hospes.connect.models import AuthorizationCode, Consent
from hospes.foundation import clock
from hospes.organizations.models import Organization
from support import two_step
from support.authorizing import CALLBACK, answered, authorize_url
from support.organizations import join, look_at, make_organization

NEEDED = "/organizations/two-step-needed"


@pytest.fixture
def strict(application):
    """Return the application's organization, which requires it."""
    Organization.objects.filter(pk=application.organization_id).update(
        two_step_required_at=clock.now()
    )
    return Organization.objects.get(pk=application.organization_id)


@pytest.fixture
def allowed(application, anna):
    Consent.objects.create(
        account=anna,
        application=application,
        scope="openid profile email",
        granted_at=clock.timestamp(),
    )
    return anna


def is_given(site):
    where, told = answered(site.response)
    return where == CALLBACK and "code" in told


def test_a_member_without_it_sets_it_up_and_goes_on(site, application, strict, allowed):
    join(strict, allowed, "normal")
    site.get(authorize_url(application))
    assert site.location.startswith(NEEDED)
    assert AuthorizationCode.objects.count() == 0

    site.follow()
    assert strict.name in site.response.text
    setting_up = site.page.link("Set it up").href
    site.get(setting_up)
    assert "Go on to where you were" not in site.response.text
    two_step.add_method(allowed)
    site.get("/settings/two-step")
    site.click("Go on to where you were", follow=False)
    assert is_given(site)


def test_the_page_itself_leads_on_once_it_is_set_up(site, application, strict, allowed):
    join(strict, allowed, "client")
    site.get(authorize_url(application))
    page = site.location
    site.follow()
    assert f"/organizations/{strict.public_id}/leave" in site.response.text
    two_step.add_method(allowed)
    site.get(page)
    assert site.location.startswith("/authorize?")


@pytest.mark.parametrize("role", ["normal", "client"])
def test_nobody_agrees_past_it(site, application, strict, anna, role):
    site.get(authorize_url(application))
    join(strict, anna, role)

    site.submit({"decision": "allow"})
    site.follow()
    assert site.url.startswith(NEEDED)
    assert AuthorizationCode.objects.count() == 0
    assert Consent.objects.count() == 0


def test_an_application_that_wants_no_page_is_told(site, application, strict, allowed):
    join(strict, allowed, "normal")
    site.get(authorize_url(application, prompt="none"))
    _, told = answered(site.response)
    assert told["error"] == "interaction_required"


def test_customers_of_the_application_go_on(site, application, strict, allowed):
    site.get(authorize_url(application))
    assert is_given(site)


def test_a_member_with_it_goes_on(site, application, strict, allowed):
    join(strict, allowed, "normal")
    two_step.add_method(allowed)
    site.get(authorize_url(application))
    assert is_given(site)


def test_an_application_of_elsewhere_is_open(site, application, allowed):
    house = make_organization(allowed, "Strict AG")
    Organization.objects.filter(pk=house.pk).update(two_step_required_at=clock.now())
    look_at(allowed.sessions.get(), house)
    site.get(authorize_url(application))
    assert is_given(site)


def test_what_to_go_on_to_stays_on_this_site(site, anna):
    site.get("/settings/two-step?" + urlencode({"next": "https://elsewhere.example/"}))
    two_step.add_method(anna)
    site.get("/settings/two-step")
    assert "elsewhere.example" not in site.response.text
    assert "Go on to where you were" not in site.response.text


def test_strangers_learn_no_name(site, application, strict, anna):
    site.get(f"{NEEDED}?organization={strict.public_id}&next=/x")
    assert site.location == "/x"
