"""``hospes status``, as a monitoring system runs it."""

from __future__ import annotations

import json

import pytest
from status.notices import publish, update

from hospes.config.cli import main
from hospes.foundation.models import AuditEntry
from hospes.status.models import StatusEvent, StatusUpdate

OPEN = ("status", "open", "--kind", "incident", "--title", "Host 7 is down")


def test_a_monitor_publishes_follows_and_ends(capsys):
    assert main([*OPEN, "--auto", "--key", "host-7", "--service", "Web", "--quiet"]) == 0
    number = capsys.readouterr().out.strip()
    # Its alarm is sent again and again.
    assert main([*OPEN, "--auto", "--key", "host-7", "-q"]) == 0
    assert capsys.readouterr().out.strip() == number
    event = StatusEvent.objects.get(pk=int(number))
    assert (event.kind, event.status, event.is_automatic) == ("incident", "ongoing", True)
    assert (event.services, event.titles) == (["Web"], {"en": "Host 7 is down"})

    assert main(["status", "list"]) == 0
    assert "Host 7 is down" in capsys.readouterr().out
    ending = ["status", "update", number, "--status", "resolved", "--text", "It is up."]
    assert main([*ending, "--text-in", "de", "Er läuft."]) == 0
    assert f"Event {number} is resolved: https://hospes.test/status/{number}" in (
        capsys.readouterr().out
    )
    assert StatusUpdate.objects.get().texts == {"en": "It is up.", "de": "Er läuft."}
    assert main(["status", "list"]) == 0
    assert "Nothing goes on, and nothing is planned." in capsys.readouterr().out
    acts = AuditEntry.objects.filter(action__startswith="status.")
    assert [(entry.actor_account_id, entry.ip) for entry in acts] == [(None, "")] * 2


def test_maintenance_that_begins_later_is_planned(capsys):
    asked = ["status", "open", "--kind", "maintenance", "--title", "Schalter", "--language", "de"]
    asked += ["--title-in", "en", "Switches", "--text", "Kurz weg.", "--text-in", "en", "A moment."]

    assert main([*asked, "--starts", "2199-01-01T22:00+01:00", "--ends", "2199-01-02T02:00"]) == 0

    event = StatusEvent.objects.get()
    assert event.status == "planned"
    assert event.titles == {"de": "Schalter", "en": "Switches"}
    assert event.descriptions == {"de": "Kurz weg.", "en": "A moment."}
    assert event.starts_at.isoformat() == "2199-01-01T21:00:00+00:00"
    assert event.ends_at.isoformat() == "2199-01-02T02:00:00+00:00"
    assert main([*asked]) == 0
    assert StatusEvent.objects.latest("pk").status == "ongoing"
    assert f"Event {event.pk + 1} is published" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([*OPEN, "--starts", "2199-01-01"], "--starts is still to come"),
        ([*OPEN, "--status", "planned"], "not published in this status"),
        ([*OPEN, "--key", "x" * 101], "at most 100 characters"),
        ([*OPEN, "--language", "pt"], "title pt: a language that there is no page in"),
        (["status", "open", "--kind", "incident", "--title", " "], "--title is empty."),
        (["status", "update", "999", "--text", "x"], "There is no event 999."),
        (["status", "update", str(2**70), "--text", "x"], "There is no event"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_done(capsys, asked, told):
    assert main(asked) == 1

    assert told in capsys.readouterr().err
    assert not StatusEvent.objects.exists()
    assert not StatusUpdate.objects.exists()


def test_illegal_moves_are_told(capsys):
    event = publish()

    assert main(["status", "update", str(event.pk), "--status", "planned"]) == 1
    assert "The event is ongoing: it cannot go there from here." in capsys.readouterr().err
    assert main(["status", "update", str(event.pk)]) == 1
    assert "send --text or another --status" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [["--starts", "soon"], ["--kind", "party"], ["--title-in", "de"]])
def test_a_line_that_cannot_be_read_shows_usage(capsys, asked):
    with pytest.raises(SystemExit) as ended:
        main([*OPEN, *asked])

    assert ended.value.code == 2
    assert "usage: hospes status open" in capsys.readouterr().err
    assert not StatusEvent.objects.exists()


def test_the_list_is_narrowed_and_read_by_programs(capsys):
    publish("Robot", is_automatic=True)
    publish("Plan", "maintenance")
    update(publish("Over"), "resolved")

    def listed(*options):
        assert main(["status", "list", "--json", *options]) == 0
        return [json.loads(line)["title"] for line in capsys.readouterr().out.splitlines()]

    assert listed() == ["Robot", "Plan"]
    assert listed("--auto") == ["Robot"]
    assert listed("--kind", "maintenance") == ["Plan"]
    assert set(listed("--all")) == {"Robot", "Plan", "Over"}


@pytest.mark.parametrize("action", ["open", "update", "list"])
def test_each_action_explains_itself_with_examples(capsys, action):
    with pytest.raises(SystemExit) as ended:
        main(["status", action, "--help"])

    assert ended.value.code == 0
    assert f"hospes status {action}" in capsys.readouterr().out.split("examples:")[1]
