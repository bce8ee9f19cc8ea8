"""Where a request came from, as a value that services and the audit log take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The far end of one request.

    ``ip`` is the client's address after the trusted proxies were peeled off, ``""`` for the
    system itself. ``user_agent`` is cut to 400 characters. ``session_id`` is the row id of the
    sign-in session that acts, if any.
    """

    ip: str = ""
    user_agent: str = ""
    session_id: int | None = None


SYSTEM = Origin()
