"""``hospes application``: which applications may ask about application passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.config import environment
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse

SENTENCES = {
    "public": "A mobile application has no secret, so it cannot prove who asks.",
    "unchanged": "It is so already.",
}


def _write(client_id: str, *, allowed: bool) -> str:
    if preparation.pending_migrations(environment.read()):
        raise CommandFault("The database is not up to date.", ("Run `hospes migrate` first.",))
    framework.load()
    from hospes.connect.services import password_trust
    from hospes.foundation.errors import NotFound
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM

    write = password_trust.allow_passwords if allowed else password_trust.forbid_passwords
    try:
        application = write(client_id, origin=SYSTEM)
    except NotFound:
        advice = ("Its client ID stands on the application's page.",)
        raise CommandFault("There is no such application.", advice) from None
    except Refused as refused:
        reasons = tuple(SENTENCES[fault.code] for fault in refused.faults)
        raise CommandFault("Nothing was changed.", reasons) from None
    return f"{application.name} ({application.organization.name})"


def allow(options: argparse.Namespace) -> int:
    """Let an application ask."""
    name = _write(options.client_id, allowed=True)
    print(f"{name} may now ask whether an application password is right.")
    return 0


def forbid(options: argparse.Namespace) -> int:
    """Have an application no longer ask."""
    name = _write(options.client_id, allowed=False)
    print(f"{name} may no longer ask about application passwords.")
    return 0
