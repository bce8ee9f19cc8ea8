"""Applications are told by their servers that a session has ended (Back-Channel Logout 1.0)."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

import dataclasses
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from connect.hints import id_token
from joserfc import jwt
from joserfc.jwk import KeySet

from hospes.connect.gateways import sign_outs as gateway
from hospes.connect.models import Application, ApplicationEvent, Grant
from hospes.connect.services import sign_outs
from hospes.connect.services.signing_keys import key_source
from hospes.foundation.models import Job
from hospes.foundation.registry import Lane
from hospes.identity.models import Session
from hospes.identity.services import sessions
from hospes.kit.origin import SYSTEM
from hospes.protocols.oauth import logout_token
from support.authorizing import CALLBACK, VERIFIER, answered, authorize_url
from support.push_service import HOST, PushService

ENDPOINT = f"https://{HOST}/signed-out"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Told(PushService):
    """The application's own server."""

    def verified(self, authorization):
        """Nobody proves who calls but by the token itself."""
        assert authorization == ""
        return {}, ""

    @property
    def tokens(self):
        """Return the header and claims of what came, verified with the published keys."""
        keys = KeySet.import_key_set(key_source.jwks())
        found = []
        for message in self.received:
            (sent,) = parse_qs(message.body.decode())["logout_token"]
            read = jwt.decode(sent, keys, algorithms=["RS256"])
            found.append((read.header, read.claims, sent))
        return found


@pytest.fixture
def server(tmp_path, monkeypatch):
    with Told(tmp_path) as running:
        monkeypatch.setattr(gateway, "CLIENT", running.client())
        yield running


@pytest.fixture
def registered(register):
    return register(backchannel_logout_uri=ENDPOINT)


@pytest.fixture
def told(registered):
    return registered.application


@pytest.fixture
def signed_in(site, anna, registered):
    """Let Anna be signed in to the application; return the claims of her ID token."""
    application = registered.application
    site.get(authorize_url(application))
    site.submit({}, button="Allow")
    return redeemed(site, registered)


def redeemed(site, registered):
    _where, answer = answered(site.response)
    answer = site.another_browser().client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
            "client_id": registered.application.client_id,
            "client_secret": registered.secret,
        },
    )
    assert answer.status_code == 200, answer.text
    keys = KeySet.import_key_set(key_source.jwks())
    return jwt.decode(answer.json()["id_token"], keys, algorithms=["RS256"]).claims


def end(account, reason="signed_out"):
    return sessions.end_session(
        account.sessions.get(ended_at=None), reason=reason, actor=account, origin=SYSTEM
    )


