"""Install uv into a folder of the project's own; needs nothing but Python."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

OLDEST = (3, 11)


def main() -> int:
    """Make the folder and install uv; say plainly what is missing where that fails."""
    if sys.version_info < OLDEST:
        sys.stderr.write(f"Hospes needs Python 3.11 or newer; python3 is {sys.version}\n")
        return 1
    folder = Path(sys.argv[1])
    try:
        venv.create(folder, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(
            f"A virtual environment cannot be made: {error}\n"
            "On Debian and Ubuntu: apt-get install python3-venv\n"
        )
        return 1
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv"]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - pip in our own folder


if __name__ == "__main__":
    sys.exit(main())
