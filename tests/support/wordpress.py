"""A real WordPress under PHP's server, with a MariaDB of its own; both run as ordinary users.

``HOSPES_CONNECT_ISSUER``, ``HOSPES_CONNECT_CLIENT_ID`` and ``HOSPES_CONNECT_CLIENT_SECRET`` are
the module's constants in wp-config.php.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

from support import run
from tools import wordpress

MODULE = Path(__file__).resolve().parents[2] / "connectors" / "wordpress" / "hospes-connect"
ADMIN = ("site-admin", "the heron waits in the reeds 41", "admin@site.example")
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
$table_prefix = 'wp_';
$home = getenv('SITE_URL') ?: '%(url)s';
define('WP_HOME', $home); define('WP_SITEURL', $home);
define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('FS_METHOD', 'direct');
define('WP_DEBUG', true); define('WP_DEBUG_DISPLAY', false); define('WP_DEBUG_LOG', '%(log)s');
define('WP_PROXY_HOST', '127.0.0.1'); define('WP_PROXY_PORT', '%(proxy)d');
%(salts)s
$constants = json_decode(getenv('SITE_CONSTANTS') ?: '{}', true);
foreach ($constants as $name => $value) define($name, $value);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
# Nothing leaves the machine: no mail, and no question to anybody but the provider.
QUIET = """<?php
add_filter('pre_wp_mail', '__return_true');
add_filter('pre_http_request', static function ($answer, $options, $url) {
    $host = parse_url($url, PHP_URL_HOST);
    $near = in_array($host, ['127.0.0.1', 'localhost'], true);
    return $near ? $answer : new WP_Error('quiet', $host);
}, 10, 3);
add_filter('locale', static fn ($locale) => get_option('test_locale') ?: $locale);
add_filter('hospes_connect_state_seconds', static function ($seconds) {
    return (int) get_option('test_state_seconds', $seconds);
});
"""
INSTALL = """
define('WP_INSTALLING', true);
require 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('A site', $argv[1], $argv[3], false, '', $argv[2]);
update_option('permalink_structure', '');
"""
ROUTER = """<?php
// A web server without rewriting: what is no file is not handed to WordPress.
$path = __DIR__ . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (is_file($path) || is_file("$path/index.php")) return false;
http_response_code(404);
"""


def _ordinary() -> dict[str, Any]:
    """Return what makes a program run as an ordinary user."""
    if os.geteuid() != 0:
        return {}
    return {"user": run.NOBODY, "group": run.NOBODY, "extra_groups": []}


class WordPress:
    """One installation at http://localhost:…; ``proxy_port`` is how it reaches everything else."""

    def __init__(self, proxy_port: int) -> None:
        for needed in ("php", "mariadbd"):
            assert wordpress.program(needed), wordpress.MISSING
        assert wordpress.FOLDER.is_dir(), wordpress.MISSING
        self.port = run.free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder = run.run_dir() / f"wordpress-{run.worker_name()}-{self.port}"
        self.root = self.folder / "site"
        self.log = self.folder / "debug.log"
        self.socket = self.folder / "db" / "mariadb.sock"
        self.processes: list[subprocess.Popen[bytes]] = []
        # Debian's .htaccess leads into /etc, where nothing was installed.
        shutil.copytree(wordpress.FOLDER, self.root, ignore=shutil.ignore_patterns(".htaccess"))
        salts = "".join(
            f"define('{name}{kind}', '{os.urandom(24).hex()}');"
            for name in ("AUTH_", "SECURE_AUTH_", "LOGGED_IN_", "NONCE_")
            for kind in ("KEY", "SALT")
        )
        values = {"url": self.url, "socket": self.socket, "log": self.log, "proxy": proxy_port}
        (self.root / "wp-config.php").write_text(CONFIG % {**values, "salts": salts})
        (self.root / "wp-content" / "mu-plugins").mkdir()
        (self.root / "wp-content" / "mu-plugins" / "quiet.php").write_text(QUIET)
        (self.root / "router.php").write_text(ROUTER)
        for made in ("wp-content/plugins", "wp-content/upgrade", "wp-content/uploads"):
            (self.root / made).mkdir(exist_ok=True)
        (self.folder / "db").mkdir(mode=0o700)
        if os.geteuid() == 0:
            for path in (self.folder, self.folder / "db", *self.root.rglob("wp-content*")):
                os.chown(path, run.NOBODY, run.NOBODY)
            for path in (self.root / "wp-content").rglob("*"):
                os.chown(path, run.NOBODY, run.NOBODY)

    def start(self) -> None:
        """Start the database, install, and serve."""
        self._spawn(
            wordpress.program("mariadbd"),
            *("--no-defaults", f"--datadir={self.folder / 'db'}", f"--socket={self.socket}"),
            *("--skip-networking", "--skip-grant-tables", "--innodb-buffer-pool-size=32M"),
            *("--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0"),
        )
        connect = f"@mysqli_connect('localhost', 'root', '', '', 0, '{self.socket}')"
        create = f"($c = {connect}) && $c->query('CREATE DATABASE IF NOT EXISTS wordpress')"
        run.wait_until(
            lambda: self._run("-r", f"exit({create} ? 0 : 1);").returncode == 0,
            "MariaDB's first answer",
        )
        self.php(INSTALL, *ADMIN)
        self.serve(self.port)

    def serve(self, port: int, *, rewrites: bool = True, **constants: str) -> str:
        """Serve the site on one more port, with constants of its own; return its address."""
        address = f"http://localhost:{port}"
        self._spawn(
            *(wordpress.program("php"), "-d", "opcache.enable_cli=1", "-d", "display_errors=0"),
            *("-S", f"localhost:{port}", "-t", self.root),
            *(() if rewrites else (self.root / "router.php",)),
            PHP_CLI_SERVER_WORKERS="3",
            SITE_URL=address,
            SITE_CONSTANTS=json.dumps(constants),
        )
        run.wait_until(lambda: run.listens(port), "WordPress's first page")
        return address

    def _spawn(self, *command: Any, **variables: str) -> None:
        with (self.folder / "programs.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command,
                    env={**os.environ, **variables},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.root,
                    start_new_session=True,
                    **_ordinary(),
                )
            )

    def _run(self, *command: str, text: str = "", url: str = "") -> Any:
        return subprocess.run(
            [str(wordpress.program("php")), *command],
            env={**os.environ, "SITE_URL": url or self.url},
            check=False,
            capture_output=True,
            text=True,
            input=text,
            timeout=60,
            cwd=self.root,
            **_ordinary(),
        )

    def php(self, code: str, *arguments: str) -> str:
        """Run code in the site's folder; return what it prints."""
        done = self._run("-r", code, "--", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def ask(self, expression: str) -> Any:
        """Return the value of an expression within WordPress."""
        code = f"require 'wp-load.php'; echo '=', json_encode({expression});"
        return json.loads(self.php(code).partition("=")[2])

    def cli(self, *arguments: str, text: str = "", url: str = "") -> Any:
        """Run a command of the module's as WP-CLI would (see wp_cli.php beside the tests)."""
        script = Path(__file__).resolve().parents[1] / "connectors" / "wp_cli.php"
        target = self.root / "wp_cli.php"
        if not target.exists():
            shutil.copy(script, target)
        return self._run("wp_cli.php", *arguments, text=text, url=url)

    def user(self, email: str) -> dict[str, Any] | None:
        """Return who has that address: ID, login, names, roles and connections."""
        found = self.ask(
            f"($u = get_user_by('email', '{email}')) ? ['id' => $u->ID, 'login' => $u->user_login,"
            " 'name' => $u->display_name, 'first' => $u->first_name, 'roles' => $u->roles,"
            " 'links' => Hospes\\Connect\\Users::links($u->ID)] : null"
        )
        return dict(found) if found else None

    def complaints(self) -> str:
        """Return what PHP had to say against the module."""
        said = self.log.read_text() if self.log.is_file() else ""
        return "\n".join(line for line in said.splitlines() if "hospes-connect" in line)

    def reached(self) -> bool:
        """Return whether its sign-in page is answered."""
        return httpx.get(f"{self.url}/wp-login.php", timeout=20).status_code == 200

    def stop(self) -> None:
        """End its programs."""
        for process in reversed(self.processes):
            os.killpg(process.pid, 15)
            process.wait(20)
