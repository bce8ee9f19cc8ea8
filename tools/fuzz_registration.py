"""Fuzzing the metadata that applications are registered with."""

from __future__ import annotations

import json
from contextlib import suppress

from hospes.protocols.oauth import clients, options, redirects, registration, signed
from tools.fuzz_kit import Target, need, text


def metadata(data: bytes) -> None:
    """Judge a registration's body."""
    with suppress(signed.UnreadableError):
        found = registration.judge(signed.members_of(text(data)), most_addresses=5)
        need(all(fault.text for fault in found.faults), "a fault without words")
        if found.faults:
            return
        kept = found.metadata
        for uri in (*kept.redirect_uris, *kept.logout_redirect_uris):
            need(not redirects.faults(uri, kept.type), "an address that may not be registered")
        need('"d":' not in kept.options.jwks, "a private key is kept")
        need(
            kept.has_secret
            or bool(kept.options.jwks or kept.options.jwks_uri)
            or kept.type == "mobile"
            or "tls" in kept.options.token_endpoint_auth_method,
            "an application that proves nothing",
        )
        need(kept.options.token_endpoint_auth_method in {"", *clients.METHODS}, "an unknown method")
        need(options.read(options.write(kept.options)) == kept.options, "options are not kept")
        again = registration.judge(
            json.loads(json.dumps(registration.describe(kept))), most_addresses=5
        )
        need(not again.faults, "what is told of it may not be registered")


TARGETS: tuple[Target, ...] = (
    Target(
        "client_metadata",
        metadata,
        (
            b'{"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"none"}',
            b'{"redirect_uris":["com.a:/"],"application_type":"native","client_name":"A"}',
            b'{"grant_types":["client_credentials"],"jwks":{"keys":[{"kty":"EC"}]}}',
            b'{"jwks":{"keys":[{"kty":"oct","k":"AA"}]},"jwks_uri":"https://a.example"}',
            b'{"response_types":[],"contacts":[[]],"default_max_age":1e400}',
        ),
    ),
)
