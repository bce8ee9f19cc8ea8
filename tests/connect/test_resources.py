"""Resources that an application names at the authorization endpoint (RFC 8707)."""

from __future__ import annotations

import pytest

from hospes.connect.models import AuthorizationCode, Grant
from hospes.protocols.oauth import options
from support.authorizing import CALLBACK, CHALLENGE, answered, authorize_url

SHOP, STOCK = "https://api.shop.example", "https://stock.shop.example"


@pytest.fixture
def guard(register):
    """Return an application of the same owner that has two APIs."""
    application = register(name="Shop API").application
    application.options = options.write(options.ClientOptions(resource_uris=(SHOP, STOCK)))
    application.save(update_fields=["options"])
    return application


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


def test_another_organizations_resource_is_none(site, anna, application, register, make_account):
    stranger = register(make_account("eve@elsewhere.example"), name="Elsewhere").application
    stranger.options = options.write(options.ClientOptions(resource_uris=(SHOP,)))
    stranger.save(update_fields=["options"])
    _address, fields = answered(site.get(authorize_url(application, resource=SHOP)))
    assert fields["error"] == "invalid_target"
    assert not AuthorizationCode.objects.exists()
