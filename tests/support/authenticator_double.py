"""The provider's side of the Authenticator's wire protocol, as far as its own tests need it.

It answers what a browser context asks of ``/api``. Signatures are verified, tokens and codes are
single use, a request is answered once; so it refuses what the real one refuses. What the real one
hardly does on demand (a key that does not match, a network that goes away) it does when told.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

# RFC 6238, appendix B: the ASCII string 12345678901234567890.
RFC_SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
TRIES = 2


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def verifies(jwk: dict[str, str], signature: str, message: str) -> bool:
    """Return whether ``signature`` (raw r || s, base64url) is that of the key over ``message``."""
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    if len(raw) != 64:
        return False
    der = utils.encode_dss_signature(
        int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    )
    numbers = ec.EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), ec.SECP256R1())
    try:
        numbers.public_key().verify(der, message.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


@dataclass
class Linked:
    """A phone that was linked."""

    account: dict[str, str]
    method: str
    public_key: dict[str, str]
    device: dict[str, str]
    removed: bool = False
    push: Any = None


@dataclass
class Double:
    """The provider. ``asked`` are the calls it got, in their order."""

    issuer: str
    provider: str = "Alpenhost"
    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    phones: dict[str, Linked] = field(default_factory=dict)
    challenges: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    unreachable: bool = False
    wrong_key: bool = False
    locked: bool = False
    # The list of requests stays as it was: the phone does not learn of a change before it answers.
    frozen: bool = False
    # Tell the time in the Date header.
    date: bool = False
    _last: dict[str, Any] | None = None

    def serve(self, context: BrowserContext) -> None:
        """Answer this browser context."""
        context.route(lambda url: urlsplit(url).path.startswith("/api/"), self._answer)

    def invite(
        self, name: str = "Lea Amsler", email: str = "lea@bergblume.example", *, first: bool = True
    ) -> tuple[str, str]:
        """Return the token and the typed code of a new link."""
        token, code = secrets.token_urlsafe(24), f"7K2M9-QX4T{len(self.links) % 10}"
        link = {
            "account": {"id": email, "name": name, "email": email},
            "first": first,
            "used": False,
            "expired": False,
        }
        self.links[token] = self.links[code] = link
        return token, code

    def ask(self, email: str = "lea@bergblume.example", **values: Any) -> dict[str, Any]:
        """Open a request; return it. ``state`` tells later how it ended."""
        now = int(time.time())
        challenge = {
            "uuid": secrets.token_hex(8),
            "type": "approval",
            "account": {"id": email, "email": email},
            "application": "Shop Lindau",
            "browser": "Firefox on Windows",
            "device": {"name": "Firefox on Windows", "type": "computer"},
            "location": "Zürich, Switzerland",
            "ip": "192.0.2.44",
            "created_at": now,
            "expires_at": now + 300,
            "nonce": secrets.token_urlsafe(32),
            "number_required": True,
            **values,
            "number": "42",
            "state": "open",
            "wrong": 0,
        }
        self.challenges.append(challenge)
        return challenge

    def remove(self, email: str = "lea@bergblume.example") -> None:
        """Remove the account's phones, as on the web."""
        for phone in self.phones.values():
            if phone.account["email"] == email:
                phone.removed = True

    # ---- the wire ----------------------------------------------------------------------------

    def _answer(self, route: Route) -> None:
        request = route.request
        path = urlsplit(request.url).path.removeprefix("/api/")
        self.asked.append((request.method, path))
        if self.unreachable:
            route.abort("internetdisconnected")
            return
        body = request.post_data_json if request.post_data else {}
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        status, told = self._handle(request.method, path, bearer, body)
        shape = {"result": "success", "data": told}
        if status >= 400:
            shape = {"result": "error", "error": {"description": "No.", **told}}
        headers = {"Date": formatdate(usegmt=True)} if self.date else {}
        route.fulfill(
            status=status,
            headers={"Content-Type": "application/json", **headers},
            body=json.dumps(shape),
        )

    def _handle(self, method: str, path: str, bearer: str, body: dict[str, Any]) -> Any:
        if self.frozen and path == "2fa/push/challenges":
            return 200, self._last
        if path.startswith("2fa/link"):
            return self._link(path, body)
        phone = None if self.locked else self.phones.get(bearer)
        if phone is None or phone.removed:
            return 401, {"code": "device_removed" if phone else "not_authorized"}
        if method in {"PATCH", "DELETE"} and path.startswith("2fa/push/challenges/"):
            return self._decide(method, path.rpartition("/")[2], phone, body)
        return 200, self._tell(path, phone, body)

    def _tell(self, path: str, phone: Linked, body: dict[str, Any]) -> Any:
        if path == "2fa/push/key":
            return {"vapid_public_key": _PUBLIC}
        if path == "1/devices/current":
            phone.device |= {k: v for k, v in body.items() if k != "push"}
            phone.push = body.get("push", phone.push)
            return {"id": phone.method, "name": phone.device["name"]}
        self._last = self._open_for(phone)
        return self._last

    def _link(self, path: str, body: dict[str, Any]) -> Any:
        link = self.links.get(body.get("token") or body.get("code") or "")
        if link is None:
            return 404, {"code": "link_unknown"}
        if link["used"] or link["expired"]:
            return 410, {"code": "link_used" if link["used"] else "link_expired"}
        provider = {"name": self.provider, "issuer": self.issuer}
        if path.endswith("preview"):
            name, _, host = link["account"]["email"].partition("@")
            masked = {**link["account"], "email": f"{name[0]}…@{host}"}
            return 200, {"account": masked, "provider": provider, "expires_at": 0}
        link["used"] = True
        token, method = f"hsp_dev_{secrets.token_hex(20)}", secrets.token_hex(8)
        phone = Linked(link["account"], method, body["public_key"], body["device"])
        phone.push = body.get("push")
        self.phones[token] = phone
        return 201, {
            "account": link["account"],
            "provider": provider,
            "method": {"id": method, "name": body["device"]["name"]},
            "token": token,
            "totp": {"secret": RFC_SEED, "digits": 6, "period": 30, "algorithm": "SHA1"},
            "backup_codes": [f"{n:04}-{n * 7:04}-AB" for n in range(10)] if link["first"] else [],
        }

    def _open_for(self, phone: Linked) -> dict[str, Any] | None:
        for challenge in reversed(self.challenges):
            own = challenge["account"]["id"] == phone.account["id"]
            if own and challenge["state"] == "open":
                hidden = {"number", "state", "wrong"}
                return {k: v for k, v in challenge.items() if k not in hidden}
        return None

    def _decide(self, method: str, uuid: str, phone: Linked, body: dict[str, Any]) -> Any:
        challenge = next((c for c in self.challenges if c["uuid"] == uuid), None)
        if challenge is None or challenge["account"]["id"] != phone.account["id"]:
            return 404, {"code": "not_found"}
        if challenge["state"] == "expired":
            return 410, {"code": "expired"}
        if challenge["state"] != "open":
            return 404, {"code": "already_processed"}
        approves = method == "PATCH"
        number = body.get("number", "") if approves else ""
        answer = "approve" if approves else "refuse"
        lines = ["hospes-push-v1", self.issuer, uuid, challenge["nonce"], answer, number]
        signature = body.get("signature", "")
        if self.wrong_key or (
            (approves or signature) and not verifies(phone.public_key, signature, "\n".join(lines))
        ):
            return 403, {"code": "bad_signature"}
        if approves and challenge["number_required"] and number != challenge["number"]:
            challenge["wrong"] += 1
            left = TRIES - challenge["wrong"]
            challenge["state"] = "open" if left else "mismatched"
            return 422, {"code": "wrong_number", "tries_left": left}
        challenge["state"] = "approved" if approves else "refused"
        challenge["signed"] = bool(signature)
        return 200, True


_POINT = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
)
_PUBLIC = base64.urlsafe_b64encode(_POINT).decode().rstrip("=")
