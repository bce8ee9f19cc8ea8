"""Phones with the Authenticator: the wire protocol, spoken by an implementation of its own."""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from hospes.foundation import clock
from hospes.identity.models import Account, Method
from hospes.identity.services.two_step import phones
from support.run import BASE_URL
from support.site import Site

if TYPE_CHECKING:
    import httpx

    from hospes.identity.models import Authenticator

DEVICE = {
    "brand": "Fairphone",
    "model": "Fairphone 5",
    "platform": "Android",
    "type": "phone",
    "app_version": "1.0",
    "locale": "de-CH",
}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Phone:
    """One phone: its key, its token, and what it was told when it was linked."""

    issuer: str = BASE_URL
    token: str = ""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    linked: dict[str, Any] = field(default_factory=dict)
    site: Site = field(default_factory=lambda: Site(user_agent="Authenticator", ip="192.0.2.77"))

    @property
    def jwk(self) -> dict[str, str]:
        """Return the public key."""
        point = self.key.public_key().public_numbers()
        x, y = (b64(value.to_bytes(32, "big")) for value in (point.x, point.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send one request with this phone's token."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        content = None if body is None else json.dumps(body)
        if body is not None:
            sent["Content-Type"] = "application/json"
        return self.site.client.request(
            method, f"/api/{path}", content=content, headers=sent | headers
        )

    def link(self, **invitation: Any) -> httpx.Response:
        """Take an invitation, by ``token`` or ``code``."""
        body = {"public_key": self.jwk, "device": DEVICE} | invitation
        answer = self.ask("POST", "2fa/link", body)
        if answer.status_code == 201:
            self.linked = answer.json()["data"]
            self.token = self.linked["token"]
        return answer

    def challenge(self) -> dict[str, Any] | None:
        """Return what the phone is asked."""
        answer = self.ask("GET", "2fa/push/challenges")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] | None = answer.json()["data"]
        return found

    def signature(self, challenge: dict[str, Any], word: str, number: str = "") -> str:
        """Sign an answer."""
        lines = ("hospes-push-v1", self.issuer, challenge["uuid"], challenge["nonce"], word, number)
        signed = self.key.sign("\n".join(lines).encode(), ec.ECDSA(hashes.SHA256()))
        r, s = utils.decode_dss_signature(signed)
        return b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def approve(self, challenge: dict[str, Any], number: str = "", **change: Any) -> httpx.Response:
        """Say YES."""
        body = {"signature": self.signature(challenge, "approve", number)}
        if number:
            body["number"] = number
        return self.ask("PATCH", f"2fa/push/challenges/{challenge['uuid']}", body | change)

    def refuse(self, challenge: dict[str, Any], **change: Any) -> httpx.Response:
        """Say NO."""
        body = {"signature": self.signature(challenge, "refuse")}
        return self.ask("DELETE", f"2fa/push/challenges/{challenge['uuid']}", body | change)


def give_phone(
    account: Account, *, subscription: phones.Subscription | None = None, **device: Any
) -> Phone:
    """Link a phone to the account, without the pages in between."""
    phone = Phone()
    now = clock.now()
    first = not Method.objects.filter(account=account, removed_at=None).exists()
    method = Method.objects.create(
        public_id=str(uuid.uuid4()),
        account=account,
        kind=Method.Kind.AUTHENTICATOR,
        name="Fairphone 5",
        is_default=first,
        created_at=now,
        confirmed_at=now,
    )
    _row, phone.token = phones.add(
        method,
        device=phones.Device(**device),
        public_key=json.dumps(phone.jwk),
        subscription=subscription,
    )
    if first:
        Account.objects.filter(pk=account.pk).update(two_step_since=now)
        account.refresh_from_db()
    return phone


def row_of(phone: Phone) -> Authenticator:
    """Return the phone's row, with its method."""
    return phones.by_token(phone.token)


def remove(phone: Phone) -> None:
    """Unlink the phone, as its owner does on the web."""
    row = row_of(phone)
    Method.objects.filter(pk=row.method_id).update(removed_at=clock.now(), is_default=False)


def random_uuid() -> str:
    """Return a name that names nothing."""
    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))
