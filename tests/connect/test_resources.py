"""Resources that an application names at the authorization endpoint (RFC 8707)."""

from __future__ import annotations

import pytest
from connect.test_managing import page_of

from hospes.connect.models import AuthorizationCode, Grant
from hospes.protocols.oauth import options, registration
from hospes.protocols.oauth.grants.exchanging import EXCHANGE
from support.authorizing import CALLBACK, CHALLENGE, answered, authorize_url

SHOP, STOCK = "https://api.shop.example", "https://stock.shop.example"


@pytest.fixture
def guard(register):
    """Return an application of the same owner that has two APIs."""
    application = register(name="Shop API").application
    application.options = options.write(options.ClientOptions(resource_uris=(SHOP, STOCK)))
    application.save(update_fields=["options"])
    return application


@pytest.fixture
def stranger(register, make_account):
    return register(make_account("eve@elsewhere.example"), name="Elsewhere").application


@pytest.mark.standard("RFC 8707", "2.1")
def test_the_grant_keeps_what_was_asked_for(site, anna, application, guard):
    site.get(f"{authorize_url(application, resource=SHOP)}&resource={STOCK}")
    site.submit({}, button="Allow")
    assert Grant.objects.get().resources == f"{SHOP} {STOCK}"


def test_a_posted_request_keeps_them_as_well(site, anna, application, guard):
    form = {
        "client_id": application.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "resource": [SHOP, STOCK],
    }
    response = site.client.post("/authorize", data=form)
    site.get(response.headers["location"])
    site.submit({}, button="Allow")
    assert Grant.objects.get().resources == f"{SHOP} {STOCK}"


@pytest.mark.parametrize(
    "resource",
    ["https://api.elsewhere.example", f"{SHOP}/", f"{SHOP}#x", "shop", "http://a.example"],
)
def test_what_is_none_is_told_to_the_application(site, anna, application, guard, resource):
    address, fields = answered(site.get(authorize_url(application, resource=resource)))
    assert (address, fields["error"], fields["state"]) == (CALLBACK, "invalid_target", "st-1")
    assert not AuthorizationCode.objects.exists()


def test_another_organizations_resource_is_none(site, anna, application, stranger):
    stranger.options = options.write(options.ClientOptions(resource_uris=(SHOP,)))
    stranger.save(update_fields=["options"])
    _address, fields = answered(site.get(authorize_url(application, resource=SHOP)))
    assert fields["error"] == "invalid_target"
    assert not AuthorizationCode.objects.exists()


# -- what an application guards itself ---------------------------------------------------------


@pytest.fixture
def saving(site, owner, sign_in):
    """Return a function that sends the page of an application's security with these changes."""
    sign_in(site, owner)

    def sent(application, **fields):
        site.get(page_of(application, "/security"))
        response = site.submit(fields, button="Save")
        application.refresh_from_db()
        return response.status_code, options.read(application.options)

    return sent


def test_the_owner_names_what_it_guards_and_lets_it_exchange(saving, application):
    status, held = saving(application, resource_uris=f"{SHOP}\n{STOCK}\n{SHOP}", exchange="on")
    assert (status, held.resource_uris) == (302, (SHOP, STOCK))
    assert held.further_grant_types == (EXCHANGE,)
    status, held = saving(application)
    assert (held.resource_uris, held.further_grant_types) == ((SHOP, STOCK), (EXCHANGE,))
    status, held = saving(application, resource_uris="", exchange=None)
    assert held == options.NONE


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://api.shop.example", "begins with https"),
        (f"{SHOP}#x", "begins with https"),
        ("https://hospes.test/oauth2/userinfo", "the provider's own address"),
        ("https://HOSPES.test:443/api", "the provider's own address"),
        ("\n".join(f"https://{number}.example" for number in range(11)), "At most 10"),
    ],
)
def test_what_cannot_be_its_own_is_refused(saving, site, application, typed, words):
    assert saving(application, resource_uris=typed, exchange="on") == (422, options.NONE)
    assert words in site.page.text


@pytest.mark.parametrize("same", [SHOP, f"{SHOP}/v2", "https://API.shop.example:443/"])
def test_a_site_of_another_organization_is_taken(saving, site, application, stranger, same):
    """Tokens of one organization would be believed by another's API, offline."""
    stranger.options = options.write(options.ClientOptions(resource_uris=(same,)))
    stranger.save(update_fields=["options"])
    assert saving(application, resource_uris=SHOP) == (422, options.NONE)
    assert "another organization" in site.page.text


def test_an_application_on_devices_has_neither(saving, site, register):
    mobile = register(type="mobile", name="App").application
    status, held = saving(mobile)
    assert (status, held) == (302, options.NONE)
    assert "Exchange tokens" not in site.page.text


def test_a_program_cannot_give_itself_the_grant_and_loses_nothing_of_the_owners():
    told = {"redirect_uris": [CALLBACK], "grant_types": ["authorization_code", EXCHANGE]}
    judged = registration.judge(told, most_addresses=5)
    assert [fault.member for fault in judged.faults] == ["grant_types"]
    assert EXCHANGE not in judged.metadata.options.further_grant_types
    keep = options.ClientOptions(resource_uris=(SHOP,), further_grant_types=(EXCHANGE,))
    for grants in (["authorization_code"], ["authorization_code", EXCHANGE]):
        judged = registration.judge({**told, "grant_types": grants}, most_addresses=5, keep=keep)
        assert not judged.faults
        assert judged.metadata.options.further_grant_types == (EXCHANGE,)
        assert judged.metadata.options.resource_uris == (SHOP,)
