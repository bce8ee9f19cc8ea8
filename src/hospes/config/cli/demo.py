"""``hospes demo`` and ``hospes demo-client``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hospes.config import environment
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse


def load() -> list[str]:
    """Load the demo's data where it is missing; return the lines that tell its sign-ins."""
    framework.load()
    from hospes.demo.services import NotADemo
    from hospes.demo.services import load as load_demo

    try:
        return [str(sign_in) for sign_in in load_demo()]
    except NotADemo as fault:
        raise CommandFault(
            str(fault),
            ("The demo's passwords are public. Give it a folder of its own with HOSPES_DATA_DIR.",),
        ) from None


def run(_options: argparse.Namespace) -> int:
    """Load the demo's data and tell its sign-ins."""
    os.environ["HOSPES_DEMO"] = "1"
    if preparation.pending_migrations(environment.read()):
        preparation.migrate()
    for line in load():
        print(line)
    return 0


def client(options: argparse.Namespace) -> int:
    """Serve the demo's relying party."""
    env = environment.read()
    from hospes.demo.client import run as run_client

    run_client(
        options.host,
        options.port,
        issuer=options.issuer or env.base_url,
        provider_name=env.provider_name,
        client_id=options.client_id,
        client_secret=os.environ.get("HOSPES_DEMO_CLIENT_SECRET", ""),
        data_dir=env.data_dir,
    )
    return 0
