"""Profile pictures: set, removed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.foundation.services import audit, outbox
from hospes.identity.gateways.pictures import (
    FORMATS,
    Encoded,
    PictureFolder,
    PictureRefused,
    encode,
)
from hospes.identity.models import Account
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from hospes.kit.origin import Origin

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SetPicture:
    """``data`` is the uploaded file as it came."""

    data: bytes = field(repr=False)


def folder() -> PictureFolder:
    """Return where the pictures are kept."""
    return PictureFolder(settings.FILES_DIR)


def most_megabytes() -> int:
    """Return how large an uploaded picture may be, in megabytes."""
    return numbers.get("identity.picture_megabytes")


def accepted(data: bytes, formats: tuple[str, ...] = FORMATS) -> Encoded:
    """Return an upload re-encoded.

    Raises:
        Refused: ``picture`` ``required``, ``too_large`` (with ``megabytes``), ``not_a_picture``,
            ``too_many_pixels`` or ``too_small``.

    """
    if not data:
        raise Refused(Fault("picture", "required"))
    if len(data) > most_megabytes() * MEGABYTE:
        raise Refused(Fault("picture", "too_large", {"megabytes": most_megabytes()}))
    try:
        return encode(data, formats)
    except PictureRefused as refused:
        raise Refused(Fault("picture", refused.code)) from refused


def set_picture(command: SetPicture, *, acting_account: Account, origin: Origin) -> str:
    """Re-encode and keep the picture; return its name.

    Raises:
        Refused: as ``accepted`` does.

    """
    encoded = accepted(command.data)
    # Files first: a row never names a file that is not there.
    folder().store(encoded)
    with transaction.atomic():
        _write(acting_account, encoded.name, "identity.picture_changed", origin)
    return encoded.name


def remove_picture(*, acting_account: Account, origin: Origin) -> bool:
    """Go back to initials; return whether there was a picture."""
    if not acting_account.picture:
        return False
    with transaction.atomic():
        _write(acting_account, "", "identity.picture_removed", origin)
    return True


def _write(account: Account, name: str, action: str, origin: Origin) -> None:
    old = account.picture
    if old == name:
        return
    Account.objects.filter(pk=account.pk).update(picture=name, updated_at=clock.now())
    account.picture = name
    audit.record(action, actor=account.pk, subject=account.pk, origin=origin)
    outbox.emit("identity.profile_changed", {"account_id": account.pk})
    if old:
        transaction.on_commit(lambda: discard(old))


def discard(name: str) -> None:
    """Delete a picture's files unless an account still shows it."""
    if name and not Account.objects.filter(picture=name).exists():
        folder().remove(name)
