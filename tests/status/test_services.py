"""Publishing, moving on, and what other rooms and the audit log are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from status.notices import publish, update

from hospes.foundation import registry
from hospes.foundation.errors import NotFound
from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.status.models import StatusEvent, StatusUpdate
from hospes.status.services.events import AlreadyOpened, ChangeEvent, change_event, draft_of
from hospes.status.services.removal import delete_event, restore_event
from hospes.status.services.updates import AddUpdate, add_update, begin_planned
from support.racing import race


def told():
    rows = OutboxEvent.objects.filter(name__startswith="status.").order_by("id")
    return [(row.name.removeprefix("status.event_"), row.payload["status"]) for row in rows]


def acts():
    return list(
        AuditEntry.objects.filter(action__startswith="status.")
        .order_by("id")
        .values_list("action", flat=True)
    )


def test_an_incident_from_beginning_to_end(clock):
    event = publish()
    clock.move(timedelta(minutes=10))
    update(event, "ongoing", "We look for the cause.")
    update(event, "monitored")
    clock.move(timedelta(minutes=10))
    update(event, "resolved", "Over.")

    event.refresh_from_db()
    assert event.status == "resolved"
    assert event.ends_at - event.starts_at == pytest.approx(
        timedelta(minutes=20), abs=timedelta(seconds=30)
    )
    assert event.version == 4
    assert [each.status for each in event.updates.all()] == ["resolved", "monitored", "ongoing"]
    assert told() == [
        ("opened", "ongoing"),
        ("changed", "ongoing"),
        ("changed", "monitored"),
        ("resolved", "resolved"),
    ]
    assert acts() == ["status.event_opened"] + ["status.event_updated"] * 3


def test_what_comes_back_has_no_end_any_more():
    event = publish()
    update(event, "resolved")
    update(event, "ongoing", "It is back.")

    event.refresh_from_db()
    assert (event.status, event.ends_at) == ("ongoing", None)


@pytest.mark.parametrize("status", ["planned", "cancelled", "monitored"])
def test_illegal_moves_change_nothing(status):
    event = publish()
    update(event, "resolved")
    before = told(), acts(), StatusUpdate.objects.count()

    with pytest.raises(Refused) as refused:
        update(event, status, "So there.")

    assert refused.value.has("status", "not_from_here")
    event.refresh_from_db()
    assert event.status == "resolved"
    assert (told(), acts(), StatusUpdate.objects.count()) == before


def test_an_update_says_something_or_moves():
    event = publish()

    with pytest.raises(Refused) as refused:
        update(event, "ongoing")
    assert refused.value.has("texts", "required")
    with pytest.raises(Refused) as refused:
        update(event, "planned", pt="Olá", de="a\x07b")
    assert {(each.field, each.code) for each in refused.value.faults} == {
        ("text_pt", "unknown_language"),
        ("text_de", "characters"),
        ("status", "not_from_here"),
    }
    assert not StatusUpdate.objects.exists()


def test_planned_maintenance_begins_by_itself(clock):
    due, later = publish("A", "maintenance"), publish("B", "maintenance")
    moved = publish("C", "maintenance")
    cancelled = publish("D", "maintenance")
    update(cancelled, "cancelled")
    delete_event(moved.pk, version=1, acting_account=_staff(), origin=SYSTEM)
    StatusEvent.objects.filter(pk=later.pk).update(starts_at=later.starts_at + timedelta(days=1))

    assert begin_planned() == 0
    clock.move(timedelta(days=2, minutes=1))
    registry.find_task("status.begin_planned").function({})

    assert begin_planned() == 0
    for event in (due, later, moved, cancelled):
        event.refresh_from_db()
    statuses = [each.status for each in (due, later, moved, cancelled)]
    assert statuses == ["ongoing", "planned", "planned", "cancelled"]
    assert due.starts_at < clock.now()
    assert due.updates.get().texts == {}
    assert registry.scheduled()["status.begin_planned"] == timedelta(minutes=1)


def _staff():
    from support import people

    return people.make_account(is_staff=True)


def test_what_begins_earlier_than_planned_began_now(clock):
    event = publish(kind="maintenance")

    update(event, "ongoing")

    event.refresh_from_db()
    assert event.starts_at <= clock.now()


def test_called_off_maintenance_is_planned_again_only_for_later(clock):
    event = publish(kind="maintenance")
    update(event, "cancelled")
    clock.move(timedelta(days=3))

    with pytest.raises(Refused) as refused:
        update(event, "planned")
    assert refused.value.has("status", "past")

    draft = draft_of(StatusEvent.objects.get())
    moved = change_event(
        ChangeEvent(event.pk, 2, _moved(draft, clock.now() + timedelta(days=1))),
        acting_account=_staff(),
        origin=SYSTEM,
    )
    update(moved, "planned")
    assert StatusEvent.objects.get().status == "planned"


def _moved(draft, starts_at):
    from dataclasses import replace

    return replace(draft, starts_at=starts_at)


def test_what_is_planned_is_not_moved_into_the_past(clock):
    event = publish(kind="maintenance")
    draft = _moved(draft_of(event), clock.now() - timedelta(hours=1))

    with pytest.raises(Refused) as refused:
        change_event(ChangeEvent(event.pk, 1, draft), acting_account=_staff(), origin=SYSTEM)

    assert refused.value.has("starts_at", "past")
    assert StatusEvent.objects.get().starts_at == event.starts_at


def test_saving_what_is_there_writes_nothing():
    event = publish()

    change_event(ChangeEvent(event.pk, 1, draft_of(event)), acting_account=_staff(), origin=SYSTEM)

    assert StatusEvent.objects.get().version == 1
    assert acts() == ["status.event_opened"]


def test_the_same_alarm_publishes_once_and_says_which_event():
    first = publish(form_key="host-7-4711")

    with pytest.raises(AlreadyOpened) as done:
        publish("Another title", form_key="host-7-4711")

    assert done.value.event == first
    assert StatusEvent.objects.count() == 1


def test_the_same_alarm_from_many_at_once_publishes_once():
    results = race(lambda _number: publish(form_key="host-7"), threads=6)

    assert StatusEvent.objects.count() == 1
    assert sum(isinstance(result, StatusEvent) for result in results) == 1
    assert sum(isinstance(result, AlreadyOpened) for result in results) == 5
    assert told() == [("opened", "ongoing")]


def test_of_two_editors_at_once_one_is_told_and_nothing_is_lost():
    event, staff = publish(), _staff()

    def save(number):
        draft = _titled(draft_of(event), f"Title {number}")
        return change_event(ChangeEvent(event.pk, 1, draft), acting_account=staff, origin=SYSTEM)

    results = race(save, threads=4)

    done = [result for result in results if isinstance(result, StatusEvent)]
    refused = [result for result in results if isinstance(result, Refused)]
    assert len(done) == 1
    assert len(refused) == 3
    assert all(each.has("", "changed_meanwhile") for each in refused)
    stored = StatusEvent.objects.get()
    assert (stored.titles, stored.version) == (done[0].titles, 2)
    assert acts().count("status.event_changed") == 1


def _titled(draft, title):
    from dataclasses import replace

    return replace(draft, titles={"en": title})


def test_a_race_to_resolve_resolves_once():
    event = publish()

    def resolve(_number):
        command = AddUpdate(event.pk, "resolved", {}, version=1)
        return add_update(command, acting_account=None, origin=SYSTEM)

    results = race(resolve, threads=4)

    assert sum(isinstance(result, StatusUpdate) for result in results) == 1
    assert told().count(("resolved", "resolved")) == 1


def test_deleting_and_bringing_back():
    event, staff = publish(), _staff()
    with pytest.raises(Refused):
        delete_event(event.pk, version=7, acting_account=staff, origin=SYSTEM)
    with pytest.raises(NotFound):
        restore_event(event.pk, acting_account=staff, origin=SYSTEM)

    delete_event(event.pk, version=1, acting_account=staff, origin=SYSTEM)
    with pytest.raises(NotFound):
        update(event, "resolved")
    with pytest.raises(NotFound):
        delete_event(event.pk, version=2, acting_account=staff, origin=SYSTEM)
    restore_event(event.pk, acting_account=staff, origin=SYSTEM)

    stored = StatusEvent.objects.get()
    assert (stored.status, stored.deleted_at) == ("ongoing", None)
    assert acts() == ["status.event_opened", "status.event_deleted", "status.event_restored"]
    deleted = [
        row.payload["is_deleted"] for row in OutboxEvent.objects.filter(name__contains="status.")
    ]
    assert deleted == [False, True, False]
    entries = AuditEntry.objects.filter(action__startswith="status.event_").order_by("id")
    assert {entry.target for entry in entries} == {f"status_event:{event.pk}"}


@pytest.mark.parametrize(
    "values",
    [
        {"status": "planned"},
        {"status": "lost"},
        {"kind": "party"},
        {"ends_at": "before"},
    ],
)
def test_the_database_itself_refuses_what_cannot_be(values):
    event = publish()
    if values.get("ends_at"):
        values = {"ends_at": event.starts_at - timedelta(seconds=1)}

    with pytest.raises(IntegrityError), transaction.atomic():
        StatusEvent.objects.filter(pk=event.pk).update(**values)
