"""The audit entries of what a directory did: nobody acts, and the directory is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hospes.foundation.services import audit

if TYPE_CHECKING:
    from hospes.kit.origin import Origin
    from hospes.scim.models import Directory


def note(
    action: str,
    directory: Directory,
    origin: Origin,
    *,
    subject: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one entry; ``subject`` is the account it concerns."""
    audit.record(
        action,
        actor=None,
        subject=subject,
        organization=directory.organization_id,
        target=f"directory:{directory.public_id}",
        origin=origin,
        detail={"directory": directory.name, **(detail or {})},
    )
