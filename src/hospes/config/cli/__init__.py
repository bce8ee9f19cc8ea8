"""The command ``hospes``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hospes.config.cli import faults, parser
from hospes.config.environment import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

# Databases and files are made for the service's own user: they hold addresses and hashes.
PRIVATE = 0o077


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; faults of the surroundings are told plainly."""
    options = parser.parse(arguments)
    # Migrations are source code; everything else that a command makes is an installation's.
    mask = os.umask(0o022 if options.command == "makemigrations" else PRIVATE)
    try:
        return int(options.run(options))
    except EnvironmentFault as fault:
        faults.tell("The configuration cannot be used:", fault.faults)
        return faults.EXIT_CONFIGURATION
    except faults.CommandFault as fault:
        faults.tell(fault.headline, fault.advice)
        return fault.exit_code
    except KeyboardInterrupt:
        return 128 + 2
    except Exception as error:
        told = faults.translate(error)
        if told is None:
            raise
        faults.tell(told.headline, told.advice)
        return told.exit_code
    finally:
        os.umask(mask)
        sys.stdout.flush()
