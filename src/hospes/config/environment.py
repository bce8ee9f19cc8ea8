"""The installation's environment variables, read once, with every fault told at once."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_BASE_URL = "http://127.0.0.1:8000"
# The made-up provider of the demo.
DEMO_PROVIDER = "Alpenhost"

# Where browsers and phones let themselves be reached (W3C Push API): hosts, or *.domain.
DEFAULT_PUSH_HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)

# Where codes by SMS are offered (ISO 3166).
DEFAULT_SMS_COUNTRIES = ("CH", "FR", "BE", "DE")

# The header of RFC 9440, in which proxies tell the visitor's certificate.
USUAL_CERTIFICATE_HEADER = "Client-Cert"
# The header in which proxies tell the visitor's address. Servers map "X_Forwarded_For" to the same
# variable, so any other name is one word: that has no second spelling.
USUAL_CLIENT_HEADER = "X-Forwarded-For"
_AT_A_HOST = frozenset({"HOSPES_MAIL_URL", "REDIS_URL"})
_COUNTRY = re.compile(r"[A-Z]{2}")
_ONE_WORD = re.compile(r"[A-Za-z0-9]{3,40}")
_PUSH_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_TAKEN = frozenset(
    {
        "accept", "authorization", "connection", "cookie", "date", "expect", "forwarded", "from",
        "host", "origin", "pragma", "proxy", "range", "referer", "trailer", "upgrade", "via",
    }
)  # fmt: skip

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class EnvironmentFault(ValueError):
    """One or more variables cannot be used; the text names each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Environment:
    """What the provider configured, parsed."""

    base_url: str = DEFAULT_BASE_URL
    data_dir: Path = Path("var")
    database_url: str = ""
    redis_url: str = ""
    mail_url: str = ""
    mail_from: str = "Hospes <no-reply@localhost>"
    trusted_proxies: tuple[Network, ...] = ()
    client_header: str = USUAL_CLIENT_HEADER
    certificate_header: str = ""
    client_ca_file: Path | None = None
    mtls_url: str = ""
    metrics_token: str = ""
    provider_name: str = "Hospes"
    languages: tuple[str, ...] = ("en", "fr", "de", "it", "es")
    breached_passwords_file: Path | None = None
    geoip_file: Path | None = None
    push_hosts: tuple[str, ...] = DEFAULT_PUSH_HOSTS
    sms_urls: tuple[str, ...] = ()
    sms_countries: tuple[str, ...] = DEFAULT_SMS_COUNTRIES
    demo: bool = False
    development: bool = False
    log_format: str = "json"

    @property
    def https(self) -> bool:
        """Return whether people reach the installation over TLS."""
        return self.base_url.startswith("https://")

    @property
    def hostname(self) -> str:
        """Return the host without its port, an IPv6 address in brackets."""
        name = urlsplit(self.base_url).hostname or ""
        return f"[{name}]" if ":" in name else name

    @property
    def host(self) -> str:
        """Return host and port as they stand in a Host header."""
        return urlsplit(self.base_url).netloc


