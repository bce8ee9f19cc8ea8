"""ID tokens that only the application reads, and signed answers about a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, KEYS
from joserfc import jwe, jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from hospes.connect.models import AuthorizationCode, Token
from hospes.protocols.oauth import client_keys, encryption, options
from hospes.protocols.oauth.id_token import REGISTRY
from hospes.protocols.oauth.options import ClientOptions

if TYPE_CHECKING:
    from edge.world import World

    from hospes.connect.models import Application

RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "enc"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "enc"})
X = OKPKey.generate_key("X25519", {"kid": "x"})
SIGNS = RSAKey.generate_key(2048, {"kid": "sig", "use": "sig"})


def jwks(*keys: Key) -> str:
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def app(world: World, **said: Any) -> Application:
    return world.app(pkce_required=False, options=options.write(ClientOptions(**said)))


@pytest.mark.standard("OpenID Connect Core", "10.2")
@pytest.mark.parametrize("enc", ["", *encryption.ENCRYPTIONS])
@pytest.mark.parametrize(("key", "alg"), [(RSA, "RSA-OAEP-256"), (EC, "ECDH-ES"), (X, "ECDH-ES")])
def test_only_the_application_reads_its_id_token(
    world: World, key: Any, alg: str, enc: str
) -> None:
    application = app(
        world,
        jwks=jwks(SIGNS, key),
        id_token_encrypted_response_alg=alg,
        id_token_encrypted_response_enc=enc,
    )
    answer = world.redeem(application, world.code(world.grant(application)))
    assert answer.status_code == 200
    used = enc or "A128CBC-HS256"
    opened = jwe.decrypt_compact(answer.json()["id_token"], key, algorithms=[alg, used])
    header = opened.headers()
    assert (header["alg"], header["enc"], header["cty"]) == (alg, used, "JWT")
    assert header["kid"] == key.kid
    assert opened.plaintext is not None
    signed = jws.deserialize_compact(opened.plaintext, KEYS["RS256"], registry=REGISTRY)
    assert json.loads(signed.payload)["aud"] == application.client_id


def test_without_a_key_nothing_readable_leaves_and_nothing_is_used_up(world: World) -> None:
    application = app(world, jwks=jwks(SIGNS, EC), id_token_encrypted_response_alg="RSA-OAEP-256")
    answer = world.redeem(application, world.code(world.grant(application)))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert AuthorizationCode.objects.using(world.alias).get().used_at is None
    assert not Token.objects.using(world.alias).exists()


def test_a_key_that_is_marked_for_it_comes_first() -> None:
    plain = ECKey.generate_key("P-256", {"kid": "plain"})
    ed = OKPKey.generate_key("Ed25519", {"kid": "ed"})
    found = encryption.key_for(client_keys.read_set(jwks(ed, plain, EC)), "ECDH-ES")
    assert found is not None
    assert found.kid == "ec"
    found = encryption.key_for(client_keys.read_set(jwks(ed, plain)), "ECDH-ES")
    assert found is not None
    assert found.kid == "plain"
    assert encryption.key_for(client_keys.read_set(jwks(ed, SIGNS)), "ECDH-ES") is None
    assert encryption.key_for(client_keys.read_set(jwks(SIGNS)), "RSA-OAEP-256") is None


@pytest.mark.standard("OpenID Connect Core", "5.3.2")
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
def test_userinfo_is_signed_where_the_application_says_so(world: World, alg: str) -> None:
    application = app(world, userinfo_signed_response_alg=alg)
    token = world.access_token(world.grant(application))
    headers = {"Authorization": f"Bearer {token}"}
    answer = world.client.get("/oauth2/userinfo", headers=headers)
    assert answer.headers["content-type"] == "application/jwt"
    assert "no-store" in answer.headers["cache-control"]
    read = jws.deserialize_compact(answer.text, KEYS[alg], registry=REGISTRY)
    told = json.loads(read.payload)
    assert (told["iss"], told["aud"]) == (ISSUER, application.client_id)
    assert told["given_name"] == "Ada"
    # Others get it as before.
    plain = world.access_token(world.grant(app(world, contacts=("a@b.example",))))
    answer = world.client.get("/oauth2/userinfo", headers={"Authorization": f"Bearer {plain}"})
    assert answer.headers["content-type"] == "application/json"
