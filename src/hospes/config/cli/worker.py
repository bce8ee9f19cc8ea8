"""``hospes worker``: the background work in a process of its own."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

from hospes.config.cli import framework

if TYPE_CHECKING:
    import argparse
    from types import FrameType


def run(options: argparse.Namespace) -> int:
    """Work until SIGINT or SIGTERM, or with ``--once`` until nothing is due."""
    framework.load()
    from hospes.foundation import worker

    if options.once:
        print(f"Done: {worker.drain()} jobs.")
        return 0
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    print("Working; press Ctrl-C to stop.", flush=True)
    worker.run(stop)
    return 0
