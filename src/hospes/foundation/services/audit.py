"""The audit log: who did what, on what, from where. Written once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.foundation import clock, statements
from hospes.foundation.models import AuditEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from hospes.kit.origin import Origin

_labels: dict[str, StrOrPromise] = {}


def register_action(action: str, label: StrOrPromise) -> None:
    """Name ``action`` (``room.what_happened``) for people; ``label`` is a lazy translation."""
    _labels[action] = label


def describe(action: str) -> StrOrPromise:
    """Return the action's label, or the action itself where nobody named it."""
    return _labels.get(action, action)


def actions() -> dict[str, StrOrPromise]:
    """Return every named action with its label, for filters."""
    return dict(_labels)


def record(
    action: str,
    *,
    actor: int | None,
    subject: int | None = None,
    organization: int | None = None,
    target: str = "",
    origin: Origin,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry into the transaction that is open.

    ``actor`` is the account that acted (None: the system), ``subject`` the account it concerns.
    ``target`` names the thing, as ``kind:id``. ``detail`` is JSON and never holds a secret.
    """
    return statements.insert(
        AuditEntry(
            at=clock.now(),
            action=action,
            actor_account_id=actor,
            subject_account_id=subject,
            organization_id=organization,
            target=target[:120],
            ip=origin.ip,
            user_agent=origin.user_agent[:400],
            detail=detail or {},
        )
    )
