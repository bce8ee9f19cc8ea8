from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import CALLBACK, ISSUER, KEYS, NOW
from joserfc import jwt

from hospes.connect.models import AuthorizationCode, Grant, Token
from hospes.protocols.oauth.clients import secret_hash
from hospes.protocols.oauth.id_token import REGISTRY, at_hash

if TYPE_CHECKING:
    import httpx
    from edge.world import World


def error_of(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json()["error"]


def test_a_code_becomes_an_access_token_and_an_id_token(world: World, verifier: str) -> None:
    application = world.app()
    grant = world.grant(application)
    answer = world.redeem(application, world.code(grant, verifier=verifier), verifier=verifier)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert told["access_token"].startswith("hsp_at_")
    assert len(told["access_token"]) == len("hsp_at_") + 43
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 7200)
    assert told["scope"] == "openid profile email"
    assert "refresh_token" not in told

    token = jwt.decode(told["id_token"], KEYS["RS256"], registry=REGISTRY)
    assert token.header == {"alg": "RS256", "kid": "r", "typ": "JWT"}
    assert token.claims == {
        "iss": ISSUER,
        "sub": grant.account.public_id,
        "aud": application.client_id,
        "iat": NOW,
        "exp": NOW + 3600,
        "auth_time": NOW - 100,
        "nonce": "n1",
        "amr": ["pwd"],
        "acr": "1",
        "at_hash": at_hash(told["access_token"], "RS256"),
    }
    row = Token.objects.using(world.alias).get()
    assert row.token_hash == secret_hash(told["access_token"])
    assert (row.kind, row.grant_id, row.scope) == ("access", grant.pk, grant.scope)
    assert (row.created_at, row.expires_at, row.revoked_at) == (NOW, NOW + 7200, None)
    assert AuthorizationCode.objects.using(world.alias).get().used_at == NOW


@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_each_algorithm_signs(world: World, alg: str) -> None:
    application = world.app(id_token_alg=alg, pkce_required=False)
    told = world.redeem(application, world.code(world.grant(application))).json()
    token = jwt.decode(told["id_token"], KEYS[alg], registry=REGISTRY)
    assert token.header["alg"] == alg
    assert token.claims["at_hash"] == at_hash(told["access_token"], alg)


def test_without_openid_there_is_no_id_token(world: World) -> None:
    application = world.app(pkce_required=False)
    grant = world.grant(application, scope="email")
    told = world.redeem(application, world.code(grant)).json()
    assert set(told) == {"access_token", "token_type", "expires_in", "scope"}


def test_basic_authentication_works(world: World) -> None:
    application = world.app(pkce_required=False)
    answer = world.client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": world.code(world.grant(application)),
            "redirect_uri": CALLBACK,
        },
        auth=(application.client_id, world.secret_of(application)),
    )
    assert answer.status_code == 200


def test_a_multipart_body_works(world: World) -> None:
    application = world.app(pkce_required=False)
    form = {
        "grant_type": "authorization_code",
        "code": world.code(world.grant(application)),
        "redirect_uri": CALLBACK,
        "client_id": application.client_id,
        "client_secret": world.secret_of(application),
    }
    answer = world.client.post(
        "/token", files={name: (None, value) for name, value in form.items()}
    )
    assert answer.status_code == 200


def test_a_mobile_application_needs_no_secret_but_a_verifier(world: World, verifier: str) -> None:
    application = world.app(type="mobile", secrets_=())
    grant = world.grant(application)
    code = world.code(grant, verifier=verifier)
    assert error_of(world.redeem(application, code, client_secret=None)) == (400, "invalid_grant")
    answer = world.redeem(application, code, verifier=verifier, client_secret=None)
    assert answer.status_code == 200


