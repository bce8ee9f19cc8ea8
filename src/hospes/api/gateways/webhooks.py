"""Handing a message to the server that a customer named, and what that server made of it."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from hospes import __version__
from hospes.api.domain import webhooks as rules
from hospes.foundation.gateways.outgoing import Answer, Forbidden, Outgoing, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

CLIENT = Outgoing()
EXCERPT = 500
_TAKEN = range(200, 300)
GONE = 410


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one try. ``status`` is None where no answer came; ``error`` says why."""

    status: int | None
    error: str
    milliseconds: int
    excerpt: str = field(default="", repr=False)
    retry_after: str = ""

    @property
    def taken(self) -> bool:
        """Return whether the receiver has the message now."""
        return self.status in _TAKEN


def loopback_allowed() -> bool:
    """Return whether webhooks of this installation may lead to this very machine."""
    return bool(settings.HOSPES.development)


def send(url: str, body: bytes, headers: Mapping[str, str]) -> Result:
    """Send ``body``; whatever happens is told in the result. No redirect is followed."""
    sent = {
        **headers,
        "Content-Type": "application/json",
        "User-Agent": f"Hospes-Webhooks/{__version__}",
    }
    began = time.monotonic()
    try:
        plain = loopback_allowed() and rules.is_loopback(url)
        answer = _plain(url, body, sent) if plain else CLIENT.post(url, body, sent)
    except Forbidden:
        return Result(None, "forbidden", _since(began))
    except Unreachable as error:
        late = isinstance(error.__cause__, TimeoutError) or _since(began) >= CLIENT.seconds * 1000
        return Result(None, "timeout" if late else "unreachable", _since(began))
    return Result(
        answer.status,
        "",
        _since(began),
        _readable(answer.body),
        answer.headers.get("retry-after", "")[:100],
    )


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)


def _readable(body: bytes) -> str:
    text = body[: 4 * EXCERPT].decode("utf-8", "replace")[:EXCERPT]
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in text)


def _plain(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send to this machine without TLS, which only an installation for development does."""
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = http.client.HTTPConnection(
        parts.hostname or "", parts.port or 80, timeout=CLIENT.seconds
    )
    try:
        connection.request("POST", target, body, dict(headers))
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read(4 * EXCERPT))
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        connection.close()
