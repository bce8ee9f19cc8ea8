"""Writes that may be sent again: draft-ietf-httpapi-idempotency-key-header-07.

The answer is kept in the very transaction that writes what it tells of: after a crash either both
are there or neither is, and then the key is free again when the lease is over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from hospes.foundation import clock, numbers, sealing
from hospes.foundation.registry import task
from hospes.rest.faults import Problem, wrong
from hospes.rest.models import IdempotentAnswer
from hospes.rest.replies import Reply

if TYPE_CHECKING:
    from datetime import datetime

PURGE = "rest.purge_idempotent_answers"
LONGEST_KEY = 255
_BATCH = 5000
_SERVER_ERROR = 500
_TOO_EARLY = 429


def context_of(row: Any) -> str:
    """Return what a row's body is sealed for: it opens in no other row."""
    return f"rest_idempotent_answer.body:{row.holder}:{row.key_hash}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that this request holds until it is answered."""

    pk: int
    holder: str
    key_hash: str
    claimed_at: datetime

    def keep(self, reply: Reply) -> None:
        """Keep the answer, within the transaction that is open."""
        sealed = sealing.seal(reply.body, context=context_of(self))
        IdempotentAnswer.objects.filter(pk=self.pk, status=None, created_at=self.claimed_at).update(
            status=reply.status, headers=dict(reply.headers), body=sealed
        )

    def release(self) -> None:
        """Free the key: nothing came of the request."""
        IdempotentAnswer.objects.filter(
            pk=self.pk, status=None, created_at=self.claimed_at
        ).delete()


def claim(
    key: str, *, token_id: int, method: str, path: str, query: str, body: bytes
) -> Claim | Reply:
    """Take the key for this request, or return what its first one was answered.

    Raises:
        Problem: ``validation_failed`` for a key that is none, ``idempotency_key_reused`` where
            it belongs to another request, ``request_in_progress`` while that is under way.

    """
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Problem("validation_failed", wrong("Idempotency-Key", "max", max=LONGEST_KEY))
    holder = f"token:{token_id}"
    key_hash = hashlib.sha256(key.encode()).hexdigest()
    parts = json.dumps([method, path, query]).encode() + b"\n" + body
    fingerprint = hashlib.sha256(parts).hexdigest()
    now = clock.now()
    kept = timedelta(hours=numbers.get("api.idempotency_hours"))
    with transaction.atomic():
        IdempotentAnswer.objects.filter(
            holder=holder, key_hash=key_hash, created_at__lte=now - kept
        ).delete()
        row = IdempotentAnswer(
            holder=holder, key_hash=key_hash, fingerprint=fingerprint, created_at=now
        )
        try:
            # Of two at the same moment one gets it.
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            found = IdempotentAnswer.objects.filter(holder=holder, key_hash=key_hash).first()
            if found is None:
                # Given free in this moment: the next try gets it.
                raise _in_progress() from None
            return _known(found, row, now)
        return Claim(row.pk, holder, key_hash, now)


def _known(found: IdempotentAnswer, row: IdempotentAnswer, now: datetime) -> Claim | Reply:
    lease = timedelta(seconds=numbers.get("api.idempotency_lease_seconds"))
    if found.fingerprint != row.fingerprint:
        raise Problem(
            "idempotency_key_reused",
            wrong("Idempotency-Key", "unique"),
        )
    if found.status is not None:
        body = sealing.open_sealed(found.body, context=context_of(found))
        headers = {**found.headers, "Idempotency-Replayed": "true"}
        return Reply(found.status, body, headers)
    taken = IdempotentAnswer.objects.filter(
        pk=found.pk, status=None, created_at__lte=now - lease
    ).update(created_at=now)
    if not taken:
        raise _in_progress()
    return Claim(found.pk, found.holder, found.key_hash, now)


def _in_progress() -> Problem:
    return Problem("request_in_progress", headers={"Retry-After": "1"})


def to_keep(reply: Reply) -> bool:
    """Return whether a repeated request gets this answer.

    What is over by itself, our own failures and waiting, is tried again.
    """
    return reply.status < _SERVER_ERROR and reply.status != _TOO_EARLY


@task(PURGE)
def purge(_payload: dict[str, Any]) -> None:
    """Forget answers past their hours."""
    before = clock.now() - timedelta(hours=numbers.get("api.idempotency_hours"))
    rows = IdempotentAnswer.objects.filter(created_at__lte=before)
    while batch := list(rows.values_list("pk", flat=True)[:_BATCH]):
        IdempotentAnswer.objects.filter(pk__in=batch).delete()
