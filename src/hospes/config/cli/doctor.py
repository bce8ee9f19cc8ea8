"""``hospes doctor``: look at the installation and say what to do."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hospes.config import databases, environment, keyfiles
from hospes.config.cli import doctor_certificates, preparation
from hospes.demo import credentials as demo_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from hospes.config.environment import Environment

LEAST_FREE_BYTES = 500 * 1024 * 1024
CONNECT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``advice`` says what to do where ``state`` is not ``ok``."""

    state: str  # "ok", "note" or "mend"
    subject: str
    text: str
    advice: str = ""


def _address(env: Environment) -> Iterator[Finding]:
    loopback = (urlsplit(env.base_url).hostname or "") in {"127.0.0.1", "localhost", "::1"}
    if env.https:
        yield Finding("ok", "address", env.base_url)
    elif loopback:
        yield Finding(
            "note",
            "address",
            f"{env.base_url} is reached from this machine only",
            "For customers set HOSPES_BASE_URL=https://… and put a proxy with TLS in front.",
        )
    if env.https and not env.trusted_proxies:
        yield Finding(
            "mend",
            "proxies",
            "no proxy is trusted, so that every visitor seems to come from the proxy",
            "Set HOSPES_TRUSTED_PROXIES to the proxy's address, for example 127.0.0.1.",
        )
    wide = [network for network in env.trusted_proxies if network.prefixlen == 0]
    if wide:
        yield Finding(
            "mend",
            "proxies",
            f"{wide[0]} trusts everybody: anyone may choose the address they seem to come from",
            "Name only the proxies' own addresses in HOSPES_TRUSTED_PROXIES.",
        )
    elif env.trusted_proxies:
        yield Finding("ok", "proxies", ", ".join(map(str, env.trusted_proxies)))
    yield from _certificates(env)
    if env.https and (env.demo or env.development):
        name = "HOSPES_DEMO" if env.demo else "HOSPES_DEVELOPMENT"
        yield Finding(
            "mend",
            "mode",
            f"{name} is set: the mailbox page shows everybody's mail to everybody",
            f"Unset {name} where customers are served.",
        )


def _certificates(env: Environment) -> Iterator[Finding]:
    for state, text, advice in doctor_certificates.findings(env):
        yield Finding(state, "certificates", text, advice)


def _folder(env: Environment) -> Iterator[Finding]:
    folder = env.data_dir
    if not folder.is_dir():
        yield Finding(
            "note",
            "data folder",
            f"{folder} does not exist yet",
            "`hospes serve` makes it; or set HOSPES_DATA_DIR.",
        )
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "mend", "data folder", f"{folder} cannot be written", "Give it to the service's user."
        )
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & stat.S_IRWXO:
        yield Finding(
            "mend",
            "data folder",
            f"{folder} has mode {mode:04o}: others on this machine may look into it",
            f"Run: chmod 700 {folder}",
        )
    else:
        yield Finding("ok", "data folder", f"{folder}, mode {mode:04o}")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield Finding(
            "mend", "disk", f"{free // 2**20} MB are free", "Make room: at least 500 MB are needed."
        )


def _keys(env: Environment) -> Iterator[Finding]:
    path = env.data_dir / keyfiles.FILE_NAME
    if not path.is_file():
        yield Finding(
            "note", "keys", f"{path} does not exist yet", "They are made at the first start."
        )
        return
    try:
        keys = keyfiles.load(env.data_dir)
    except environment.EnvironmentFault as fault:
        for line in fault.faults:
            text, _, advice = line.partition(". ")
            yield Finding("mend", "keys", text, advice)
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    count = len(keys.key_encryption_keys)
    yield Finding("ok", "keys", f"{path}, mode {mode:04o}, {count} for sealing; back it up")


