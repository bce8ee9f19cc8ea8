"""Targets: what applications prove themselves with."""

from __future__ import annotations

import json
from contextlib import suppress

from joserfc.jwk import ECKey

from hospes.protocols.oauth import assertions, certificates, client_keys, dpop, signed
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.errors import OAuthError, Unproved
from hospes.protocols.oauth.id_token import REGISTRY
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.signed import UnreadableError
from tools.fuzz_kit import Target, need, split, text

NOW = 1_800_000_000
ISSUER = "https://i.example"
URL = f"{ISSUER}/token"
THUMBPRINT = 43
_KEY = ECKey.generate_key("P-256")
_PUBLIC = {name: _KEY.as_dict(private=False)[name] for name in ("kty", "crv", "x", "y")}
_SET = json.dumps({"keys": [{**_PUBLIC, "kid": "k"}]})
_KEYS = client_keys.read_set(_SET)
_BY_KEY = ClientOptions(token_endpoint_auth_method="private_key_jwt")  # noqa: S106 - a method
_CLIENT = ClientView("app", "web", options=_BY_KEY)
_STRICT = ClientView("app", "web", options=ClientOptions(profile="fapi2"))
_RULES = assertions.Rules((ISSUER, URL), skew=30, longest=3600)
_WINDOW = dpop.Rules(seconds=60, skew=30)
CLAIMS = b'{"iss":"app","sub":"app","aud":"https://i.example","exp":1800000060,"jti":"j"}'
PROOF = b'{"htm":"POST","htu":"https://i.example/token","iat":1800000000,"jti":"j"}'


def _signed(header: dict[str, object], payload: bytes) -> str:
    """Return a payload that the key has really signed, whatever it says."""
    message = f"{signed.encoded(json.dumps(header).encode())}.{signed.encoded(payload)}"
    signature = REGISTRY.get_alg("ES256").sign(message.encode("ascii"), _KEY)
    return f"{message}.{signed.encoded(signature)}"


def _assert(token: str, client: ClientView) -> str:
    return assertions.check(token, client, lambda _kid: _KEYS, rules=_RULES, now=NOW)


def forged_assertion(data: bytes) -> None:
    """Read an assertion that nobody signed: raw, and put together of header and claims."""
    header, claims = split(data)
    parts = f"{signed.encoded(header)}.{signed.encoded(claims)}"
    for token in (text(data), f"{parts}.", f"{parts}.{signed.encoded(bytes(64))}"):
        assertions.subject_of(token)
        for client in (_CLIENT, _STRICT):
            with suppress(Unproved):
                _assert(token, client)
                need(False, "a forged assertion is believed")


def signed_assertion(data: bytes) -> None:
    """Read claims that the right key signed."""
    token = _signed({"alg": "ES256"}, data)
    with suppress(Unproved):
        need(bool(_assert(token, _CLIENT)), "an assertion without a name")
        told = json.loads(data)
        need(told["iss"] == told["sub"] == "app", "somebody else's assertion")
        need(NOW - 30 < told["exp"] <= NOW + 3630, "an assertion out of its time")
    with suppress(Unproved):
        _assert(token, _STRICT)
        need(json.loads(data)["aud"] == ISSUER, "the strict profile takes another audience")


def dpop_proof(data: bytes) -> None:
    """Read a proof: raw, one that nobody signed, and claims that its key signed."""
    header, claims = split(data)
    parts = f"{signed.encoded(header)}.{signed.encoded(claims)}"
    for proof in (text(data), f"{parts}.{signed.encoded(bytes(64))}"):
        with suppress(OAuthError):
            dpop.check(proof, method="POST", urls=(URL,), rules=_WINDOW, now=NOW)
            need(False, "a forged proof is believed")
    good = {"typ": "dpop+jwt", "alg": "ES256", "jwk": _PUBLIC}
    with suppress(OAuthError):
        found = dpop.check(
            _signed(dict(good), claims), method="POST", urls=(URL,), rules=_WINDOW, now=NOW
        )
        need(len(found.thumbprint) == THUMBPRINT and bool(found.jti), "a proof that proves nothing")
        told = json.loads(claims)
        need(told["htm"] == "POST", "a proof for another method")
        need(dpop.normalized(told["htu"]) == URL, "a proof for another address")


def key_set(data: bytes) -> None:
    """Read a key set; nothing private or weak comes through."""
    with suppress(UnreadableError):
        for each in client_keys.read_set(text(data)).keys:
            need(not each.key.is_private, "a private key is taken")
            need(len(each.kid) <= client_keys.LONGEST_KID, "an endless name")
            told = each.key.as_dict(private=False)
            need(len(client_keys.thumbprint(told)) == THUMBPRINT, "a key without a thumbprint")


def certificate(data: bytes) -> None:
    """Read a header with a certificate, and judge it."""
    der = certificates.der_of(data.decode("latin-1"))
    need(bool(der) == bool(certificates.thumbprint(der)), "a thumbprint of nothing")
    for method in certificates.METHODS:
        options = ClientOptions(
            token_endpoint_auth_method=method, tls_client_auth_subject_dn=text(data)[:200]
        )
        client = ClientView("app", "web", options=options)
        for each in (der, data):
            with suppress(Unproved):
                certificates.check(
                    each, client, lambda _kid: _KEYS, trusted=certificates.Trusted(), now=NOW
                )
                need(False, "a certificate that nobody vouches for")


TARGETS: tuple[Target, ...] = (
    Target(
        "forged_assertion",
        forged_assertion,
        (
            b'{"alg":"none"}\n' + CLAIMS,
            b'{"alg":"ES256","kid":"k"}\n' + CLAIMS,
            b'{"alg":"HS256","crit":["b64"]}\n' + CLAIMS,
        ),
    ),
    Target("signed_assertion", signed_assertion, (CLAIMS, b'{"exp":1e400}', b"[" * 3000)),
    Target(
        "dpop_proof",
        dpop_proof,
        (
            json.dumps({"typ": "dpop+jwt", "alg": "ES256", "jwk": _PUBLIC}).encode()
            + b"\n"
            + PROOF,
            b'{"typ":"dpop+jwt","alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}}\n{}',
        ),
    ),
    Target(
        "key_set",
        key_set,
        (_SET.encode(), b'{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"oct","k":"AA"}]}'),
    ),
    Target("certificate", certificate, (b":MIIB:", b"-----BEGIN CERTIFICATE----- AA==", b"%2F%0A")),
)
