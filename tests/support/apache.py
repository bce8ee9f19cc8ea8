"""Debian's Apache with mod_auth_openidc and the printed settings, as an ordinary user."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from typing import TYPE_CHECKING

from support import run
from support.dovecot import ordinary
from tools import servers

if TYPE_CHECKING:
    from pathlib import Path

# What Debian's own files have around a virtual host.
AROUND = """
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{folder}/apache.pid"
ErrorLog "{folder}/error.log"
LogLevel warn auth_openidc:warn
DefaultRuntimeDir "{folder}"
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authn_core_module {modules}/mod_authn_core.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule authz_user_module {modules}/mod_authz_user.so
LoadModule auth_openidc_module {modules}/mod_auth_openidc.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule include_module {modules}/mod_include.so
TypesConfig /dev/null
AddType text/html .html
AddOutputFilter INCLUDES .html
<VirtualHost 127.0.0.1:{port}>
  DocumentRoot "{folder}/www"
  DirectoryIndex index.html
  <Directory "{folder}/www">
    Options +Includes
  </Directory>
{printed}
</VirtualHost>
"""
# Shows what the module tells the software behind it.
PAGE = (
    '<!doctype html><title>Inside</title><p id="user"><!--#echo var="REMOTE_USER" --></p>'
    '<p id="sub"><!--#echo var="OIDC_CLAIM_sub" --></p>'
    '<p id="email"><!--#echo var="OIDC_CLAIM_email" --></p>'
)


class Apache:
    """A web server at localhost that protects every page; given what was printed for it."""

    def __init__(self, port: int) -> None:
        assert all(path.exists() for path in servers.NEEDED), servers.MISSING
        self.port = port
        self.url = f"http://localhost:{port}"
        self.folder: Path = run.run_dir() / f"apache-{run.worker_name()}-{port}"
        self.process: subprocess.Popen[bytes] | None = None
        (self.folder / "www").mkdir(parents=True)
        (self.folder / "www" / "index.html").write_text(PAGE)
        (self.folder / "www" / "report.html").write_text(PAGE)

    def start(self, printed: str) -> None:
        """Serve with these settings."""
        # Only the reader knows it; it stays what it is for as long as the site does.
        printed = printed.replace("YOUR_LONG_RANDOM_TEXT", secrets.token_hex(32))
        config = self.folder / "apache.conf"
        config.write_text(
            AROUND.format(
                folder=self.folder, port=self.port, modules=servers.MODULES, printed=printed
            )
        )
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, run.NOBODY, run.NOBODY)
        with (self.folder / "stderr.log").open("ab") as errors:
            self.process = subprocess.Popen(
                ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=self.folder,
                start_new_session=True,
                **ordinary(),
            )
        run.wait_until(lambda: run.listens(self.port), f"Apache's first page ({self.folder})")

    def stop(self) -> None:
        """End it with all it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)
            self.process = None

    def said(self) -> str:
        """Return the log."""
        return (self.folder / "error.log").read_text()
