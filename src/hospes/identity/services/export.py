"""A copy of everything kept about an account, made by a job and fetched by its owner."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from hospes.foundation import clock, numbers, sealing
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, jobs
from hospes.foundation.services.messages import send_mail
from hospes.identity.mails import settings as mails
from hospes.identity.models import DataExport
from hospes.identity.services import mail_links, security_notices
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

    Section = Callable[[Account], Any]

BUILD = "identity.build_data_export"
State = DataExport.State

_sections: dict[str, Section] = {}


def register_section(name: str, section: Section) -> None:
    """Have ``<name>.json`` in every export hold what ``section(account)`` returns.

    ``name`` is lower-case words joined by ``_``. The value is what JSON can hold, and times,
    which are written in ISO 8601.
    """
    _sections[name] = section


def sections() -> dict[str, Section]:
    """Return what an export consists of."""
    return dict(_sections)


def request_export(*, acting_account: Account, origin: Origin) -> DataExport:
    """Have a copy made of all that is kept about the acting account.

    Raises:
        Refused: ``being_made``, where one is on its way already.

    """
    try:
        with transaction.atomic():
            export = DataExport.objects.create(
                public_id=str(uuid.uuid4()),
                account=acting_account,
                sections_total=len(_sections),
                requested_at=clock.now(),
            )
            jobs.enqueue(BUILD, {"export_id": export.pk})
            audit.record(
                "identity.data_export_requested",
                actor=acting_account.pk,
                subject=acting_account.pk,
                target=f"data_export:{export.public_id}",
                origin=origin,
            )
            security_notices.tell(acting_account, "data_export_requested", origin=origin)
    except IntegrityError as waiting:
        raise Refused(Fault("", "being_made")) from waiting
    return export


def _path(export: DataExport) -> Path:
    folder: Path = settings.FILES_DIR / "exports"
    return folder / f"{export.public_id}.sealed"


def _context(export: DataExport) -> str:
    return f"identity.data_export:{export.public_id}"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def build(export_id: int) -> None:
    """Make the file, section by section, and tell the owner. Done again, it changes nothing."""
    export = (
        DataExport.objects.select_related("account").filter(pk=export_id, state=State.WAITING)
    ).first()
    if export is None:
        return
    when = clock.now().timetuple()[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, (name, section) in enumerate(_sections.items(), start=1):
            text = json.dumps(section(export.account), ensure_ascii=False, indent=2, default=_plain)
            entry = zipfile.ZipInfo(f"{name}.json", when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
            DataExport.objects.filter(pk=export.pk).update(
                sections_done=done, sections_total=len(_sections)
            )
    content = buffer.getvalue()
    path = _path(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(f".{uuid.uuid4().hex}")
    temporary.write_text(sealing.seal(content, context=_context(export)), "ascii")
    temporary.replace(path)
    with transaction.atomic():
        _hand_over(export, len(content))


def _hand_over(export: DataExport, size: int) -> None:
    days = numbers.get("identity.export_days")
    now = clock.now()
    ready = DataExport.objects.filter(pk=export.pk, state=State.WAITING).update(
        state=State.READY,
        file=_path(export).name,
        size_bytes=size,
        ready_at=now,
        expires_at=now + timedelta(days=days),
    )
    if not ready:
        return
    account = export.account
    with translation.override(account.locale):
        mail = mails.export_ready(
            name=account.name, url=mail_links.address("settings_data"), days=days
        )
    send_mail(mail, to=account.email, locale=account.locale, kind="identity.data_export_ready")


def fetch(public_id: str, *, acting_account: Account, origin: Origin) -> bytes:
    """Return the ZIP file's bytes.

    Raises:
        NotFound: where the acting account has no such export, or it has run out.

    """
    export = DataExport.objects.filter(
        public_id=public_id,
        account=acting_account,
        state=State.READY,
        expires_at__gt=clock.now(),
    ).first()
    if export is None:
        raise NotFound
    try:
        sealed = _path(export).read_text("ascii")
    except FileNotFoundError as gone:
        raise NotFound from gone
    audit.record(
        "identity.data_export_downloaded",
        actor=acting_account.pk,
        subject=acting_account.pk,
        target=f"data_export:{export.public_id}",
        origin=origin,
    )
    return sealing.open_sealed(sealed, context=_context(export))


def remove_expired() -> int:
    """Delete the files of exports that have run out; return how many went."""
    gone = 0
    for export in DataExport.objects.filter(state=State.READY, expires_at__lte=clock.now()):
        discard(export)
        gone += 1
    return gone


def discard(export: DataExport) -> None:
    """Delete an export's file and note that it is gone."""
    _path(export).unlink(missing_ok=True)
    DataExport.objects.filter(pk=export.pk).update(state=State.EXPIRED, file="", size_bytes=0)
