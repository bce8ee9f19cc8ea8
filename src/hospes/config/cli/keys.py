"""``hospes keys rotate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.config import environment, keyfiles
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse


def run(_options: argparse.Namespace) -> int:
    """Add a key that seals from now on, and have every sealed value wrapped by it."""
    env = environment.read()
    if preparation.pending_migrations(env):
        raise CommandFault("The database is not up to date.", ("Run `hospes migrate` first.",))
    name = keyfiles.add_key_encryption_key(env.data_dir)
    framework.load()
    from hospes.foundation.services import sealing
    from hospes.kit.origin import SYSTEM

    sealing.request_rewrap(acting_account_id=None, origin=SYSTEM)
    print(f"Key {name} seals from now on; running servers and workers use it at once.")
    print("The worker wraps what is sealed already. Back up keys.json: older backups lack the key.")
    return 0
