"""What the rooms register with the foundation fits together."""

from __future__ import annotations

import re
from pathlib import Path

import hospes
from hospes.foundation import registry, sealing
from hospes.foundation.services import audit


def test_every_action_in_the_audit_log_has_a_label():
    source = "".join(file.read_text() for file in Path(hospes.__file__).parent.rglob("*.py"))
    recorded = set(re.findall(r'\brecord\(\s*"([a-z]+\.[a-z_]+)"', source))
    assert recorded
    assert recorded <= set(audit.actions())


def test_what_is_scheduled_and_subscribed_is_a_task():
    known = {task.name for task in registry.tasks()}
    assert set(registry.scheduled()) <= known
    assert {name for names in registry._subscribers.values() for name in names} <= known


def test_every_task_says_which_room_it_is_of():
    rooms = {folder.name for folder in Path(hospes.__file__).parent.iterdir() if folder.is_dir()}
    assert {task.name.partition(".")[0] for task in registry.tasks()} <= rooms


def test_every_sealed_column_is_a_field():
    for column in sealing.columns():
        assert column.model._meta.get_field(column.field)
