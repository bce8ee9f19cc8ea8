"""npm's ``oidc-provider``, in memory or on PostgreSQL."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from bench.ours import CALLBACK, SECRET
from bench.peers.program import Absent, Program, last_words
from bench.processes import free_port
from bench.proofs import KEY_SET

FOLDER = Path(__file__).with_name("oidc_provider")
INSTALL_SECONDS = 300


def install(folder: Path) -> None:
    """Fetch the packages of a Node program as its lock file names them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Absent(f"no {'Node' if node is None else 'npm'} is on this machine")
    mark, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not (mark.is_file() and mark.stat().st_mtime >= lock.stat().st_mtime):
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
        if done.returncode:
            raise Absent(f"its packages could not be fetched (npm ci): {last_words(done.stderr)}")


class OidcProvider:
    """One Node process, as it runs for production."""

    name = "oidc-provider"
    paths = {"token": "/token", "introspect": "/token/introspection", "userinfo": "/me"}
    lacking: dict[str, str] = {}
    instead: dict[str, tuple[str, str]] = {}

    def __init__(self, database_url: str, on: set[int]) -> None:
        self.storage = "PostgreSQL" if database_url else "memory"
        self.database_url = database_url
        self.on = on
        self.port = free_port()
        self.node = shutil.which("node") or "node"
        self.program: Program | None = None

    @staticmethod
    def ensure() -> None:
        """Fetch what it needs, or say what is missing."""
        install(FOLDER)

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def versions(self) -> str:
        """Return the versions of what is measured."""
        node = subprocess.run([self.node, "--version"], check=True, capture_output=True, text=True)
        packages = json.loads((FOLDER / "package.json").read_text())["dependencies"]
        driver = f", pg {packages['pg']}" if self.database_url else ""
        return f"oidc-provider {packages['oidc-provider']}{driver}, Node {node.stdout.strip()[1:]}"

    def start(self) -> None:
        """Serve; the clients are part of its settings."""
        environment = {
            "NODE_ENV": "production",
            "PORT": str(self.port),
            "DATABASE_URL": self.database_url,
            "CLIENT_SECRET": SECRET,
            "CALLBACK": CALLBACK,
            "KEY_SET": KEY_SET,
        }
        self.program = Program([self.node, "server.mjs"], environment, FOLDER, self.on)
        if self.program.ask("") != "ready":
            raise SystemExit("oidc-provider does not start.")

    def stop(self) -> None:
        """End it."""
        if self.program is not None:
            self.program.stop()
            self.program = None

    def client(self, name: str) -> tuple[str, str]:
        """Return id and secret of the client ``name``."""
        return f"bench-{name}", SECRET + name

    def prepare(self, kind: str, name: str, count: int, file: Path, challenge: str) -> None:
        """Let it save ``count`` codes or tokens of the client ``name``; write them to ``file``."""
        wanted = {
            "kind": kind,
            "client": self.client(name)[0],
            "count": count,
            "challenge": challenge,
            "file": str(file),
        }
        answer = self.program.ask(json.dumps(wanted)) if self.program else ""
        if answer != "prepared":
            raise SystemExit(f"oidc-provider could not prepare codes or tokens: {answer}")
