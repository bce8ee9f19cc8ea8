"""The plans about relying parties that are told of a logout, by their server or in the browser."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from conformance.browser import Stayed
from conformance.conftest import MODES
from conformance.party import Party
from conformance.provider import AFTER_LOGOUT, BASE
from conformance.test_logout import is_signed_out, logout, state
from joserfc import jwt

from support.push_service import ADDRESS, HOST, PushService

EVENT = "http://schemas.openid.net/event/backchannel-logout"
BACK = f"https://{HOST}/backchannel_logout"
FRONT = "https://party.example/test/frontchannel_logout"

# The installation's own code sends what its database has, to where the name service of the tests
# leads: the relying party is on this machine.
SEND = """
import socket, ssl
from hospes.connect.gateways import sign_outs as gateway
from hospes.connect.services import sign_outs
from hospes.foundation.gateways.outgoing import Outgoing
from hospes.foundation.models import Job
gateway.CLIENT = Outgoing(
    resolve=lambda _host, _port: [{address!r}],
    connect=lambda _ip, _port, seconds: socket.create_connection(("127.0.0.1", {port}), seconds),
    tls=lambda: ssl.create_default_context(cafile={certificate!r}),
)
for job in Job.objects.filter(task=sign_outs.TELL, payload__tries=0):
    sign_outs.tell(job.payload)
"""


class Backchannel(PushService):
    """The relying party's server."""

    def verified(self, authorization):
        """Nobody proves who calls but by the token itself."""
        assert authorization == ""
        return {}, ""

    def fetch(self, provider):
        """Let the provider send; return the one logout token that came."""
        provider.server.python(
            SEND.format(address=ADDRESS, port=self.port, certificate=str(self._certificate))
        )
        (message,) = self.received
        assert message.path == urlsplit(BACK).path
        assert message.headers["content-type"] == "application/x-www-form-urlencoded"
        (token,) = parse_qs(message.body.decode())["logout_token"]
        return token


@pytest.fixture(scope="session")
def told(provider, owner):
    """Return a third client, which is told of sign-outs in both ways."""
    return owner.register("Told client", backchannel_logout_uri=BACK, frontchannel_logout_uri=FRONT)


@pytest.fixture
def hearing(provider, told, plan, outcome):
    return Party(provider, told, mode=MODES[plan])


def test_oidcc_backchannel_logout_discovery_endpoint_verification(provider, outcome):
    assert provider.metadata["backchannel_logout_supported"] is True
    assert provider.metadata["backchannel_logout_session_supported"] is True
    assert provider.metadata["end_session_endpoint"].startswith(f"{BASE}/")
    assert "sid" in provider.metadata["claims_supported"]


def test_oidcc_backchannel_rp_initiated_logout(provider, hearing, browser, outcome, tmp_path):
    done, sent = hearing.sign_in(browser), state()
    assert done.claims["sid"]
    logout(
        hearing,
        browser,
        id_token_hint=done.id_token,
        post_logout_redirect_uri=AFTER_LOGOUT,
        state=sent,
    )
    with Backchannel(tmp_path) as server:
        token = server.fetch(provider)
    read = jwt.decode(token, provider.keys, algorithms=["RS256"])
    assert read.header["typ"] == "logout+jwt"
    assert read.header["alg"] != "none"
    claims = read.claims
    assert claims["iss"] == provider.metadata["issuer"]
    assert claims["aud"] == hearing.client.client_id
    assert abs(claims["iat"] - time.time()) < 60
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["jti"]
    assert claims["events"] == {EVENT: {}}
    assert "nonce" not in claims
    assert (claims["sub"], claims["sid"]) == (done.claims["sub"], done.claims["sid"])
    is_signed_out(hearing, browser)


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(provider, outcome):
    assert provider.metadata["frontchannel_logout_supported"] is True
    assert provider.metadata["frontchannel_logout_session_supported"] is True
    assert provider.metadata["end_session_endpoint"].startswith(f"{BASE}/")


def test_oidcc_frontchannel_rp_initiated_logout(provider, hearing, browser, outcome):
    done, sent = hearing.sign_in(browser), state()
    arrived = logout(
        hearing,
        browser,
        id_token_hint=done.id_token,
        post_logout_redirect_uri=AFTER_LOGOUT,
        state=sent,
    )
    # This browser runs no scripts, so it stays on the page that loads the frames.
    assert isinstance(arrived, Stayed), arrived
    (frame,) = [each.attributes["src"] for each in arrived.page.all("iframe")]
    address, _, query = frame.partition("?")
    assert address == FRONT
    assert parse_qs(query) == {
        "iss": [provider.metadata["issuer"]],
        "sid": [done.claims["sid"]],
    }
    assert f"{AFTER_LOGOUT}?state={sent}" in [link.href for link in arrived.page.links]
    is_signed_out(hearing, browser)
