"""Logos of applications: set, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.connect.models import Application
from hospes.foundation.services import audit
from hospes.identity.gateways.pictures import PictureFolder
from hospes.identity.services.pictures import accepted

if TYPE_CHECKING:
    from hospes.identity.gateways.pictures import Encoded
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

# What the form names; the first frame of an animation would be no logo.
FORMATS = ("JPEG", "PNG", "WEBP")


def folder() -> PictureFolder:
    """Return where the logos are kept: apart from people's pictures, which not all may see."""
    return PictureFolder(settings.FILES_DIR / "logos")


def encoded_logo(data: bytes) -> Encoded:
    """Return an uploaded file re-encoded.

    Raises:
        Refused: as ``accepted`` does.

    """
    return accepted(data, FORMATS)


def keep_logo(
    application: Application, encoded: Encoded, *, acting_account: Account, origin: Origin
) -> None:
    """Keep the re-encoded picture as the application's logo."""
    # Files first: a row never names a file that is not there.
    folder().store(encoded)
    _write(application, encoded.name, "connect.logo_changed", acting_account, origin)


def remove_logo(application: Application, *, acting_account: Account, origin: Origin) -> bool:
    """Go back to the name's first letter; return whether there was a logo."""
    if not application.logo:
        return False
    _write(application, "", "connect.logo_removed", acting_account, origin)
    return True


def discard(name: str) -> None:
    """Delete a logo's files unless an application still shows it."""
    if name and not Application.objects.filter(logo=name).exists():
        folder().remove(name)


def _write(
    application: Application, name: str, action: str, account: Account, origin: Origin
) -> None:
    old = application.logo
    if old == name:
        return
    with transaction.atomic():
        Application.objects.filter(pk=application.pk).update(logo=name)
        audit.record(
            action,
            actor=account.pk,
            subject=account.pk,
            organization=application.organization_id,
            target=application.client_id,
            origin=origin,
            detail={"name": application.name},
        )
        transaction.on_commit(lambda: discard(old))
    application.logo = name
