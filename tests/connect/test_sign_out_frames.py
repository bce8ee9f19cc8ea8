"""Applications are told in the browser at hand that a session has ended (Front-Channel Logout)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from connect.hints import id_token

from hospes.connect.models import Grant
from hospes.identity.models import Session
from hospes.protocols.oauth import logout_token
from support.authorizing import CALLBACK, authorize_url

AFTER = "https://shop.example/bye"
FRAME = "https://shop.example/out?x=1"


@pytest.fixture
def shop(register):
    return register(logout_uris=(AFTER,), frontchannel_logout_uri=FRAME).application


def leave(site, anna, application, **values):
    asked = {"id_token_hint": id_token(anna, application), **values}
    return site.get("/oauth2/end-session?" + urlencode(asked))


def sign_in_to(site, application):
    if site.get(authorize_url(application)).status_code == 200:
        site.submit({}, button="Allow")


def framed(site):
    return [each.attributes["src"] for each in site.page.all("iframe")]


@pytest.mark.standard("OpenID Connect Front-Channel Logout 1.0", "3")
def test_the_page_loads_a_frame_of_each_application(site, anna, shop, register):
    wiki = register(
        name="Wiki",
        redirect_uris=("https://wiki.example/cb", CALLBACK),
        frontchannel_logout_uri="https://wiki.example/out",
    ).application
    plain = register(name="Plain").application
    for application in (shop, wiki, plain, shop):
        sign_in_to(site, application)
    session = anna.sessions.get()
    answer = leave(site, anna, shop)
    assert site.page.heading == "You are signed out"
    addresses = framed(site)
    assert [address.partition("?")[0] for address in addresses] == [
        "https://shop.example/out",
        "https://wiki.example/out",
    ]
    for address, application in zip(addresses, (shop, wiki), strict=True):
        query = parse_qs(urlsplit(address).query)
        assert query["iss"] == ["https://hospes.test"]
        assert query["sid"] == [logout_token.sid(session.public_id, application.client_id)]
    assert parse_qs(urlsplit(addresses[0]).query)["x"] == ["1"]
    policy = answer.headers["content-security-policy"]
    assert "frame-src https://shop.example https://wiki.example;" in policy + ";"
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert Session.objects.filter(ended_at=None, account=anna).count() == 0
    assert not Grant.objects.filter(revoked_at=None).exists()


def test_the_browser_goes_on_after_the_frames(site, anna, shop):
    sign_in_to(site, shop)
    answer = leave(site, anna, shop, post_logout_redirect_uri=AFTER, state="a b")
    assert answer.status_code == 200
    assert len(framed(site)) == 1
    assert site.page.link("Continue").href == f"{AFTER}?state=a+b"
    assert "connect/signed_out" in answer.text


def test_whoever_was_asked_sees_the_frames_too(site, anna, shop):
    sign_in_to(site, shop)
    site.get("/oauth2/end-session")
    assert framed(site) == []
    site.submit({}, button="Sign out", action="end-session")
    assert site.page.heading == "You are signed out"
    assert len(framed(site)) == 1


def test_without_such_applications_nothing_is_framed(site, anna, register, shop):
    plain = register(name="Plain", logout_uris=(AFTER,)).application
    sign_in_to(site, plain)
    answer = leave(site, anna, plain, post_logout_redirect_uri=AFTER)
    assert answer.headers["location"] == AFTER
    assert "frame-src" not in answer.headers["content-security-policy"]


def test_another_accounts_applications_are_not_told(site, anna, shop, make_account, sign_in):
    sign_in_to(site, shop)
    other = make_account("other@customer.example")
    sign_in(site, other)
    site.get("/oauth2/end-session")
    site.submit({}, button="Sign out", action="end-session")
    assert framed(site) == []
    assert Session.objects.filter(ended_at=None, account=anna).count() == 1


def test_an_id_token_names_the_session_for_it(site, anna, register):
    registered = register(frontchannel_logout_uri=FRAME)
    sign_in_to(site, registered.application)
    from connect.test_told_of_sign_outs import redeemed

    told = redeemed(site, registered)
    session = anna.sessions.get()
    assert told["sid"] == logout_token.sid(session.public_id, registered.application.client_id)
