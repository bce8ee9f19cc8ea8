"""Bring PHP, MariaDB's server and a WordPress, with which the WordPress module is tried.

PHP and MariaDB are installed with apt; WordPress is unpacked from Debian's package into .tools,
so that no web server comes with it. ``python tools/wordpress.py`` exits with 1, saying what is
missing, where they cannot be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".tools" / "wordpress"
FOLDER = HOME / "usr" / "share" / "wordpress"
PACKAGES = ("php-cli", "php-curl", "php-mysql", "mariadb-server-core")
# The last three hold files that WordPress's package only links to.
UNPACKED = ("wordpress", "libjs-cropper", "libjs-underscore", "php-getid3")
EXTENSIONS = frozenset(["curl", "mysqli", "openssl"])
MISSING = (
    "The WordPress module cannot be tried here. It needs PHP with curl, mysqli and openssl, "
    "MariaDB's server, and WordPress: on Debian, run `make test` as root, or first "
    f"`apt-get install {' '.join(PACKAGES)}`; for WordPress itself apt-get download must work."
)


def program(name: str) -> str | None:
    """Return the path of a program; servers stand where a user's PATH may not lead."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def _has_programs() -> bool:
    php = program("php")
    if php is None or program("mariadbd") is None:
        return False
    listed = subprocess.run(  # noqa: S603 - PHP
        [php, "-m"], check=False, capture_output=True, text=True
    ).stdout
    return set(listed.lower().split()) >= EXTENSIONS


def _try(*command: str, folder: Path | None = None) -> str:
    """Run a command; return why it did not work, "" where it did."""
    sys.stderr.write(f"Getting WordPress: {' '.join(command)}\n")
    try:
        result = subprocess.run(  # noqa: S603 - fixed commands
            command, check=False, capture_output=True, text=True, timeout=600, cwd=folder
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr or result.stdout).strip()[-400:]


def _unpack() -> str:
    """Fetch Debian's packages and unpack them side by side, whole or not at all."""
    HOME.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME.parent, prefix="wordpress-") as name:
        folder = Path(name)
        why = _try("apt-get", "download", "-q", *UNPACKED, folder=folder)
        for archive in sorted(folder.glob("*.deb")):
            why = why or _try("dpkg", "-x", str(archive), str(folder / "all"))
        if not why:
            (folder / "all").chmod(0o755)
            (folder / "all").rename(HOME)
    return why


def ensure() -> str:
    """Bring what is not there; return what is wrong, or ""."""
    updated = os.geteuid() != 0 or shutil.which("apt-get") is None
    why = ""
    if not _has_programs() and not updated:
        why = _try("apt-get", "update", "-q") or _try(
            "apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES
        )
        updated = True
    if not why and not FOLDER.is_dir():
        why = _unpack()
        if why and not updated:  # a machine whose lists of packages were never fetched
            why = _try("apt-get", "update", "-q") or _unpack()
    if _has_programs() and FOLDER.is_dir():
        return ""
    return f"{MISSING} {why}".strip()


if __name__ == "__main__":
    wrong = ensure()
    sys.stderr.write(f"{wrong}\n" if wrong else "")
    sys.exit(1 if wrong else 0)
