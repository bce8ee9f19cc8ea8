"""``django-oauth-toolkit`` on SQLite or PostgreSQL, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.ours import CALLBACK, SECRET
from bench.peers.program import Absent, Program, last_words
from bench.processes import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = Path(__file__).with_name(".venv")
PYTHON = ENVIRONMENT / "bin" / "python"
INSTALL_SECONDS = 600
NO_ES256 = "as it signs with RS256 and HS256 only"
VERSIONS = """
import json
from importlib.metadata import version
print(json.dumps({name: version(name) for name in ("django-oauth-toolkit", "django", "granian")}))
"""


def install() -> None:
    """Install the dependency group ``bench`` as the lock file names it, beside our environment."""
    own = ROOT / ".tools" / "bin" / "uv"
    uv = str(own) if own.is_file() else shutil.which("uv")
    if uv is None:
        raise Absent("no uv is on this machine")
    done = subprocess.run(
        [uv, "sync", "--frozen", "--quiet", "--only-group", "bench", "--python", sys.executable],
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)},
        check=False,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
    )
    if done.returncode:
        raise Absent(f"its packages could not be fetched (uv sync): {last_words(done.stderr)}")


class Toolkit:
    """One granian process."""

    name = "django-oauth-toolkit"
    paths = {"token": "/o/token/", "introspect": "/o/introspect/", "userinfo": "/o/userinfo/"}
    lacking = {
        "code_es256": NO_ES256,
        "private_key_jwt": "as it knows secrets only",
        "dpop": "as its tokens are bound to no key",
    }
    instead = {"refresh": ("RS256", f"with an RS256 ID token, {NO_ES256}")}

    def __init__(self, database_url: str, on: set[int]) -> None:
        self.storage = "PostgreSQL" if database_url else "SQLite"
        self.database_url = database_url
        # A second thread goes on while the first waits for PostgreSQL; on SQLite none waits.
        self.threads = "2" if database_url else "1"
        self.on = on
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="hospes-bench-toolkit-")
        self.program: Program | None = None

    @staticmethod
    def ensure() -> None:
        """Fetch what it needs, or say what is missing."""
        install()

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that it runs with."""
        return {
            "DJANGO_SETTINGS_MODULE": "bench.peers.toolkit.settings",
            "TOOLKIT_DATA": self.folder.name,
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": str(ROOT),
        }

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(PYTHON), *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"django-oauth-toolkit: {last_words(done.stderr)}")
        return done.stdout

    def versions(self) -> str:
        """Return the versions of what is measured."""
        found = json.loads(self._python("-c", VERSIONS))
        return ", ".join(
            [
                f"django-oauth-toolkit {found['django-oauth-toolkit']}",
                f"Django {found['django']}",
                f"granian {found['granian']}",
            ]
        )

    def start(self) -> None:
        """Migrate, register the applications, and serve."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        (Path(self.folder.name) / "key.pem").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self._python("-m", "django", "migrate", "--verbosity", "0")
        self._python("-m", "bench.peers.toolkit.prepare", "applications", SECRET, CALLBACK)
        command = [
            *(str(PYTHON), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(self.port), "--workers", "1", "--blocking-threads", self.threads),
            *("--no-access-log", "--log-level", "error", "bench.peers.toolkit.wsgi:application"),
        ]
        self.program = Program(command, self.environment, ROOT, self.on)
        self.program.answers_at(f"{self.url}/o/.well-known/openid-configuration")

    def stop(self) -> None:
        """End it and remove its data."""
        if self.program is not None:
            self.program.stop()
            self.program = None
        self.folder.cleanup()

    def client(self, name: str) -> tuple[str, str]:
        """Return id and secret of the application ``name``."""
        return f"bench-{name}", SECRET + name

    def prepare(self, kind: str, name: str, count: int, file: Path, challenge: str) -> None:
        """Insert ``count`` codes or tokens of the application ``name``; write them to ``file``."""
        module, client = "bench.peers.toolkit.prepare", self.client(name)[0]
        self._python("-m", module, kind, client, str(count), CALLBACK, challenge, str(file))
