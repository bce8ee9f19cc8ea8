"""Somebody's terminal: ``hospes authenticator`` in a process and a file of its own."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from support import two_step
from support.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.server import Server

Run = subprocess.CompletedProcess[str]


class Terminal:
    """A terminal: its folder, and the account at the server."""

    def __init__(self, server: Server, folder: Path, email: str) -> None:
        self.server = server
        self.email = email
        self.file = folder / "config" / "hospes" / "authenticator.json"
        self._folder = folder

    def run(self, *arguments: str) -> Run:
        """Run the command with these arguments."""
        return subprocess.run(
            self._line(arguments),
            env=self._variables,
            cwd=self._folder,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    @contextmanager
    def asked_for(self, prompt: str, *arguments: str) -> Iterator[Callable[[str], Run]]:
        """Run the command up to its question, in a terminal of its own.

        What is yielded answers the question and returns what came of it.
        """
        mine, its = pty.openpty()
        process = subprocess.Popen(
            self._line(arguments),
            env=self._variables,
            cwd=self._folder,
            stdin=its,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        os.close(its)
        assert process.stdout is not None
        shown = b""
        while prompt.encode() not in shown:
            piece = process.stdout.read1()  # type: ignore[union-attr]
            assert piece, shown
            shown += piece

        def answer(text: str) -> Run:
            os.write(mine, f"{text}\n".encode())
            out, err = process.communicate(timeout=60)
            told = (shown + out).decode(), err.decode()
            return subprocess.CompletedProcess(process.args, process.returncode, *told)

        try:
            yield answer
        finally:
            process.kill()
            process.communicate()
            os.close(mine)

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "hospes", "authenticator", *arguments]

    @property
    def _variables(self) -> dict[str, str]:
        return {"XDG_CONFIG_HOME": str(self._folder / "config"), "PATH": "/usr/bin:/bin"}

    def browser(self) -> Site:
        """Return a fresh browser at the server."""
        return Site(server=self.server.url)

    def sign_in(self) -> Site:
        """Give the password in a fresh browser; return it where that led."""
        site = self.browser()
        two_step.enter(site, self.email, follow=True)
        return site

    def shown_code(self) -> str:
        """Return the short code that links a phone, as the page shows it."""
        site = self.sign_in()
        site.get("/settings/two-step/authenticator")
        site.submit({}, button="Show the code")
        found = re.search(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", site.page.text)
        assert found is not None, site.page.text
        return found[0]

    def number(self, site: Site) -> str:
        """Return the number that the waiting page shows."""
        found = re.search(r"Number to enter on the phone\s+(\d\d)", site.page.text)
        assert found is not None, site.page.text
        return found[1]