def events():
    return list(
        ApplicationEvent.objects.filter(kind__startswith="sign_out")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


# ---- what is told ----------------------------------------------------------------------------


@pytest.mark.standard("OpenID Connect Back-Channel Logout 1.0", "2.5")
@pytest.mark.parametrize(
    "reason", ["signed_out", "ended_by_owner", "password_reset", "not_me", "too_many"]
)
def test_an_application_is_told_of_each_end(anna, signed_in, told, server, mailbox, clock, reason):
    end(anna, reason)
    mailbox.deliver()
    (message,) = server.received
    assert message.path == "/signed-out"
    assert message.headers["content-type"] == "application/x-www-form-urlencoded"
    ((header, claims, _sent),) = server.tokens
    assert header["typ"] == "logout+jwt"
    assert claims["events"] == {EVENT: {}}
    assert (claims["iss"], claims["aud"], claims["sub"]) == (
        "https://hospes.test",
        told.client_id,
        anna.public_id,
    )
    assert claims["sid"] == signed_in["sid"]
    assert claims["exp"] - claims["iat"] == 120
    assert "nonce" not in claims
    assert events() == ["sign_out_told"]
    assert Job.objects.get(task=sign_outs.TELL).lane == Lane.SIGN_OUTS


def test_signing_out_on_the_page_tells(site, anna, signed_in, server, mailbox):
    site.get("/sign-out")
    site.submit({}, button="Log out")
    assert anna.sessions.filter(ended_at=None).count() == 0
    mailbox.deliver()
    assert [claims["sid"] for _h, claims, _s in server.tokens] == [signed_in["sid"]]


def test_a_sign_out_at_another_application_tells(site, anna, signed_in, register, server, mailbox):
    wiki = register(name="Wiki").application
    site.get("/oauth2/end-session?" + urlencode({"id_token_hint": id_token(anna, wiki)}))
    mailbox.deliver()
    assert len(server.received) == 1


def test_deleting_the_account_tells(anna, signed_in, server, mailbox):
    from hospes.identity.services import sessions as service

    service.end_other_sessions(anna, keep=(), reason="account_deleted", origin=SYSTEM)
    mailbox.deliver()
    assert len(server.received) == 1


def test_who_comes_back_after_a_session_expired_is_not_signed_out(
    anna, signed_in, server, mailbox, clock
):
    browser = anna.sessions.get().browser
    clock.move(timedelta(days=20))
    sessions.open_session(anna, browser, origin=SYSTEM, amr=["pwd"])
    assert Session.objects.filter(end_reason="expired").count() == 1
    mailbox.deliver()
    assert server.received == []


def test_only_the_session_that_ended_is_named(
    site, anna, signed_in, registered, sign_in, server, mailbox
):
    elsewhere = site.another_browser()
    sign_in(elsewhere, anna)
    elsewhere.get(authorize_url(registered.application))
    other = redeemed(elsewhere, registered)
    assert other["sid"] != signed_in["sid"]
    sessions.end_session(
        Session.objects.order_by("pk").first(), reason="signed_out", actor=anna, origin=SYSTEM
    )
    mailbox.deliver()
    assert [claims["sid"] for _h, claims, _s in server.tokens] == [signed_in["sid"]]


def test_a_session_that_is_used_twice_is_told_once(
    site, anna, signed_in, registered, server, mailbox
):
    site.get(authorize_url(registered.application))
    assert redeemed(site, registered)["sid"] == signed_in["sid"]
    end(anna)
    mailbox.deliver()
    assert len(server.received) == 1


def test_tokens_end_as_before_and_offline_ones_stay(site, anna, registered, server, mailbox):
    for scope in ("openid", "openid offline_access"):
        site.get(authorize_url(registered.application, scope=scope))
        site.submit({}, button="Allow")
    site.get(
        "/oauth2/end-session?"
        + urlencode({"id_token_hint": id_token(anna, registered.application)})
    )
    online, offline = Grant.objects.order_by("pk")
    assert online.revoked_at is not None
    assert offline.revoked_at is None
    mailbox.deliver()
    assert len(server.received) == 1


def test_who_does_not_ask_for_it_is_told_nothing(site, anna, register, server, mailbox):
    plain = register()
    site.get(authorize_url(plain.application))
    site.submit({}, button="Allow")
    # The plain path is as it was: no claim, no statement for it.
    assert "sid" not in redeemed(site, plain)
    end(anna)
    mailbox.deliver()
    assert server.received == []
    assert events() == []


def test_who_gets_no_id_token_is_told_nothing(site, anna, told, server, mailbox):
    site.get(authorize_url(told, scope="profile", nonce=None))
    site.submit({}, button="Allow")
    assert Grant.objects.count() == 1
    end(anna)
    mailbox.deliver()
    assert server.received == []


# ---- what goes wrong -------------------------------------------------------------------------


def test_what_may_pass_is_tried_again_with_a_fresh_token(anna, signed_in, server, mailbox, clock):
    server.answers = [503, "hang up", 429, 200]
    end(anna)
    for _ in range(5):
        mailbox.deliver()
        clock.move(timedelta(minutes=11))
    assert len(server.received) == 4
    names = [claims["jti"] for _h, claims, _s in server.tokens]
    assert len(set(names)) == 4
    assert events() == ["sign_out_told"]


def test_the_owner_reads_that_the_last_try_failed(
    site, anna, signed_in, told, owner, sign_in, server, mailbox, clock
):
    server.answers = [500] * 20
    end(anna)
    for _ in range(12):
        mailbox.deliver()
        clock.move(timedelta(hours=5))
    assert len(server.received) == len(sign_outs.DELAYS) + 1
    assert events() == ["sign_out_not_told"]
    browser = site.another_browser()
    sign_in(browser, owner)
    browser.get(f"/auth/applications/{told.client_id}/log")
    assert "Not told of a sign-out" in browser.page.text
    assert "the application answered 500" in browser.page.text


@pytest.mark.parametrize("fault", [400, 404, "redirect"])
def test_what_will_never_pass_is_given_up_and_no_redirect_followed(
    anna, signed_in, server, mailbox, fault
):
    server.answers = [fault]
    end(anna)
    mailbox.deliver()
    assert [message.path for message in server.received] == ["/signed-out"]
    assert events() == ["sign_out_not_told"]
    assert not Job.objects.filter(state="dead").exists()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1"])
def test_an_address_within_ones_own_network_is_not_asked(
    anna, signed_in, server, mailbox, monkeypatch, address
):
    client = dataclasses.replace(server.client(), resolve=lambda _host, _port: [address])
    monkeypatch.setattr(gateway, "CLIENT", client)
    end(anna)
    mailbox.deliver()
    assert server.received == []
    assert events() == ["sign_out_not_told"]


@pytest.mark.parametrize("why", ["switched off", "deleted"])
def test_what_nobody_wants_any_more_is_not_told(anna, signed_in, told, server, mailbox, why):
    end(anna)
    if why == "deleted":
        told.delete()
    else:
        Application.objects.update(options="")
    mailbox.deliver()
    assert server.received == []


# ---- attacks with a logout token -------------------------------------------------------------


def test_a_logout_token_is_good_for_nothing_here(
    site, anna, signed_in, told, registered, server, mailbox, sign_in
):
    end(anna)
    mailbox.deliver()
    ((_header, _claims, sent),) = server.tokens
    sign_in(site, anna)
    # As the hint of a sign-out, which would sign her out without asking.
    answer = site.get("/oauth2/end-session?" + urlencode({"id_token_hint": sent}))
    assert answer.status_code == 400
    assert anna.sessions.filter(ended_at=None).count() == 1
    # As the hint of a sign-in, and as an access token.
    site.get(authorize_url(told, id_token_hint=sent))
    assert answered(site.response)[1]["error"] == "invalid_request"
    client = site.another_browser().client
    bearer = {"Authorization": f"Bearer {sent}"}
    assert client.get("/oauth2/userinfo", headers=bearer).status_code in {400, 401}
    asked = client.post(
        "/oauth2/introspect",
        data={"token": sent, "client_id": told.client_id, "client_secret": registered.secret},
    )
    assert asked.json() == {"active": False}


def test_the_name_of_a_session_tells_nothing(anna, signed_in, told):
    session = anna.sessions.get()
    assert session.public_id not in signed_in["sid"]
    assert signed_in["sid"] == logout_token.sid(session.public_id, told.client_id)


# ---- the owner's setting ---------------------------------------------------------------------


def test_the_owner_sets_the_address(register, owner, site, sign_in):
    application = register().application
    sign_in(site, owner)
    page = f"/auth/applications/{application.client_id}"
    site.get(f"{page}/edit")
    site.submit({"backchannel_logout_uri": f" {ENDPOINT} "}, button="Save")
    site.get(page)
    assert ENDPOINT in site.page.text


@pytest.mark.parametrize(
    ("field", "uri", "words"),
    [
        ("backchannel_logout_uri", "http://shop.example/out", "Use https"),
        ("backchannel_logout_uri", "https://shop.example:8443/out", "Use https and its usual port"),
        ("backchannel_logout_uri", "https://shop.example/#a", "Leave out the part from # on"),
        ("backchannel_logout_uri", "com.example.app:/out", "A site's address begins with https://"),
        ("frontchannel_logout_uri", "https://evil.example/out", "Use the scheme, host and port"),
        ("frontchannel_logout_uri", "javascript:alert(1)", "does not lead back"),
    ],
)
def test_faults_are_shown_and_nothing_saved(register, owner, site, sign_in, field, uri, words):
    application = register().application
    sign_in(site, owner)
    site.get(f"/auth/applications/{application.client_id}/edit")
    answer = site.submit({field: uri}, button="Save")
    assert answer.status_code == 422
    assert words in site.page.text
    application.refresh_from_db()
    assert application.options == ""
