"""``hospes migrate`` and ``hospes makemigrations``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.config import environment
from hospes.config.cli import framework, preparation

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Bring the tables up to date, or with ``--check`` tell whether they are."""
    if options.check:
        waiting = preparation.pending_migrations(environment.read())
        for name in waiting:
            print(f"to do: {name}")
        print("Run `hospes migrate`." if waiting else "The database is up to date.")
        return 1 if waiting else 0
    framework.load()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1)
    return 0


def make(options: argparse.Namespace) -> int:
    """Write missing migrations, or with ``--check`` fail where one is missing."""
    framework.load()
    from django.core.management import call_command

    try:
        call_command("makemigrations", *options.rooms, check_changes=options.check)
    except SystemExit as ended:  # Django ends the process where --check finds something
        return int(ended.code or 0)
    return 0
