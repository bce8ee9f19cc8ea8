"""Logos of organizations: set, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import audit, outbox
from hospes.identity.gateways.pictures import PictureFolder
from hospes.identity.services.pictures import accepted
from hospes.organizations.models import Organization

if TYPE_CHECKING:
    from hospes.identity.gateways.pictures import Encoded
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

# What the form names; the first frame of an animation would be no logo.
FORMATS = ("JPEG", "PNG", "WEBP")


def folder() -> PictureFolder:
    """Return where the logos are kept: apart from others, so that each room deletes its own."""
    return PictureFolder(settings.FILES_DIR / "organization-logos")


def encoded_logo(data: bytes) -> Encoded:
    """Return an uploaded file re-encoded.

    Raises:
        Refused: as ``identity.services.pictures.accepted`` does.

    """
    return accepted(data, FORMATS)


def keep_logo(organization: Organization, encoded: Encoded) -> bool:
    """Make the picture the logo, within the open transaction; return whether it is another one.

    Whoever calls writes the log.
    """
    # Files first: a row never names a file that is not there.
    folder().store(encoded)
    return _write(organization, encoded.name)


def remove_logo(organization: Organization, *, acting_account: Account, origin: Origin) -> bool:
    """Go back to the name's first letter; return whether there was a logo."""
    with transaction.atomic():
        present = Organization.objects.select_for_update().filter(pk=organization.pk).first()
        if present is None or not _write(present, ""):
            return False
        audit.record(
            "organizations.logo_removed",
            actor=acting_account.pk,
            subject=acting_account.pk,
            organization=present.pk,
            target=f"organization:{present.public_id}",
            origin=origin,
            detail={"name": present.name},
        )
        outbox.emit(
            "organizations.organization_changed",
            {
                "organization_id": present.pk,
                "actor_id": acting_account.pk,
                "name": present.name,
                "changed": ["logo"],
            },
        )
    organization.logo = ""
    return True


def discard(name: str) -> None:
    """Delete a logo's files unless an organization still shows it."""
    if name and not Organization.objects.filter(logo=name).exists():
        folder().remove(name)


def _write(organization: Organization, name: str) -> bool:
    old = organization.logo
    if old == name:
        return False
    Organization.objects.filter(pk=organization.pk).update(logo=name, updated_at=clock.now())
    organization.logo = name
    transaction.on_commit(lambda: discard(old))
    return True
