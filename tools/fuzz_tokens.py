"""Targets: what is signed, or says that it is."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from joserfc.jwk import ECKey

from hospes.edge.signing import Signer
from hospes.protocols.oauth import authorize, claims_request, id_token, request_object
from hospes.protocols.oauth import client_keys as known_keys
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.id_token import REGISTRY
from hospes.protocols.push import answers
from tools.fuzz_kit import Target, latin, need, split, text

if TYPE_CHECKING:
    from collections.abc import Mapping

ISSUER = "https://i.example"
HEADER = b'{"alg":"ES256","kid":"e"}'
CLAIMS = b'{"iss":"https://i.example","sub":"s","aud":"app"}'
# A key for fuzzing, the same in each run, so that a find can be shown again.
_KEY = ECKey.import_key(
    {
        "kty": "EC",
        "crv": "P-256",
        "kid": "e",
        "use": "sig",
        "alg": "ES256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    }
)
_PUBLIC: Mapping[str, Any] = {"keys": [_KEY.as_dict(private=False)]}


@cache
def _own() -> str:
    return Signer("ES256", "e", _KEY).sign(json.loads(CLAIMS))


def _read(token: str) -> id_token.Hint | None:
    return id_token.read_hint(token, jwks=_PUBLIC, issuer=ISSUER)


def forged_hint(data: bytes) -> None:
    """Read an ID token that nobody here signed: raw, and put together of header and claims."""
    header, claims = split(data)
    parts = (answers.encoded(header), answers.encoded(claims))
    signature = _own().rpartition(".")[2]
    for token in (
        text(data),
        ".".join((*parts, "")),
        ".".join((*parts, signature)),
        _own().partition(".")[0] + "." + ".".join((parts[1], signature)),
    ):
        found = _read(token)
        # Nothing that says something else than the one token of ours may pass.
        if found is not None:
            need(token.split(".")[:2] == _own().split(".")[:2], "a forged token is believed")
            need(found == id_token.Hint("s", "app"), "a token says what it does not")


def signed_hint(data: bytes) -> None:
    """Read an ID token of ours whose claims are anything at all."""
    header = answers.encoded(HEADER)
    message = f"{header}.{answers.encoded(data)}"
    signature = REGISTRY.get_alg("ES256").sign(message.encode("ascii"), _KEY)
    found = _read(f"{message}.{answers.encoded(signature)}")
    if found is not None:
        told = json.loads(data)
        need(told["iss"] == ISSUER, "another issuer's")
        need((told["sub"], told["aud"]) == (found.subject, found.client_id), "another's")


def signed_object(data: bytes) -> None:
    """Read a request object: raw, and claims of any kind that an application has signed."""
    header = answers.encoded(HEADER)
    message = f"{header}.{answers.encoded(data)}"
    signature = REGISTRY.get_alg("ES256").sign(message.encode("ascii"), _KEY)
    for sent in (text(data), f"{message}.{answers.encoded(signature)}"):
        request_object.is_signed(sent)
        with suppress(request_object.InvalidObject):
            found = request_object.opened(
                sent,
                ClientView("app", "web"),
                lambda _kid: known_keys.read_set(json.dumps(_PUBLIC)),
                names=authorize.NAMES,
                issuer=ISSUER,
                skew=30,
                now=1_800_000_000,
            )
            told = json.loads(data)
            need(told["iss"] == "app" and ISSUER in str(told["aud"]), "it is not for us")
            need(set(found.values) <= set(authorize.NAMES), "a parameter that nobody knows")
            need(not {"request", "request_uri"} & set(found.values), "a request in a request")
            need(all(found.values.values()), "a parameter without a value")


def phone_key(data: bytes) -> None:
    """Read a phone's public key, a JWK, and a signature of it."""
    first, signature = split(data)
    try:
        jwk = json.loads(first)
    except (ValueError, RecursionError):
        return
    with suppress(answers.NotAKey):
        key = answers.canonical_key(jwk)
        need('"d"' not in key, "a private key is kept")
        need(answers.canonical_key(json.loads(key)) == key, "what was read is not read again")
        need(not answers.is_signed(key, b"never signed", latin(signature)), "a forged answer")


def claims_parameter(data: bytes) -> None:
    """Read a claims request; what is kept of it is read again as the same."""
    with suppress(claims_request.UnreadableError):
        asked = claims_request.read(text(data))
        need(claims_request.read(asked.text) == asked if asked.text else True, "not read again")
        need(asked.text.isascii(), "what is stored is no plain text")
        if asked.text:
            told = claims_request.stored(asked.text)
            need(set(told.userinfo) <= claims_request.SECTIONS["userinfo"], "an unknown claim")


def unsigned_object(data: bytes) -> None:
    """Read what a refused request object wishes for."""
    header, payload = split(data)
    for sent in (text(data), f"{answers.encoded(header)}.{answers.encoded(payload)}."):
        wish = request_object.wish_of(sent)
        need(wish.state.isprintable(), "a state that no address can carry")


_PHONE = json.dumps({name: _PUBLIC["keys"][0][name] for name in ("kty", "crv", "x", "y")}).encode()

TARGETS: tuple[Target, ...] = (
    Target(
        "forged_hint",
        forged_hint,
        (
            b'{"alg":"none"}\n' + CLAIMS,
            b'{"alg":"ES256","kid":"x","jwk":{"kty":"EC"}}\n' + CLAIMS,
            b'{"alg":"HS256","crit":["b64"],"b64":false}\n' + CLAIMS,
            HEADER + b"\n" + b"[" * 2000,
            _own().encode(),
        ),
    ),
    Target("signed_hint", signed_hint, (CLAIMS, b'{"iss":[],"aud":["a"]}', b"[" * 3000, b"1e999")),
    Target(
        "claims_parameter",
        claims_parameter,
        (
            b'{"id_token":{"acr":{"essential":true,"values":["2"]},"email":null}}',
            b'{"userinfo":{"sub":{"value":"s"},"name":{"essential":true}},"x":[[[[]]]]}',
            b'{"userinfo":{"name":null,"name":null}}',
            b'{"id_token":{"acr":{"values":["\\ud800"]}}}',
            b"[" * 3000,
        ),
    ),
    Target(
        "unsigned_object",
        unsigned_object,
        (
            b'{"alg":"none"}\n{"response_mode":"form_post","state":"x"}',
            b'{"alg":"none"}\n{"state":"\\u0000"}',
            b'{"alg":[]}\n[]',
        ),
    ),
    Target(
        "signed_object",
        signed_object,
        (
            b'{"iss":"app","aud":"https://i.example","exp":1800000060,"scope":"openid"}',
            b'{"iss":"app","aud":["https://i.example"],"exp":1800000060,"claims":{},"max_age":1}',
            b'{"iss":"app","aud":"https://i.example","exp":1800000060,"request":"e30.e30.AA"}',
            b'{"iss":"app","aud":"https://i.example","exp":1e999,"state":"\\ud800"}',
        ),
    ),
    Target("phone_key", phone_key, (_PHONE + b"\n" + answers.encoded(b"s" * 64).encode(),)),
)
