"""``hospes status``: the status page from a terminal or a monitoring system."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hospes.config import environment
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse

    from hospes.kit.faults import Refused
    from hospes.status.models import StatusEvent

SENTENCES = {
    ("titles", "required"): "--title is empty.",
    ("status", "choose"): "An event of this kind is not published in this status.",
    ("status", "not_from_here"): "The event is {status}: it cannot go there from here.",
    ("status", "past"): "The time it was planned for is over.",
    ("starts_at", "past"): "What is planned begins later than now: see --starts.",
    ("starts_at", "not_yet"): "--starts is still to come, but the event has begun.",
    ("ends_at", "before_start"): "--ends comes before the beginning.",
    ("ends_at", "not_yet"): "--ends is still to come, but the event is over.",
    ("is_cyberattack", "maintenance"): "Maintenance is no attack.",
    ("services", "too_many"): "At most {limit} services.",
    ("services", "too_long"): "A service has at most {limit} characters.",
    ("texts", "required"): "Nothing would change: send --text or another --status.",
    ("form_key", "too_long"): "--key has at most 100 characters.",
    ("", "unknown_language"): "{field}: a language that there is no page in.",
    ("", "required"): "{field} is missing or empty.",
    ("", "too_long"): "{field} has at most {limit} characters.",
    ("", "characters"): "{field} holds characters that cannot be seen.",
}


def _ready() -> None:
    if preparation.pending_migrations(environment.read()):
        raise CommandFault("The database is not up to date.", ("Run `hospes migrate` first.",))
    framework.load()


def _told(headline: str, refused: Refused) -> CommandFault:
    lines = []
    for fault in refused.faults:
        text = SENTENCES.get((fault.field, fault.code)) or SENTENCES.get(("", fault.code))
        field = fault.field.replace("_", " ")
        lines.append(text.format(field=field, **fault.params) if text else f"{field}: {fault.code}")
    return CommandFault(headline, tuple(dict.fromkeys(lines)))


def _by_language(options: argparse.Namespace, name: str) -> dict[str, str]:
    texts = dict(getattr(options, f"{name}_in"))
    own = getattr(options, name)
    return {options.language: own, **texts} if own else texts


def publish(options: argparse.Namespace) -> int:
    """Publish an event."""
    _ready()
    from hospes.foundation import clock
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM
    from hospes.status.domain.drafts import Draft
    from hospes.status.services.events import AlreadyOpened, OpenEvent, open_event

    now = clock.now()
    starts = options.starts or now
    planned = options.kind == "maintenance" and starts > now
    draft = Draft(
        titles=_by_language(options, "title"),
        descriptions=_by_language(options, "text"),
        services=tuple(options.service),
        is_cyberattack=options.cyberattack,
        starts_at=starts,
        ends_at=options.ends,
    )
    command = OpenEvent(
        options.kind,
        options.status or ("planned" if planned else "ongoing"),
        draft,
        is_automatic=options.auto,
        form_key=options.key,
    )
    done = "is published"
    try:
        event = open_event(command, acting_account=None, origin=SYSTEM)
    except Refused as refused:
        raise _told("Nothing was published:", refused) from None
    except AlreadyOpened as opened:
        event, done = opened.event, "was published before"
    print(event.pk if options.quiet else f"Event {event.pk} {done}: {_address(event)}")
    return 0


def update(options: argparse.Namespace) -> int:
    """Publish an update."""
    _ready()
    from hospes.foundation.errors import NotFound
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM
    from hospes.status.queries.board import by_id
    from hospes.status.services.updates import AddUpdate, add_update

    event = by_id(options.event) if 0 < options.event < 2**63 else None
    missing = CommandFault(
        f"There is no event {options.event}.", ("`hospes status list --all` names them.",)
    )
    if event is None:
        raise missing
    command = AddUpdate(event.pk, options.status or event.status, _by_language(options, "text"))
    try:
        made = add_update(command, acting_account=None, origin=SYSTEM)
    except NotFound:
        raise missing from None
    except Refused as refused:
        raise _told("Nothing was published:", refused) from None
    print(f"Event {event.pk} is {made.status}: {_address(event)}")
    return 0


def show(options: argparse.Namespace) -> int:
    """Show events."""
    _ready()
    from hospes.status.domain import moves
    from hospes.status.domain.texts import said
    from hospes.status.models import StatusEvent

    rows = StatusEvent.objects.filter(deleted_at=None).order_by("starts_at", "pk")
    if not options.all:
        rows = rows.exclude(status__in=moves.OVER)
    if options.kind:
        rows = rows.filter(kind=options.kind)
    if options.auto:
        rows = rows.filter(is_automatic=True)
    count = 0
    for event in rows.iterator(chunk_size=500):
        count += 1
        title = said(event.titles, options.language).text
        if options.json:
            print(json.dumps(_as_json(event, title), ensure_ascii=False))
        else:
            starts = f"{event.starts_at:%Y-%m-%d %H:%M} UTC"
            print(f"{event.pk:>6}  {event.kind:<11}  {event.status:<9}  {starts}  {title}")
    if not count and not options.json:
        print("No event." if options.all else "Nothing goes on, and nothing is planned.")
    return 0


def _as_json(event: StatusEvent, title: str) -> dict[str, Any]:
    return {
        "id": event.pk,
        "event_type": event.kind,
        "status": event.status,
        "title": title,
        "is_auto": event.is_automatic,
        "is_cyberattack": event.is_cyberattack,
        "services": event.services,
        "starts_at": int(event.starts_at.timestamp()),
        "ends_at": int(event.ends_at.timestamp()) if event.ends_at else None,
        "url": _address(event),
    }


def _address(event: StatusEvent) -> str:
    from django.conf import settings
    from django.urls import reverse

    return f"{settings.HOSPES.base_url}{reverse('status_event', args=[event.pk])}"