def test_either_of_two_overlapping_secrets_works_and_an_expired_one_does_not(
    world: World,
) -> None:
    application = world.app(pkce_required=False)
    world.secret(application, "next")
    world.secret(application, "late", expires_at=NOW)
    world.secret(application, "soon", expires_at=NOW + 1)
    for word, status in (("next", 200), ("soon", 200), ("late", 401)):
        code = world.code(world.grant(application))
        answer = world.redeem(application, code, client_secret=world.secret_of(application, word))
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "unknown"}, 400, "invalid_grant"),
        ({"code": "é" * 300}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"redirect_uri": CALLBACK + "/"}, 400, "invalid_grant"),
        ({"code_verifier": None}, 400, "invalid_grant"),
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": "short"}, 400, "invalid_request"),
    ],
)
def test_a_denied_request_changes_nothing_and_the_code_still_works(
    world: World, verifier: str, changes: dict[str, Any], status: int, code: str
) -> None:
    application = world.app()
    good = world.code(world.grant(application), verifier=verifier)
    before = world.snapshot()
    answer = world.redeem(application, good, **{"verifier": verifier, **changes})
    assert error_of(answer) == (status, code)
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert world.snapshot() == before
    assert world.redeem(application, good, verifier=verifier).status_code == 200


def test_cve_2023_48228_leaving_out_the_verifier_or_adding_one_gives_no_token(
    world: World, verifier: str
) -> None:
    application = world.app(pkce_required=False)
    bound = world.code(world.grant(application), verifier=verifier)
    unbound = world.code(world.grant(application))
    before = world.snapshot()
    for code, sent in ((bound, ""), (unbound, verifier)):
        assert error_of(world.redeem(application, code, verifier=sent)) == (400, "invalid_grant")
    assert world.snapshot() == before


@pytest.mark.parametrize(
    "values",
    [{"expires_at": NOW}, {"expires_at": NOW - 100}],
)
def test_an_expired_code_is_refused(world: World, values: dict[str, Any]) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application), **values)
    before = world.snapshot()
    assert error_of(world.redeem(application, code)) == (400, "invalid_grant")
    assert world.snapshot() == before


def test_a_code_dies_after_sixty_seconds(world: World) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application))
    world.now = NOW + 60
    assert error_of(world.redeem(application, code)) == (400, "invalid_grant")
    world.now = NOW + 59
    assert world.redeem(application, code).status_code == 200


@pytest.mark.parametrize("state", ["locked", "deleted"])
def test_cve_2026_9798_a_code_given_before_the_lock_is_refused_after_it(
    world: World, state: str
) -> None:
    application = world.app(pkce_required=False)
    account = world.account()
    code = world.code(world.grant(application, account=account))
    type(account).objects.using(world.alias).filter(pk=account.pk).update(state=state)
    before = world.snapshot()
    assert error_of(world.redeem(application, code)) == (400, "invalid_grant")
    assert world.snapshot() == before


def test_a_revoked_grants_code_is_refused(world: World) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application, revoked_at=NOW - 1))
    before = world.snapshot()
    assert error_of(world.redeem(application, code)) == (400, "invalid_grant")
    assert world.snapshot() == before


def test_another_clients_code_is_refused_and_stays_good(world: World) -> None:
    application = world.app(pkce_required=False)
    thief = world.app(pkce_required=False)
    code = world.code(world.grant(application))
    used = world.code(world.grant(application), used_at=NOW - 1)
    before = world.snapshot()
    for each in (code, used):
        assert error_of(world.redeem(thief, each)) == (400, "invalid_grant")
    assert world.snapshot() == before
    assert world.redeem(application, code).status_code == 200


@pytest.mark.parametrize("later", [0, 30, 3600])
def test_ghsa_3p3g_vpw6_4w66_and_cve_2025_46815_a_reused_code_ends_what_it_gave(
    world: World, later: int
) -> None:
    application = world.app(pkce_required=False)
    grant, other = world.grant(application), world.grant(application)
    kept = world.access_token(other)
    code = world.code(grant)
    token = world.redeem(application, code).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 200

    world.now = NOW + later
    assert error_of(world.redeem(application, code)) == (400, "invalid_grant")
    assert world.client.get("/oauth2/userinfo", headers=headers).status_code == 401
    assert Grant.objects.using(world.alias).get(pk=grant.pk).revoked_at == NOW + later
    row = Token.objects.using(world.alias).get(token_hash=secret_hash(token))
    assert row.revoked_at == NOW + later
    answer = world.client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {kept}"})
    assert answer.status_code == 200


def test_a_machine_application_is_refused(world: World) -> None:
    application = world.app(type="other")
    answer = world.redeem(application, world.code(world.grant(application)))
    assert error_of(answer) == (400, "unauthorized_client")