def _database(env: Environment) -> Iterator[Finding]:
    path = databases.sqlite_path(env.database_url, env.data_dir)
    if path is not None and not path.is_file():
        yield Finding(
            "note",
            "database",
            f"{path} does not exist yet",
            "`hospes serve` makes it; or run `hospes migrate`.",
        )
        return
    try:
        waiting = preparation.pending_migrations(env)
        about = preparation.describe_database(env)
    except Exception as error:  # noqa: BLE001 - each driver has exceptions of its own
        yield Finding(
            "mend",
            "database",
            f"it does not answer: {(str(error).splitlines() or [repr(error)])[0]}",
            "Check DATABASE_URL, and that the server runs and lets this machine in.",
        )
        return
    if waiting:
        yield Finding(
            "mend",
            "database",
            f"{len(waiting)} migrations are missing, the first is {waiting[0]}",
            "Run `hospes migrate`.",
        )
    for state, text, advice in about:
        yield Finding(state, "database", text, advice)


def _mail(env: Environment) -> Iterator[Finding]:
    if not env.mail_url:
        if env.demo or env.development:
            yield Finding("ok", "mail", f"shown at {env.base_url}/dev/mailbox")
        elif demo_files.read(env.data_dir) is not None:
            # Whoever asks beside a running demo did not tell this command that it is one.
            yield Finding(
                "note",
                "mail",
                f"a demo: while `hospes serve --demo` runs, shown at {env.base_url}/dev/mailbox",
                "For customers, begin with a folder of its own and set HOSPES_MAIL_URL.",
            )
        else:
            yield Finding(
                "mend",
                "mail",
                "no mail can leave, so that nobody can sign up",
                "Set HOSPES_MAIL_URL, for example smtp+starttls://user:password@host:587.",
            )
        return
    parts = urlsplit(env.mail_url)
    where = f"{parts.hostname}:{parts.port or 'standard port'}"
    fault = _mail_fault(env)
    if fault:
        yield Finding(
            "mend",
            "mail",
            f"{where}: {fault}",
            "Check HOSPES_MAIL_URL: scheme, host, port, user and password.",
        )
    else:
        yield Finding("ok", "mail", f"{where} answers, as {env.mail_from}")


def _mail_fault(env: Environment) -> str:
    import smtplib

    from hospes.config.cli import framework
    from hospes.config.cli.faults import first_line

    framework.load()
    from hospes.foundation.gateways.smtp import Server

    try:
        connection = Server.from_url(env.mail_url).connect()
        code, text = connection.noop()
        connection.quit()
    except (OSError, smtplib.SMTPException) as error:
        return first_line(error)
    return "" if code == 250 else f"it says {code} {text!r}"  # noqa: PLR2004 - RFC 5321 §4.2


def _redis(env: Environment) -> Iterator[Finding]:
    if not env.redis_url:
        yield Finding("ok", "counters", "in the process's memory; enough for one process")
        return
    import redis

    from hospes.config.cli.faults import first_line

    try:
        client = redis.Redis.from_url(env.redis_url, socket_connect_timeout=CONNECT_SECONDS)
        client.ping()
        client.close()
    except (redis.RedisError, OSError, ValueError) as error:
        yield Finding(
            "mend",
            "counters",
            f"Redis does not answer: {first_line(error)}",
            "Check REDIS_URL, and that the server runs.",
        )
    else:
        yield Finding("ok", "counters", "Redis answers")


def _sms(env: Environment) -> Iterator[Finding]:
    if not env.sms_urls:
        if env.demo or env.development:
            yield Finding("ok", "SMS", f"shown at {env.base_url}/dev/mailbox")
            return
        yield Finding(
            "note",
            "SMS",
            "no gateway: codes by SMS are not offered, and recovery phones cannot be confirmed",
            "Set HOSPES_SMS_URLS to the address of an SMS gateway.",
        )
        return
    from hospes.config.cli import framework

    framework.load()
    from hospes.foundation.gateways.sms import can_read

    unknown = sum(not can_read(url) for url in env.sms_urls)
    if unknown:
        # The addresses hold keys, so they are not shown.
        yield Finding(
            "mend",
            "SMS",
            f"{unknown} of {len(env.sms_urls)} addresses in HOSPES_SMS_URLS cannot be read",
            "Write each as Apprise's list of services has it, with {to} for the number.",
        )
    else:
        yield Finding("ok", "SMS", f"gateways: {len(env.sms_urls)}")


