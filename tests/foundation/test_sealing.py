from __future__ import annotations

import json
import secrets
from types import SimpleNamespace

import pytest

from hospes.foundation import sealing, worker
from hospes.foundation.models import AuditEntry, Job, Message
from hospes.foundation.sealing import CannotOpen
from hospes.foundation.services import messages
from hospes.foundation.services import sealing as rotation
from hospes.kit.origin import SYSTEM

MAIL = messages.Mail("Subject", "Heading", ("Paragraph",))


@pytest.fixture
def keys(monkeypatch):
    """The installation's keys, ``k1`` at first; more can be put in."""
    from django.conf import settings

    held = {"k1": secrets.token_bytes(32)}
    monkeypatch.setattr(
        settings, "KEYS", SimpleNamespace(django_secret="x", key_encryption_keys=held)
    )
    monkeypatch.setattr(
        sealing,
        "_columns",
        {key: column for key, column in sealing._columns.items() if "foundation" in key[0]},
    )
    return held


def test_what_is_sealed_opens_in_its_place_only(keys):
    text = sealing.seal(b"secret", context="room.column:1")
    assert b"secret" not in text.encode()
    assert sealing.open_sealed(text, context="room.column:1") == b"secret"
    with pytest.raises(CannotOpen):
        sealing.open_sealed(text, context="room.column:2")


def test_the_same_value_never_looks_the_same_twice(keys):
    assert len({sealing.seal(b"x", context="c") for _ in range(50)}) == 50


def test_a_new_key_seals_and_the_old_one_still_opens(keys):
    old = sealing.seal(b"old", context="c")
    keys["k2"] = secrets.token_bytes(32)
    new = sealing.seal(b"new", context="c")
    assert (old.split(".")[1], new.split(".")[1]) == ("k1", "k2")
    assert sealing.open_sealed(old, context="c") == b"old"
    assert sealing.open_sealed(new, context="c") == b"new"


def test_rotation_moves_every_value_to_the_newest_key(keys):
    sent = [
        messages.send_mail(MAIL, to=f"p{n}@customer.example", locale="en", kind="tests.mail")
        for n in range(5)
    ]
    Message.objects.filter(pk=sent[0].pk).update(content_sealed="")
    Job.objects.all().delete()
    keys["k2"] = secrets.token_bytes(32)
    assert rotation.keys_in_use() == {"k1": 4}
    rotation.request_rewrap(acting_account_id=3, origin=SYSTEM)
    worker.drain()
    assert rotation.keys_in_use() == {"k2": 4}
    assert AuditEntry.objects.get().target == "key:k2"
    del keys["k1"]
    assert rotation.values_that_do_not_open() == []
    message = Message.objects.get(pk=sent[4].pk)
    opened = sealing.open_sealed(message.content_sealed, context=f"foundation.message:{message.pk}")
    assert json.loads(opened)["heading"] == "Heading"


def test_rotation_in_small_steps_reaches_everything_and_can_be_repeated(keys, monkeypatch):
    monkeypatch.setattr(rotation, "_BATCH", 2)
    for n in range(5):
        messages.send_mail(MAIL, to=f"p{n}@customer.example", locale="en", kind="tests.mail")
    keys["k2"] = secrets.token_bytes(32)
    rotation.rewrap_all({})
    rotation.rewrap_all({})
    assert rotation.keys_in_use() == {"k2": 5}


def test_rotation_overwrites_no_value_written_meanwhile(keys, monkeypatch):
    message = messages.send_mail(MAIL, to="p@customer.example", locale="en", kind="tests.mail")
    keys["k2"] = secrets.token_bytes(32)
    genuine = sealing.rewrap

    def rewrap(text):
        # Delivered and wiped by another worker while this one was at it.
        Message.objects.filter(pk=message.pk).update(content_sealed="")
        return genuine(text)

    monkeypatch.setattr(sealing, "rewrap", rewrap)
    rotation.rewrap_all({})
    message.refresh_from_db()
    assert message.content_sealed == ""


def test_values_that_do_not_open_are_named(keys):
    good = messages.send_mail(MAIL, to="a@customer.example", locale="en", kind="tests.mail")
    bad = messages.send_mail(MAIL, to="b@customer.example", locale="en", kind="tests.mail")
    good.refresh_from_db()
    # Moved from one row into the other.
    Message.objects.filter(pk=bad.pk).update(content_sealed=good.content_sealed)
    assert rotation.values_that_do_not_open() == [f"foundation.Message.content_sealed:{bad.pk}"]


def test_a_columns_context_is_a_text_or_a_function_of_the_row(monkeypatch):
    monkeypatch.setattr(sealing, "_columns", {})
    sealing.register_column(Message, "content_sealed", "a:{pk}")
    sealing.register_column("foundation.Message", "recipient", lambda row: f"b:{row.kind}")
    row = Message(pk=7, kind="k")
    assert [column.context_of(row) for column in sealing.columns()] == ["a:7", "b:k"]
    assert {column.model for column in sealing.columns()} == {Message}
