"""Entity tags: reading what changed only, writing what nobody changed (RFC 9110 §13)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from django.db import connection

from hospes.rest.faults import Problem
from hospes.rest.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# A proxy that compresses may have made a tag weak; what it names is the same.
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e]*")')


def _tags(header: str) -> set[str]:
    return set(_TAG.findall(header))


def not_modified(request: HttpRequest, reply: Reply) -> Reply:
    """Return ``reply``, or 304 where the client has it already."""
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    if reply.etag and (header.strip() == "*" or reply.etag in _tags(header)):
        return Reply(304, b"", etag=reply.etag)
    return reply


def check_match(request: HttpRequest, read: Callable[[], Reply | None], *, key: str) -> None:
    """Refuse a write to an object that is not as ``If-Match`` says; ``read`` answers it.

    Raises:
        Problem: ``precondition_failed``.

    """
    header = request.META.get("HTTP_IF_MATCH", "")
    if not header.strip():
        return
    if connection.vendor == "postgresql":
        # Two that name the same tag go one after the other. SQLite writes one at a time anyway.
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    reply = read()
    if reply is None or (header.strip() != "*" and reply.etag not in _tags(header)):
        raise Problem("precondition_failed")
