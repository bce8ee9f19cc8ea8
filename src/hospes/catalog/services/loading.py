"""Loading the provider's services into the catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hospes.catalog.models import Service
from hospes.foundation.services import audit
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hospes.kit.origin import Origin

LONGEST_NAME = 100
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """One service as the provider describes it.

    ``code`` is its name for machines, for ever; ``names`` its name by language, English always.
    """

    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed, by code."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def load_services(entries: Sequence[ServiceEntry], *, origin: Origin) -> Loaded:
    """Make and change services so that these are offered, in this order.

    Services that are not named stay as they are, behind: products may have come from them.

    Raises:
        Refused: at ``<position>.code`` ``invalid`` or ``twice``; at ``<position>.names``
            ``english_missing``, ``unknown_language`` (``language``) or ``invalid``.

    """
    faults = _faults(entries)
    if faults:
        raise Refused(faults)
    added, changed = [], []
    with transaction.atomic():
        known = {service.code: service for service in Service.objects.select_for_update()}
        for position, entry in enumerate(entries):
            wanted = {"names": dict(entry.names), "position": position, "is_active": True}
            service = known.get(entry.code)
            if service is None:
                Service.objects.create(code=entry.code, **wanted)
                added.append(entry.code)
            elif any(getattr(service, name) != value for name, value in wanted.items()):
                Service.objects.filter(pk=service.pk).update(**wanted)
                changed.append(entry.code)
        if added or changed:
            audit.record(
                "catalog.services_loaded",
                actor=None,
                origin=origin,
                detail={"added": added, "changed": changed},
            )
    return Loaded(tuple(added), tuple(changed))


def _faults(entries: Sequence[ServiceEntry]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    languages = dict(settings.LANGUAGES)
    for position, entry in enumerate(entries):
        if len(entry.code) > _LONGEST_CODE or not _CODE.fullmatch(entry.code):
            faults.append(Fault(f"{position}.code", "invalid"))
        elif entry.code in seen:
            faults.append(Fault(f"{position}.code", "twice"))
        seen.add(entry.code)
        if not entry.names.get("en"):
            faults.append(Fault(f"{position}.names", "english_missing"))
        for language, name in entry.names.items():
            if language not in languages:
                unknown = {"language": language}
                faults.append(Fault(f"{position}.names", "unknown_language", unknown))
            if len(name) > LONGEST_NAME or visible.has_hidden(name):
                faults.append(Fault(f"{position}.names", "invalid"))
    return faults
