"""The WSGI application as the server processes load it, with the background work beside it."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from hospes.config.wsgi import application

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["application"]

STOP_SECONDS = 8
_stop = threading.Event()


def _work() -> None:
    from hospes.foundation import worker

    worker.run(_stop)


def _end_with_parent(parent: int) -> None:
    # A supervisor that was killed outright must not leave a process that holds the port.
    while not _stop.wait(0.5):
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _start(name: str, target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
    thread.start()
    return thread


def _begin() -> None:
    threads = [_start("parent", _end_with_parent, os.getppid())]
    if os.environ.get("HOSPES_EMBEDDED_WORKER") == "1":
        threads.append(_start("worker", _work))

    def finish() -> None:
        _stop.set()
        for thread in threads:
            thread.join(STOP_SECONDS)

    # Server processes end through multiprocessing, which runs this and no atexit functions.
    Finalize(None, finish, exitpriority=100)
    greeting = os.environ.pop("HOSPES_GREETING", "")
    if greeting:
        print(greeting, flush=True)


_begin()
