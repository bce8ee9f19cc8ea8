"""Using up a pushed authorization request (RFC 9126 §4): it gets one answer."""

from __future__ import annotations

from hospes.connect.models import PushedRequest


class AlreadyAnswered(Exception):
    """The request has given a code or an error before."""


def use(pushed_id: int, *, now: int) -> None:
    """Mark a request as answered; ``now`` in seconds since 1970. Of two at once one gets through.

    Raises:
        AlreadyAnswered: somebody was first; nothing changed.

    """
    if not PushedRequest.objects.filter(pk=pushed_id, used_at=None).update(used_at=now):
        raise AlreadyAnswered
