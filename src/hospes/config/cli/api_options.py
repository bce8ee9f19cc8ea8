"""What ``hospes api`` takes, and its help."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DESCRIPTION = (
    "Send one call to the REST API of this or another installation. What is answered goes to\n"
    "standard output as JSON, faults to standard error.\n\n"
    "The token is read from HOSPES_API_TOKEN, from --token-file, or asked for at a terminal;\n"
    "the address from HOSPES_API_URL or --url. The limit is kept: the call waits for it.\n\n"
    "Exit code 0: done; 1: refused; 2: the command line cannot be used; 4: the token or its\n"
    "account may not do this; 5: there is no such thing; 6: the limit is used up; 7: the\n"
    "server does not answer; 8: the task failed or took too long."
)
EXAMPLES = (
    "hospes api GET /1/accounts --all",
    "hospes api GET /1/accounts/12/invitations -F 'filter[status]=pending'",
    "hospes api POST /1/accounts/12/tags -F name=Press -F color_id=2",
    "hospes api PATCH /2/profile --json - < profile.json",
    "hospes api POST /1/accounts/12/invitations/bulk --json people.json --wait",
    "hospes api PATCH /1/products/7 -F customer_name=Shop -q dry_run=true",
)


def add(command: argparse.ArgumentParser) -> None:
    """Add the options to the command."""
    command.add_argument(
        "method",
        type=str.upper,
        choices=METHODS,
        metavar="METHOD",
        help="GET, POST, PUT, PATCH or DELETE",
    )
    command.add_argument("path", metavar="PATH", help="path as published, from the version on")
    command.add_argument(
        "-F",
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a word of the query; for a write without --json a field of the body, where numbers, "
        "true, false, null, lists and objects are read as JSON",
    )
    command.add_argument(
        "-q",
        "--query",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a word of the query, for writes too",
    )
    command.add_argument("--json", metavar="FILE", help="the body; - reads it from standard input")
    command.add_argument("--all", action="store_true", help="go through all pages of a list")
    command.add_argument(
        "--wait", action="store_true", help="wait for an asynchronous task, print what came of it"
    )
    command.add_argument(
        "--wait-seconds", type=float, default=600.0, metavar="N", help="at most (%(default)s)"
    )
    command.add_argument(
        "--patience",
        type=float,
        default=120.0,
        metavar="N",
        help="seconds to wait at most because of the limit or a busy server (%(default)s)",
    )
    command.add_argument(
        "--idempotency-key", metavar="KEY", help="do a write once, however often this is run"
    )
    command.add_argument(
        "--envelope", action="store_true", help="print the whole answer: totals, cursor, data"
    )
    command.add_argument("--url", default="", help="the installation's address")
    command.add_argument("--token-file", type=Path, metavar="FILE", help="file with the token")
