"""Several dead jobs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hospes.foundation.errors import NotFound
from hospes.foundation.services import jobs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

    class Action(Protocol):
        """What is done to one dead job."""

        def __call__(self, job_id: int, *, acting_account_id: int | None, origin: Origin) -> None:
            """Do it."""


def retry(job_ids: Iterable[int], *, acting_account: Account, origin: Origin) -> int:
    """Let dead jobs be tried again, and return how many.

    A job that somebody else has already retried or discarded is passed over.
    """
    return sum(_one(jobs.retry_dead, job_id, acting_account, origin) for job_id in job_ids)


def discard(job_ids: Iterable[int], *, acting_account: Account, origin: Origin) -> int:
    """Take dead jobs off the list for good, and return how many."""
    return sum(_one(jobs.discard_dead, job_id, acting_account, origin) for job_id in job_ids)


def _one(action: Action, job_id: int, acting_account: Account, origin: Origin) -> bool:
    try:
        action(job_id, acting_account_id=acting_account.pk, origin=origin)
    except NotFound:
        return False
    return True
