"""Web Push: encrypted messages to browsers and phones (RFC 8030, 8291, 8292)."""

from __future__ import annotations

import base64
import json
import re
import time
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from hospes.foundation.errors import PermanentFailure
from hospes.foundation.gateways.outgoing import Forbidden, Outgoing

if TYPE_CHECKING:
    from collections.abc import Mapping

CLIENT = Outgoing()
# RFC 8292 §2: at most 24 hours.
TOKEN_SECONDS = 12 * 3600
_GONE = frozenset({404, 410})
_LATER = frozenset({408, 425, 429})
_SERVER_FAULT = 500
_REDIRECT, _CLIENT_FAULT = 300, 400


class Gone(Exception):
    """The subscription has ended: nobody is reached by it any more."""


class Later(Exception):
    """The push service does not take the message now."""


_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def is_known(endpoint: str) -> bool:
    """Return whether the endpoint belongs to a push service that the provider lists."""
    try:
        parts = urlsplit(endpoint)
        host = (parts.hostname or "").lower()
        usable = parts.scheme == "https" and "@" not in parts.netloc and parts.port in {None, 443}
    except ValueError:
        return False
    # Letters of a host name only: what browsers and libraries read differently is no address.
    return (
        usable
        and _HOST.fullmatch(host) is not None
        and any(
            host == known or (known.startswith("*.") and host.endswith(known[1:]))
            for known in settings.HOSPES.push_hosts
        )
    )


def is_point(data: bytes) -> bool:
    """Return whether these bytes are an uncompressed point on P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)
    except ValueError:
        return False
    return True


def _private_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(
        int.from_bytes(settings.KEYS.vapid_private_key, "big"), ec.SECP256R1()
    )


def _point(key: ec.EllipticCurvePrivateKey) -> str:
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode("ascii")


def public_key() -> str:
    """Return the installation's key as ``applicationServerKey`` (base64url)."""
    return _point(_private_key())


def _authorization(endpoint: str) -> str:
    """Return the header that tells the push service who sends (RFC 8292 §3)."""
    from joserfc import jwt  # noqa: PLC0415 - the libraries load when something is sent
    from joserfc.jwk import ECKey  # noqa: PLC0415 - as above

    key = _private_key()
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.hostname}",
        # The machine's own clock: a push service knows nothing of one that was moved.
        "exp": int(time.time()) + TOKEN_SECONDS,
        "sub": _contact(),
    }
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(_jwk(key)))
    return f"vapid t={token}, k={_point(key)}"


def _contact() -> str:
    if settings.HOSPES.https:
        return str(settings.HOSPES.base_url)
    return f"mailto:{parseaddr(settings.HOSPES.mail_from)[1]}"


def _jwk(key: ec.EllipticCurvePrivateKey) -> Any:
    numbers = key.private_numbers()
    point = numbers.public_numbers
    values = {"x": point.x, "y": point.y, "d": numbers.private_value}
    return {
        "kty": "EC",
        "crv": "P-256",
        **{
            name: base64.urlsafe_b64encode(value.to_bytes(32, "big")).rstrip(b"=").decode()
            for name, value in values.items()
        },
    }


def send(
    subscription: Mapping[str, str],
    payload: Mapping[str, object],
    *,
    seconds: int,
    urgency: str,
    topic: str,
) -> None:
    """Hand ``payload`` to the push service of ``subscription`` (endpoint, p256dh, auth).

    It is kept for ``seconds`` while the device is away; a later one of the same ``topic``
    replaces it there (RFC 8030 §5).

    Raises:
        Gone: the subscription has ended.
        Later: it may be tried again.
        outgoing.Unreachable: likewise.
        PermanentFailure: it will never be taken.

    """
    # Slow to import, and only workers send; it ships no types.
    from pywebpush import WebPusher  # type: ignore[import-untyped]  # noqa: PLC0415 - as said

    endpoint = subscription["endpoint"]
    if not is_known(endpoint):
        raise PermanentFailure("the push service is not one of HOSPES_PUSH_HOSTS")
    keys = {"p256dh": subscription["p256dh"], "auth": subscription["auth"]}
    pusher = WebPusher({"endpoint": endpoint, "keys": keys})
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    body = pusher.encode(text, content_encoding="aes128gcm")["body"]
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "Authorization": _authorization(endpoint),
        "TTL": str(seconds),
        "Urgency": urgency,
        "Topic": topic,
    }
    try:
        answer = CLIENT.post(endpoint, body, headers)
    except Forbidden as error:
        raise PermanentFailure(f"the push service must not be asked: {error}") from error
    _judge(answer.status)


def _judge(status: int) -> None:
    if status in _GONE:
        raise Gone
    if status in _LATER or status >= _SERVER_FAULT:
        raise Later(f"the push service said {status}")
    if status >= _REDIRECT:
        raise PermanentFailure(f"the push service said {status}")