def _parts(value: str) -> SplitResult:
    """Return the parts of a URL, none at all where its host or its port is not one."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _base_url(value: str, faults: list[str]) -> str:
    parts = _parts(value)
    beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond:
        faults.append(
            f"HOSPES_BASE_URL is {value!r}; it must be an address such as "
            "https://my.provider.example, without a path."
        )
    elif parts.scheme == "http" and (parts.hostname or "") not in {"127.0.0.1", "localhost", "::1"}:
        faults.append(
            f"HOSPES_BASE_URL is {value!r}; http is accepted only for this machine itself. "
            "Use https and put a proxy in front."
        )
    return value.rstrip("/")


def _networks(value: str, faults: list[str]) -> tuple[Network, ...]:
    found: list[Network] = []
    for item in filter(None, (part.strip() for part in value.split(","))):
        try:
            found.append(ipaddress.ip_network(item, strict=False))
        except ValueError:
            faults.append(
                f"HOSPES_TRUSTED_PROXIES holds {item!r}; it takes addresses or networks "
                "separated by commas, such as 127.0.0.1, 10.0.0.0/8."
            )
    return tuple(found)


def _client_header(value: str, faults: list[str]) -> str:
    name = value.strip() or USUAL_CLIENT_HEADER
    one_word = _ONE_WORD.fullmatch(name) and name.lower() not in _TAKEN
    if not one_word and name.lower() != USUAL_CLIENT_HEADER.lower():
        faults.append(
            f"HOSPES_CLIENT_HEADER is {value!r}; it takes {USUAL_CLIENT_HEADER}, or a name of your "
            "own in one word of letters and digits, such as ClientAddress."
        )
    return name


def _certificate_header(value: str, faults: list[str]) -> str:
    name = value.strip()
    one_word = _ONE_WORD.fullmatch(name) and name.lower() not in _TAKEN
    if name and not one_word and name.lower() != USUAL_CERTIFICATE_HEADER.lower():
        faults.append(
            f"HOSPES_CERTIFICATE_HEADER is {value!r}; it takes {USUAL_CERTIFICATE_HEADER}, or a "
            "name of your own in one word of letters and digits, such as ClientCertificate."
        )
    return name


def _mtls_url(value: str, faults: list[str]) -> str:
    parts = _parts(value)
    beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if value and (parts.scheme != "https" or not parts.hostname or beyond):
        faults.append(
            f"HOSPES_MTLS_URL is {value!r}; it must be an address such as "
            "https://mtls.provider.example, without a path."
        )
    return value.rstrip("/")


def _flag(variables: Mapping[str, str], name: str, faults: list[str]) -> bool:
    value = variables.get(name, "").strip().lower()
    if value in {"", "0", "false", "no"}:
        return False
    if value in {"1", "true", "yes"}:
        return True
    faults.append(f"{name} is {value!r}; it takes 1 or 0.")
    return False


def _url(variables: Mapping[str, str], name: str, schemes: set[str], faults: list[str]) -> str:
    value = variables.get(name, "").strip()
    if not value:
        return ""
    parts = _parts(value)
    if parts.scheme not in schemes:
        begins = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        faults.append(f"{name} is not usable; it must be an address beginning with {begins}.")
    elif not parts.hostname and name in _AT_A_HOST and parts.scheme != "unix":
        faults.append(f"{name} names no host; write {parts.scheme}://host.")
    return value


def _push_hosts(value: str, faults: list[str]) -> tuple[str, ...]:
    found = tuple(filter(None, (part.strip().lower() for part in value.split(","))))
    faults.extend(
        f"HOSPES_PUSH_HOSTS holds {host!r}; it takes names of hosts separated by commas, "
        "*.push.example for those below a domain."
        for host in found
        if not _PUSH_HOST.fullmatch(host)
    )
    return found or DEFAULT_PUSH_HOSTS


def _sms_urls(value: str, faults: list[str]) -> tuple[str, ...]:
    # Separated by blanks: the addresses themselves hold commas.
    found = tuple(value.split())
    faults.extend(
        "HOSPES_SMS_URLS holds an address without {to}; write it where the number belongs, such "
        "as json://gateway.example/sms/{to}."
        for url in found
        if "{to}" not in url or "://" not in url
    )
    return found


def _sms_countries(value: str, faults: list[str]) -> tuple[str, ...]:
    found = tuple(filter(None, (part.strip().upper() for part in value.split(","))))
    faults.extend(
        f"HOSPES_SMS_COUNTRIES holds {country!r}; it takes countries of two letters separated by "
        "commas, such as CH,FR,BE,DE."
        for country in found
        if not _COUNTRY.fullmatch(country)
    )
    return found or DEFAULT_SMS_COUNTRIES


def _file(variables: Mapping[str, str], name: str, faults: list[str]) -> Path | None:
    value = variables.get(name, "").strip()
    if value and not Path(value).is_file():
        faults.append(f"{name} names {value!r}, which is no file.")
    return Path(value) if value else None


def _authorities(variables: Mapping[str, str], faults: list[str]) -> Path | None:
    path = _file(variables, "HOSPES_CLIENT_CA_FILE", faults)
    if path is not None and path.is_file():
        # Only where it is set: reading certificates takes a large library.
        from hospes.protocols.oauth import certificates  # noqa: PLC0415 - as said

        try:
            certificates.read_authorities(path.read_bytes())
        except (OSError, ValueError) as error:
            faults.append(f"HOSPES_CLIENT_CA_FILE cannot be used: {error}.")
    return path


def _sender(value: str, faults: list[str]) -> str:
    _name, address = parseaddr(value)
    local, at, host = address.rpartition("@")
    if value and not (local and at and host):
        faults.append(
            f"HOSPES_MAIL_FROM is {value!r}; it takes an address, such as "
            "Hospes <no-reply@provider.example>."
        )
    return value


def _database_url(variables: Mapping[str, str], faults: list[str]) -> str:
    value = _url(variables, "DATABASE_URL", {"postgresql", "postgres", "sqlite"}, faults)
    parts = _parts(value)
    if parts.scheme and len(parts.path) < len("/x"):
        faults.append(
            "DATABASE_URL names no database; write postgresql://user:password@host/name or "
            "sqlite:////absolute/path.sqlite3."
        )
    return value


def read(variables: Mapping[str, str] | None = None) -> Environment:
    """Read the variables (the process's own by default).

    Raises:
        EnvironmentFault: naming every variable that is wrong.

    """
    env = os.environ if variables is None else variables
    faults: list[str] = []
    log_format = env.get("HOSPES_LOG_FORMAT", "json").strip()
    if log_format not in {"json", "console"}:
        faults.append(f"HOSPES_LOG_FORMAT is {log_format!r}; it takes json or console.")
    demo = _flag(env, "HOSPES_DEMO", faults)
    base_url = _base_url(env.get("HOSPES_BASE_URL", "").strip() or DEFAULT_BASE_URL, faults)
    provider_name = env.get("HOSPES_PROVIDER_NAME", "").strip() or (
        DEMO_PROVIDER if demo else "Hospes"
    )
    own_sender = formataddr((provider_name, f"no-reply@{_parts(base_url).hostname}"))
    environment = Environment(
        base_url=base_url,
        data_dir=Path(env.get("HOSPES_DATA_DIR", "").strip() or "var").absolute(),
        database_url=_database_url(env, faults),
        redis_url=_url(env, "REDIS_URL", {"redis", "rediss", "unix"}, faults),
        mail_url=_url(env, "HOSPES_MAIL_URL", {"smtp", "smtps", "smtp+starttls"}, faults),
        mail_from=_sender(env.get("HOSPES_MAIL_FROM", "").strip(), faults) or own_sender,
        trusted_proxies=_networks(env.get("HOSPES_TRUSTED_PROXIES", ""), faults),
        client_header=_client_header(env.get("HOSPES_CLIENT_HEADER", ""), faults),
        certificate_header=_certificate_header(env.get("HOSPES_CERTIFICATE_HEADER", ""), faults),
        client_ca_file=_authorities(env, faults),
        mtls_url=_mtls_url(env.get("HOSPES_MTLS_URL", "").strip(), faults),
        metrics_token=env.get("HOSPES_METRICS_TOKEN", "").strip(),
        provider_name=provider_name,
        breached_passwords_file=_file(env, "HOSPES_BREACHED_PASSWORDS_FILE", faults),
        geoip_file=_file(env, "HOSPES_GEOIP_FILE", faults),
        push_hosts=_push_hosts(env.get("HOSPES_PUSH_HOSTS", ""), faults),
        sms_urls=_sms_urls(env.get("HOSPES_SMS_URLS", ""), faults),
        sms_countries=_sms_countries(env.get("HOSPES_SMS_COUNTRIES", ""), faults),
        demo=demo,
        development=_flag(env, "HOSPES_DEVELOPMENT", faults),
        log_format=log_format,
    )
    if faults:
        raise EnvironmentFault(faults)
    return environment
