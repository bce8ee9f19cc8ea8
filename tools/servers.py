"""Bring Apache with mod_auth_openidc, and Dovecot, to which the printed settings are given.

Both are installed with apt from Debian. ``python -m tools.servers`` exits with 1, saying what is
missing, where they cannot be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

MODULES = Path("/usr/lib/apache2/modules")
# The first without "apache2" itself, so that no web server is set up and started.
PACKAGES = ("apache2-bin", "libapache2-mod-auth-openidc", "dovecot-core", "dovecot-imapd")
NEEDED = (
    Path("/usr/sbin/apache2"),
    MODULES / "mod_auth_openidc.so",
    Path("/usr/sbin/dovecot"),
    Path("/usr/lib/dovecot/imap"),
)
# What package scripts ask before they start a service; 101 is "no".
POLICY = Path("/usr/sbin/policy-rc.d")
MISSING = (
    "The printed settings cannot be tried here. That needs Apache with mod_auth_openidc, and "
    "Dovecot: on Debian, run `make test` as root, or first "
    f"`apt-get install {' '.join(PACKAGES)}`."
)


def _try(*command: str) -> str:
    """Run a command; return why it did not work, "" where it did."""
    sys.stderr.write(f"Getting Apache and Dovecot: {' '.join(command)}\n")
    try:
        result = subprocess.run(  # noqa: S603 - fixed commands
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if result.returncode == 0 else (result.stderr or result.stdout).strip()[-400:]


def _install() -> str:
    quiet = not POLICY.exists()
    if quiet:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        install = ("apt-get", "install", "-q", "-y", "--no-install-recommends", *PACKAGES)
        return _try("apt-get", "update", "-q") or _try(*install)
    finally:
        if quiet:
            POLICY.unlink()


def ensure() -> str:
    """Bring what is not there; return what is wrong, or ""."""
    if all(path.exists() for path in NEEDED):
        return ""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return MISSING
    why = _install()
    return "" if all(path.exists() for path in NEEDED) else f"{MISSING} {why}".strip()


if __name__ == "__main__":
    wrong = ensure()
    sys.stderr.write(f"{wrong}\n" if wrong else "")
    sys.exit(1 if wrong else 0)
