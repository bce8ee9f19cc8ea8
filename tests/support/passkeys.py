"""An authenticator in software: it keeps passkeys and answers as browsers hand its answers on."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from support.run import BASE_URL

if TYPE_CHECKING:
    import httpx

    from support.site import Site

UP, UV, BE, BS, AT = 1, 4, 8, 16, 64
RP_ID = "hospes.test"

Json = dict[str, Any]


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    """One passkey, with its private key."""

    key: ec.EllipticCurvePrivateKey
    credential_id: bytes
    user_handle: bytes
    count: int = 0


@dataclass
class Authenticator:
    """A thing that keeps passkeys. The fields say what it does, rightly or wrongly."""

    origin: str = BASE_URL
    rp_id: str = RP_ID
    verifies: bool = True
    present: bool = True
    synced: bool = False
    counts: bool = True
    aaguid: bytes = bytes(16)
    transports: tuple[str, ...] = ("internal",)
    discoverable: bool | None = True
    credentials: list[Credential] = field(default_factory=list)

    # ---- making ------------------------------------------------------------------------------

    def create(self, options: Json, **client_data: Any) -> Json:
        """Make a passkey; ``client_data`` goes over what the browser states."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = Credential(key, secrets.token_bytes(32), decode(options["user"]["id"]))
        self.credentials.append(made)
        numbers = key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        )
        attested = (
            self.aaguid + struct.pack(">H", len(made.credential_id)) + made.credential_id + cose
        )
        data = self._data(made, AT) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        results = {} if self.discoverable is None else {"credProps": {"rk": self.discoverable}}
        return {
            "id": encode(made.credential_id),
            "rawId": encode(made.credential_id),
            "type": "public-key",
            "clientExtensionResults": results,
            "response": {
                "clientDataJSON": self._stated("webauthn.create", options, client_data),
                "attestationObject": encode(attestation),
                "transports": list(self.transports),
            },
        }

    # ---- answering ---------------------------------------------------------------------------

    def get(self, options: Json, credential: Credential | None = None, **client_data: Any) -> Json:
        """Answer with the last passkey it made, or with ``credential``."""
        used = credential or self.credentials[-1]
        if self.counts:
            used.count += 1
        data = self._data(used)
        stated = self._stated("webauthn.get", options, client_data)
        digest = hashlib.sha256(decode(stated)).digest()
        signature = used.key.sign(data + digest, ec.ECDSA(hashes.SHA256()))
        return {
            "id": encode(used.credential_id),
            "rawId": encode(used.credential_id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": stated,
                "authenticatorData": encode(data),
                "signature": encode(signature),
                "userHandle": encode(used.user_handle),
            },
        }

    def _data(self, credential: Credential, flags: int = 0) -> bytes:
        flags |= UP if self.present else 0
        flags |= UV if self.verifies else 0
        flags |= BE | BS if self.synced else 0
        count = credential.count if self.counts else 0
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, count)

    def _stated(self, kind: str, options: Json, over: Json) -> str:
        stated = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **over,
        }
        return encode(json.dumps(stated).encode())


def ask(site: Site, url: str) -> Json:
    """Return what the page's script is told by ``url``: what to ask the authenticator for."""
    if site.cookie("csrf") is None:
        # As the page does that the script is part of.
        site.get("/sign-in?add=1")
    response = site.post(url)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    assert answer["result"] == "success"
    data: Json = answer["data"]
    return data


def send(site: Site, url: str, answer: Json | str, **fields: str) -> httpx.Response:
    """Send the form with what the authenticator answered."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return site.post(url, {"passkey": text, **fields})


ADD = "/settings/two-step/passkey"
SIGN_IN = "/sign-in/passkey"
CONFIRM = "/sign-in/confirm/passkey"
VERIFY = "/sign-in/verify/passkey"


def add(site: Site, authenticator: Authenticator, name: str = "") -> httpx.Response:
    """Add a passkey to the account that is signed in on ``site``."""
    made = authenticator.create(ask(site, f"{ADD}/options"))
    return send(site, ADD, made, name=name)


def sign_in(site: Site, authenticator: Authenticator, **fields: str) -> httpx.Response:
    """Sign in with the authenticator's last passkey alone."""
    return send(site, SIGN_IN, authenticator.get(ask(site, f"{SIGN_IN}/options")), **fields)