def test_keys_that_are_made_on_demand_meet_no_lock(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application))
    genuine = world.keys.signer

    def signer(alg: str) -> Any:
        # A key source may write: with SQLite that waits for every transaction to end.
        world.account()
        return genuine(alg)

    monkeypatch.setattr(world.keys, "signer", signer)
    assert world.redeem(application, code).status_code == 200


def test_a_public_client_may_send_basic_with_an_empty_secret(world: World, verifier: str) -> None:
    application = world.app(type="mobile", secrets_=())
    answer = world.client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": world.code(world.grant(application), verifier=verifier),
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        },
        auth=(application.client_id, ""),
    )
    assert answer.status_code == 200


def test_without_a_signing_key_nothing_is_used_up(world: World) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application))
    before = world.snapshot()
    world.keys.missing = {"RS256"}
    answer = world.redeem(application, code)
    assert error_of(answer) == (500, "server_error")
    assert isinstance(world.failures[0], LookupError)
    assert world.snapshot() == before
    world.keys.missing = set()
    assert world.redeem(application, code).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"grant_type": "authorization_code"}'),
        ("text/plain", b"grant_type=authorization_code"),
        ("", b"grant_type=authorization_code"),
        ("application/x-www-form-urlencoded", b"grant_type=%zz"),
        ("application/x-www-form-urlencoded", b"grant_type=%00"),
        ("application/x-www-form-urlencoded", b"code=\xff"),
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"code=1&code=2&grant_type=authorization_code"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 5000)),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n"),
    ],
)
def test_an_unreadable_body_is_refused_as_json(
    world: World, content_type: str, body: bytes
) -> None:
    answer = world.client.post("/token", content=body, headers={"Content-Type": content_type})
    assert error_of(answer) == (400, "invalid_request")
    assert not world.failures


def test_a_body_beyond_64_kib_is_refused_as_json(world: World) -> None:
    answer = world.client.post("/token", data={"code": "x" * 65_536})
    assert error_of(answer) == (413, "invalid_request")


@pytest.mark.parametrize("streamed", [b"x" * 70_000, b"a=" + b"%41" * 30_000])
def test_a_streamed_body_beyond_64_kib_is_refused_as_json(world: World, streamed: bytes) -> None:
    answer = world.client.post(
        "/token",
        content=iter([streamed[:1000], streamed[1000:]]),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert error_of(answer) == (413, "invalid_request")


def test_a_secret_in_the_address_is_refused(world: World) -> None:
    application = world.app(pkce_required=False)
    code = world.code(world.grant(application))
    before = world.snapshot()
    answer = world.client.post(
        f"/token?client_id={application.client_id}&code={code}",
        data={"grant_type": "authorization_code", "redirect_uri": CALLBACK},
    )
    assert error_of(answer) == (400, "invalid_request")
    assert world.snapshot() == before


def test_two_ways_of_authenticating_at_once_are_refused(world: World) -> None:
    application = world.app(pkce_required=False)
    pair = f"{application.client_id}:{world.secret_of(application)}"
    answer = world.client.post(
        "/token",
        data={
            "grant_type": "authorization_code",
            "code": world.code(world.grant(application)),
            "redirect_uri": CALLBACK,
            "client_id": application.client_id,
            "client_secret": world.secret_of(application),
        },
        headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
    )
    assert error_of(answer) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH"])
def test_other_methods_are_refused_with_the_list_of_right_ones(world: World, method: str) -> None:
    answer = world.client.request(method, "/token")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST, DELETE, OPTIONS"


def test_a_browsers_script_may_ask_first(world: World) -> None:
    answer = world.client.options(
        "/token",
        headers={"Origin": "https://app.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


def test_logs_see_no_code_secret_verifier_or_token(
    world: World, verifier: str, caplog: pytest.LogCaptureFixture
) -> None:
    application = world.app()
    code = world.code(world.grant(application), verifier=verifier)
    with caplog.at_level(0):
        told = world.redeem(application, code, verifier=verifier).json()
        world.redeem(application, code, verifier=verifier)
    seen = caplog.text + repr(world.exchanges)
    for secret in (code, verifier, world.secret_of(application), told["access_token"]):
        assert secret not in seen
    assert [(e.plane, e.path, e.status) for e in world.exchanges] == [
        ("hot", "/token", 200),
        ("hot", "/token", 400),
    ]
