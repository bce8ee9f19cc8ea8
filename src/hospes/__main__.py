"""``python -m hospes`` is the command ``hospes``."""

from __future__ import annotations

import sys

from hospes.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
