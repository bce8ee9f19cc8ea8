"""What ``hospes status`` takes, and its help."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    # summary, description, examples, what adds the options, the function that runs it
    Action = tuple[str, str, tuple[str, ...], Callable[[argparse.ArgumentParser], None], str]

SUMMARY = "the status page: incidents and maintenance"
DESCRIPTION = (
    "Publish on the status page what a monitoring system notices, or what somebody writes at a\n"
    "terminal. Customers read it at /status, in its feed and in the API."
)
STATUSES = ("planned", "ongoing", "monitored", "resolved", "cancelled")
KINDS = ("incident", "maintenance")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time such as 2026-11-24T20:30 or 2026-11-24T20:30+01:00"
        ) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _texts(command: argparse.ArgumentParser, name: str, what: str, **options: Any) -> None:
    command.add_argument(f"--{name}", metavar="TEXT", help=f"{what}, in --language", **options)
    command.add_argument(
        f"--{name}-in",
        nargs=2,
        action="append",
        default=[],
        metavar=("LANGUAGE", "TEXT"),
        help=f"{what} in a further language; may be repeated",
    )


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language", default="en", metavar="CODE", help="en, fr, de, it or es (%(default)s)"
    )


def _open(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", choices=KINDS, required=True, help="what happens")
    _texts(command, "title", "what it is about", required=True)
    _texts(command, "text", "more about it")
    _language(command)
    command.add_argument(
        "--status",
        choices=STATUSES,
        help="ongoing, where it begins later and is maintenance planned; resolved for an incident "
        "that is over already",
    )
    command.add_argument(
        "--starts", type=_moment, metavar="TIME", help="ISO 8601, UTC without an offset (now)"
    )
    command.add_argument(
        "--ends", type=_moment, metavar="TIME", help="when the end is expected, or when it was"
    )
    command.add_argument(
        "--service",
        action="append",
        default=[],
        metavar="NAME",
        help="a service that it touches; may be repeated",
    )
    command.add_argument("--cyberattack", action="store_true", help="an attack causes it")
    command.add_argument("--auto", action="store_true", help="a monitor says so, nobody by hand")
    command.add_argument(
        "--key",
        default="",
        metavar="KEY",
        help="the alarm's own name, up to 100 characters: sent again, it publishes nothing new "
        "and answers with the number of the first event",
    )
    command.add_argument(
        "-q", "--quiet", action="store_true", help="print the event's number and nothing else"
    )


def _update(command: argparse.ArgumentParser) -> None:
    command.add_argument("event", type=int, metavar="NUMBER", help="the event's number")
    command.add_argument(
        "--status", choices=STATUSES, help="where it goes; without it it stays where it is"
    )
    _texts(command, "text", "what to tell")
    _language(command)


def _list(command: argparse.ArgumentParser) -> None:
    command.add_argument("--all", action="store_true", help="also what is over")
    command.add_argument("--kind", choices=KINDS, help="only these")
    command.add_argument("--auto", action="store_true", help="only what monitors published")
    command.add_argument("--json", action="store_true", help="as JSON, one event a line")
    _language(command)


ACTIONS: dict[str, Action] = {
    "open": (
        "publish an event",
        "Publish an incident, or announce maintenance. Prints the event's number and address.",
        (
            "hospes status open --kind incident --title 'Mail is delivered late' --auto",
            "hospes status open --kind incident --title 'Host 7 is down' --auto --key host-7-4711",
            "hospes status open --kind maintenance --title Network --starts 2026-12-01T22:00+01:00",
        ),
        _open,
        "publish",
    ),
    "update": (
        "say more about an event, and move it on",
        "Publish an update, move the event to another status, or both.",
        (
            "hospes status update 12 --status resolved --text 'All mail is delivered again.'",
            "hospes status update 12 --text 'We found the cause.' --text-in de 'Ursache gefunden.'",
        ),
        _update,
        "update",
    ),
    "list": (
        "show what goes on and what is planned",
        "Show the events that go on or are planned, oldest first; with --all also those over.",
        ("hospes status list", "hospes status list --auto --json"),
        _list,
        "show",
    ),
}
