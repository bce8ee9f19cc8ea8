"""What a command says when it cannot do its work."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

EXIT_FAILED = 1
EXIT_CONFIGURATION = 78  # EX_CONFIG of sysexits.h: a supervisor need not try again


class CommandFault(Exception):
    """The command cannot go on; ``advice`` tells what to do, one sentence a line."""

    def __init__(
        self, headline: str, advice: Sequence[str] = (), *, exit_code: int = EXIT_FAILED
    ) -> None:
        self.headline = headline
        self.advice = tuple(advice)
        self.exit_code = exit_code
        super().__init__(headline)


def tell(headline: str, lines: Sequence[str] = ()) -> None:
    """Print a fault to standard error."""
    sys.stderr.write(f"hospes: {headline}\n")
    for line in lines:
        sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()


def first_line(error: Exception) -> str:
    """Return what an exception says, in one line."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def translate(error: Exception) -> CommandFault | None:
    """Return plain words for faults of the surroundings, ``None`` for our own mistakes."""
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if name in {"django.db.utils.OperationalError", "psycopg.OperationalError"}:
        return CommandFault(
            f"The database does not answer: {first_line(error)}",
            ("Check DATABASE_URL, and that the server runs; `hospes doctor` tells more.",),
        )
    if isinstance(error, PermissionError):
        return CommandFault(
            f"Not permitted: {error.filename or first_line(error)}",
            ("Run the command as the user that owns HOSPES_DATA_DIR.",),
        )
    return None