def _places(env: Environment) -> Iterator[Finding]:
    if env.geoip_file is None:
        yield Finding("ok", "places", "sign-ins are shown without a place (no HOSPES_GEOIP_FILE)")
        return
    import maxminddb

    try:
        with maxminddb.open_database(env.geoip_file, maxminddb.MODE_FILE) as reader:
            about = reader.metadata()
    except (OSError, ValueError, RuntimeError) as error:
        yield Finding(
            "mend",
            "places",
            f"{env.geoip_file} cannot be read: {type(error).__name__}",
            "Set HOSPES_GEOIP_FILE to a file in the MaxMind DB format (.mmdb), or unset it.",
        )
        return
    kind = about.database_type
    if not kind.endswith(("City", "Country", "Enterprise")):
        yield Finding(
            "mend",
            "places",
            f"{env.geoip_file} is of the kind {kind!r}, which names no places",
            "Use a file of the kind City or Country.",
        )
        return
    made = dt.datetime.fromtimestamp(about.build_epoch, dt.UTC)
    yield Finding("ok", "places", f"{kind} of {made:%Y-%m-%d}")


def _sealed(env: Environment) -> Iterator[Finding]:
    # Only a database that is up to date can be read by the installed version.
    if preparation.pending_migrations(env):
        return
    from hospes.config.cli import framework

    framework.load()
    from hospes.foundation.services import sealing

    closed = sealing.values_that_do_not_open()
    if closed:
        yield Finding(
            "mend",
            "sealed values",
            f"{len(closed)} do not open with these keys, the first is {closed[0]}",
            "Restore the keys.json that belongs to this database.",
        )
    else:
        yield Finding("ok", "sealed values", "all of them open")


def _sms_methods(env: Environment) -> Iterator[Finding]:
    if env.sms_urls or env.demo or env.development or preparation.pending_migrations(env):
        return
    from hospes.config.cli import framework

    framework.load()
    from hospes.identity.queries import two_step

    count = two_step.count_living("sms")
    if count:
        yield Finding(
            "mend",
            "SMS",
            f"codes by SMS cannot leave, but are a second step of customers: {count}",
            "Set HOSPES_SMS_URLS again; until then they have their other methods only.",
        )


LOOKS: tuple[Callable[[Environment], Iterator[Finding]], ...] = (
    _address,
    _folder,
    _keys,
    _database,
    _mail,
    _redis,
    _sms,
    _places,
)


def examine(env: Environment) -> list[Finding]:
    """Look at everything; never raises for what it looks at."""
    socket.setdefaulttimeout(CONNECT_SECONDS)
    found = [finding for look in LOOKS for finding in look(env)]
    states = {finding.subject: finding.state for finding in found}
    if states.get("keys") == "ok" and states.get("database") == "ok":
        found.extend(_sealed(env))
        found.extend(_sms_methods(env))
    return found


def run(_options: argparse.Namespace) -> int:
    """Print what was found; 1 where something is to mend."""
    try:
        env = environment.read()
    except environment.EnvironmentFault as fault:
        found = [Finding("mend", "configuration", line) for line in fault.faults]
    else:
        found = [Finding("ok", "configuration", "every variable is understood"), *examine(env)]
    width = max(len(finding.subject) for finding in found)
    for finding in found:
        print(f"{finding.state:<5} {finding.subject:<{width}}  {finding.text}")
        if finding.advice:
            print(f"{'':<{width + 8}}{finding.advice}")
    count = sum(finding.state == "mend" for finding in found)
    print(f"{count} to mend." if count else "All is well.")
    return 1 if count else 0
