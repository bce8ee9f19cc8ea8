"""A peer's server, and what is said when a peer cannot be measured here."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from bench.processes import WAIT_SECONDS, pinned

if TYPE_CHECKING:
    from pathlib import Path


class Absent(Exception):
    """This machine lacks what the peer needs; the text says what."""


def last_words(text: str) -> str:
    """Return the end of a program's complaint."""
    return text.strip()[-400:]


class Program:
    """A server on the cores ``on``, with everything that it starts itself."""

    def __init__(
        self, command: list[str], environment: dict[str, str], folder: Path, on: set[int]
    ) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=pinned(on),  # noqa: PLW1509 - no threads yet
        )

    def answers_at(self, url: str) -> None:
        """Wait until it speaks HTTP, whatever it says."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(url).close()  # noqa: S310 - our own server
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise SystemExit(f"The peer does not start: {self.process.args!r}")

    def ask(self, line: str) -> str:
        """Write a line to it; return the line that it answers."""
        pipes: tuple[Any, Any] = (self.process.stdin, self.process.stdout)
        if line:
            pipes[0].write(f"{line}\n")
            pipes[0].flush()
        answer: str = pipes[1].readline()
        return answer.strip()

    def stop(self) -> None:
        """End it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(WAIT_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
