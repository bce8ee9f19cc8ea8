"""Certificates from a trusted proxy, as proof of an application and of its tokens."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from edge.world import ISSUER, World

from hospes.connect.models import ApplicationEvent, Token
from hospes.edge.app import ENDPOINTS, HotPlane
from hospes.edge.guard import Guard, Rules
from hospes.edge.services import Mtls
from hospes.protocols.oauth import certificates, options
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.options import ClientOptions
from support.client_certificates import SUBJECT, authority, made
from support.signing import PRIVATE, public

if TYPE_CHECKING:
    from hospes.connect.models import Application

CA = authority()
LEAF, SELF, OTHER = made(issuer=CA), made(), made(issuer=CA)
HEADER = "ClientCertificate"
X5T = f"x5t#S256:{certificates.thumbprint(LEAF.der)}"
PROXY, STRANGER = "10.0.0.1", "192.0.2.1"
SELF_KEYS = json.dumps({"keys": [{**public(PRIVATE["ES256"]), "x5c": SELF.x5c}]})


@pytest.fixture
def taking(world: World) -> World:
    """Return an installation whose proxy, alone at its address, hands on certificates."""
    trusted = certificates.Trusted((CA.certificate,))
    plane = HotPlane(
        world.pages, replace(world.services, mtls=Mtls(trusted, "https://mtls.hospes.test"))
    )
    world.application = Guard(
        plane,
        Rules(
            ISSUER,
            trusted_proxies=(ipaddress.ip_network(PROXY),),
            certificate_header=HEADER,
            protocol_paths=frozenset(ENDPOINTS),
        ),
        failed=lambda error, _path: world.failures.append(error),
    )
    return world


def client_from(world: World, peer: str) -> httpx.Client:
    transport = httpx.WSGITransport(app=world.application, remote_addr=peer)
    return httpx.Client(transport=transport, base_url=ISSUER)


def machine(world: World, **values: Any) -> Application:
    given = {
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": SUBJECT,
        **values,
    }
    return world.app(type="other", options=options.write(ClientOptions(**given)))


def ask(
    world: World,
    application: Application,
    *,
    peer: str = PROXY,
    path: str = "/token",
    **headers: str,
) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": application.client_id, "token": "x"}
    return client_from(world, peer).post(path, data=form, headers=headers)


def reasons(world: World) -> list[str]:
    events = ApplicationEvent.objects.using(world.alias).order_by("pk")
    return [event.detail["reason"] for event in events]


@pytest.mark.standard("RFC 8705", "2")
@pytest.mark.parametrize("path", ["/token", "/oauth2/introspect", "/oauth2/revoke"])
def test_a_certificate_proves_an_application_at_every_endpoint(taking: World, path: str) -> None:
    application = machine(taking)
    assert ask(taking, application, path=path, ClientCertificate=LEAF.header).status_code == 200
    for spelling in LEAF.spellings:
        answer = ask(taking, application, path=path, clientcertificate=spelling)
        assert answer.status_code == 200
    assert not taking.failures


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        # Somebody past the proxy, or another header, or one that the proxy did not set.
        (STRANGER, {"ClientCertificate": LEAF.header}),
        (STRANGER, {"ClientCertificate": LEAF.header, "X-Forwarded-For": PROXY}),
        (PROXY, {"Client-Cert": LEAF.header}),
        (PROXY, {"Client-Certificate": LEAF.header}),
        (PROXY, {"X-SSL-Cert": LEAF.header}),
        (PROXY, {"hospes.certificate": LEAF.header}),
        (PROXY, {}),
        (PROXY, {"ClientCertificate": ""}),
        (PROXY, {"ClientCertificate": f"{LEAF.header}, {LEAF.header}"}),
        (PROXY, {"ClientCertificate": SELF.header}),
        (PROXY, {"ClientCertificate": "rubbish"}),
    ],
)
def test_nobody_else_says_which_certificate_it_was(
    taking: World, peer: str, headers: dict[str, str]
) -> None:
    application = machine(taking)
    before = taking.snapshot()
    answer = ask(taking, application, peer=peer, **headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert taking.snapshot() == before
    assert len(reasons(taking)) == 1
    assert "certificate" in reasons(taking)[0]


def test_a_secret_does_not_stand_for_a_certificate(taking: World) -> None:
    application = machine(taking)
    pair = (application.client_id, taking.secret_of(application))
    answer = client_from(taking, PROXY).post(
        "/token",
        data={"grant_type": "client_credentials"},
        auth=pair,
        headers={HEADER: LEAF.header},
    )
    assert answer.status_code == 401
    assert "tls_client_auth" in reasons(taking)[0]


def test_an_installation_that_takes_none_lets_nobody_in(world: World) -> None:
    application = machine(world)
    for header in ("Client-Cert", HEADER):
        assert ask(world, application, **{header: LEAF.header}).status_code == 401
    assert reasons(world)[0] == "This installation takes no certificates."


@pytest.mark.standard("RFC 8705", "2.2")
def test_a_self_signed_certificate_that_is_registered(taking: World) -> None:
    application = machine(
        taking,
        token_endpoint_auth_method="self_signed_tls_client_auth",
        tls_client_auth_subject_dn="",
        jwks=SELF_KEYS,
    )
    assert ask(taking, application, ClientCertificate=SELF.header).status_code == 200
    assert ask(taking, application, ClientCertificate=LEAF.header).status_code == 401
    assert ask(taking, application, ClientCertificate=made().header).status_code == 401


@pytest.mark.standard("RFC 8705", "3")
def test_a_token_is_bound_to_the_certificate(taking: World) -> None:
    said = ClientOptions(tls_client_certificate_bound_access_tokens=True)
    site = taking.app(pkce_required=False, options=options.write(said))
    code = taking.code(taking.grant(site))
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://app.example/cb",
        "client_id": site.client_id,
        "client_secret": taking.secret_of(site),
    }
    proxy = client_from(taking, PROXY)
    without = proxy.post("/token", data=form)
    assert (without.status_code, without.json()["error"]) == (400, "invalid_request")
    told = proxy.post("/token", data=form, headers={HEADER: LEAF.header}).json()
    assert told["token_type"] == "Bearer"
    token = told["access_token"]
    row = Token.objects.using(taking.alias).get(token_hash=secret_hash(token))
    assert row.bound_to == X5T

    def read(client: httpx.Client, **headers: str) -> int:
        bearer = {"Authorization": f"Bearer {token}", **headers}
        return client.get("/oauth2/userinfo", headers=bearer).status_code

    assert read(proxy, ClientCertificate=LEAF.header) == 200
    assert read(proxy, ClientCertificate=OTHER.header) == 401
    assert read(proxy) == 401
    assert read(client_from(taking, STRANGER), ClientCertificate=LEAF.header) == 401
    as_dpop = {"Authorization": f"DPoP {token}", HEADER: LEAF.header}
    assert proxy.get("/oauth2/userinfo", headers=as_dpop).status_code == 401
    asked = {**{k: form[k] for k in ("client_id", "client_secret")}, "token": token}
    found = proxy.post("/oauth2/introspect", data=asked).json()
    assert found["cnf"] == {"x5t#S256": certificates.thumbprint(LEAF.der)}
    assert found["token_type"] == "Bearer"


def test_the_strict_profile_is_content_with_a_certificate(taking: World) -> None:
    application = machine(taking, profile="fapi2")
    told = ask(taking, application, ClientCertificate=LEAF.header).json()
    row = Token.objects.using(taking.alias).get(token_hash=secret_hash(told["access_token"]))
    assert row.bound_to == X5T


@pytest.mark.standard("RFC 8705", "5")
def test_discovery_tells_of_certificates_where_they_are_taken(taking: World) -> None:
    told = client_from(taking, STRANGER).get("/.well-known/openid-configuration").json()
    methods = told["token_endpoint_auth_methods_supported"]
    assert {"tls_client_auth", "self_signed_tls_client_auth"} < set(methods)
    assert told["tls_client_certificate_bound_access_tokens"] is True
    aliases = told["mtls_endpoint_aliases"]
    assert aliases["token_endpoint"] == "https://mtls.hospes.test/token"
    assert "authorization_endpoint" not in aliases
    assert "jwks_uri" not in aliases
