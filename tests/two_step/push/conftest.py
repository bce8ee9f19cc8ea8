"""A terminal with the Authenticator's command, at a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.server import Server
    from support.terminal import Terminal


@pytest.fixture
def terminal(running_server: Server, tmp_path: Path) -> Terminal:
    # Imported here: Django is set up after this file is read.
    from support.people import PASSWORD
    from support.terminal import Terminal

    email = f"mara.{tmp_path.name}@provider.example".lower().replace("_", "-")
    made = running_server.command(
        "staff", "create", "--email", email, "--name", "Mara Keller", input=f"{PASSWORD}\n"
    )
    assert made.returncode == 0, made.stderr
    return Terminal(running_server, tmp_path, email)


@pytest.fixture
def linked(terminal: Terminal) -> Terminal:
    done = terminal.run("link", terminal.shown_code(), "--at", terminal.server.url, "--yes")
    assert done.returncode == 0, done.stderr
    return terminal
