"""Debian's Dovecot with the printed settings, as an ordinary user from a folder of its own."""

from __future__ import annotations

import imaplib
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

from support import run
from tools import servers

if TYPE_CHECKING:
    from pathlib import Path

# What an installation has around auth_mechanisms and passdb: where things are, and who runs them.
AROUND = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
auth_verbose = yes
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  # One who fails would wait longer and longer.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
"""


def ordinary() -> dict[str, Any]:
    """Return what makes a program run as an ordinary user."""
    if os.geteuid() != 0:
        return {}
    return {"user": run.NOBODY, "group": run.NOBODY, "extra_groups": []}


class Dovecot:
    """A mail server at 127.0.0.1; ``texts`` are the printed settings, by key."""

    def __init__(self, texts: dict[str, str]) -> None:
        assert all(path.exists() for path in servers.NEEDED), servers.MISSING
        self.port = run.free_port()
        self.folder: Path = run.run_dir() / f"dovecot-{run.worker_name()}-{self.port}"
        self.log = self.folder / "dovecot.log"
        self.process: subprocess.Popen[bytes] | None = None
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir(parents=True)
        import grp
        import pwd

        uid, gid = (run.NOBODY, run.NOBODY) if os.geteuid() == 0 else (os.getuid(), os.getgid())
        around = AROUND.format(
            folder=self.folder,
            port=self.port,
            uid=uid,
            gid=gid,
            user=pwd.getpwuid(uid).pw_name,
            group=grp.getgrgid(gid).gr_name,
        )
        # The one change to what is printed: the files are not in /etc.
        auth = texts["dovecot"].replace("/etc/dovecot/", f"{self.folder}/")
        (self.folder / "dovecot.conf").write_text(around + auth)
        for kind in ("token", "password"):
            text = texts[f"dovecot_{kind}"]
            (self.folder / f"hospes-{kind}.conf.ext").write_text(text)
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, run.NOBODY, run.NOBODY)

    def start(self) -> None:
        """Start, and wait until it greets."""
        with (self.folder / "stderr.log").open("wb") as errors:
            self.process = subprocess.Popen(
                ["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=self.folder,
                start_new_session=True,
                **ordinary(),
            )
        run.wait_until(lambda: run.listens(self.port), f"Dovecot's greeting ({self.folder})")

    def stop(self) -> None:
        """End it with all it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)

    def _connected(self) -> imaplib.IMAP4:
        return imaplib.IMAP4("127.0.0.1", self.port, timeout=20)

    def _tried(self, connection: imaplib.IMAP4, mechanism: str, answer: str) -> bool:
        # A refusal is told as a challenge first (RFC 7628 §3.2.3); the answer to it is empty.
        answers = iter([answer.encode()])
        try:
            connection.authenticate(mechanism, lambda _: next(answers, b"\x01"))
        except imaplib.IMAP4.error:
            connection.shutdown()
            return False
        try:
            return connection.select("INBOX")[0] == "OK"
        finally:
            connection.logout()

    def oauthbearer(self, user: str, token: str) -> bool:
        """Try the way of RFC 7628; return whether the mailbox was opened."""
        said = f"n,a={user},\x01host=127.0.0.1\x01port={self.port}\x01auth=Bearer {token}\x01\x01"
        return self._tried(self._connected(), "OAUTHBEARER", said)

    def xoauth2(self, user: str, token: str) -> bool:
        """Try the older way, which Roundcube goes."""
        said = f"user={user}\x01auth=Bearer {token}\x01\x01"
        return self._tried(self._connected(), "XOAUTH2", said)

    def plain(self, user: str, password: str) -> bool:
        """Try a password, as every mail program does (RFC 4616)."""
        return self._tried(self._connected(), "PLAIN", f"\0{user}\0{password}")

    def login(self, user: str, password: str) -> bool:
        """Try a password with IMAP's own command."""
        connection = self._connected()
        try:
            connection.login(user, password)
        except imaplib.IMAP4.error:
            connection.shutdown()
            return False
        connection.logout()
        return True

    def said(self) -> str:
        """Return the log."""
        return self.log.read_text()
