"""Structured logs, for this code and for the libraries, with one step that removes secrets."""

from __future__ import annotations

import dataclasses
import json
import logging
import logging.config
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

REMOVED = "[removed]"
_DEEPEST = 8
_LONGEST = 20_000
# A single short word holds none of what is looked for below; most of what is logged is one.
_SHORT = 20
_OURS = frozenset({"timestamp", "level", "logger"})

_SECRET_KEY = re.compile(
    r"passw|passphrase|secret|token|authoriz|cookie|credential|assertion|verifier|challenge"
    r"|private|api[-_]?key|otp|jwk|sealed|signature|csrf"
    r"|^code$|^session$|[-_ ](?:code|pin)$|^pin$|(?:login|mail|access|auth|backup|sms)[-_]?code",
    re.IGNORECASE,
)
# Keys that look secret by the rule above and are needed to read a log.
_HARMLESS_KEY = re.compile(
    r"^(?:status|error|fault|exit|response|country|language|currency|smtp|reason)[-_]code$"
    r"|^token[-_](?:type|kind|id)$|^code[-_]challenge[-_]method$|^secret[-_]id$",
    re.IGNORECASE,
)
# Names that are ordinary words in code and secrets in a form or an address.
_SECRET_IN_TEXT = frozenset({"state", "nonce", "id_token_hint", "login_hint"})

# Texts come from outside: no pattern here may take longer than in proportion to the text. Runs
# begin where no run goes on (look-behind) and are never given back (possessive, "++").
_ASSIGNED = re.compile(r"(?<![\w-])([\w-]{1,64}+)(\s*=\s*)(['\"]?)([^\s&;,'\")}\]]++)\3")
_QUOTED_NAME = re.compile(
    r"(['\"])([\w-]{1,64}+)\1(\s*:\s*)(?:'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|[^\s,}\]]++)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Headers as they appear in dumps.
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^\r\n]+"),
        rf"\1\2{REMOVED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic|digest)\s+[\w.~+/=-]{6,}"), rf"\1 {REMOVED}"),
    # user:password@ in addresses of databases, mail and Redis servers.
    (
        re.compile(r"(?i)(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}+://)[^\s/@]++@"),
        rf"\1{REMOVED}@",
    ),
    (re.compile(r"(?<![\w-])eyJ[\w-]{5,}+\.[\w-]++(?:\.[\w-]*+)*+"), REMOVED),
    (re.compile(r"\bhs[0-9]\.[a-z0-9_-]{1,32}+\.[\w-]++\.[\w-]++"), REMOVED),
    (re.compile(r"\bhsp_[a-z]++_[0-9A-Za-z]++"), REMOVED),
    (re.compile(r"\$argon2\w*\$[^\s'\"]++"), REMOVED),
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----.*?"
            r"(?:-----END [A-Z ]{0,20}PRIVATE KEY-----|$)",
            re.DOTALL,
        ),
        REMOVED,
    ),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}+(?![0-9A-Za-z])"), REMOVED),
)
_LONG_RUN = re.compile(r"(?<![\w-])[\w-]{20,}+")
_CAPITAL = re.compile(r"[A-Z]")
_SMALL = re.compile(r"[a-z]")
_DIGIT = re.compile(r"[0-9]")


def _looks_random(run: str) -> bool:
    """Return whether a long run is what ``secrets.token_urlsafe`` and the like make."""
    capitals, small = len(_CAPITAL.findall(run)), len(_SMALL.findall(run))
    if not (capitals and small):
        return False
    # One token in a thousand has no digit; names in code have fewer capitals than chance gives.
    return bool(_DIGIT.search(run)) or 10 * min(capitals, small) >= 3 * len(run)


def _without_random(match: re.Match[str]) -> str:
    return REMOVED if _looks_random(match[0]) else match[0]


def _is_secret_name(name: str) -> bool:
    return name.lower() in _SECRET_IN_TEXT or _is_secret_key(name)


def _without_assigned(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}{REMOVED}" if _is_secret_name(match[1]) else match[0]


def _without_quoted(match: re.Match[str]) -> str:
    name, quote, colon = match[2], match[1], match[3]
    return f"{quote}{name}{quote}{colon}'{REMOVED}'" if _is_secret_name(name) else match[0]


def _is_secret_key(key: object) -> bool:
    text = key.decode("latin-1") if isinstance(key, bytes) else str(key)
    return bool(_SECRET_KEY.search(text)) and not _HARMLESS_KEY.search(text)


def redact_text(text: str) -> str:
    """Return ``text`` without what looks like a secret, a token, a code or a password."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + " [cut]"
    if len(text) < _SHORT and not ("=" in text or ":" in text or " " in text):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    if "=" in text:
        text = _ASSIGNED.sub(_without_assigned, text)
    if ":" in text:
        text = _QUOTED_NAME.sub(_without_quoted, text)
    return _LONG_RUN.sub(_without_random, text)


def _redact_mapping(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    return {
        redact_text(str(key)): REMOVED if _is_secret_key(key) else redact(item, depth + 1)
        for key, item in value.items()
    }


def redact(value: Any, depth: int = 0) -> Any:
    """Return a copy of ``value`` that may be logged, however deep the secret sits."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        value = bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, str):
        return redact_text(value)
    return _redact_container(value, depth) if depth <= _DEEPEST else "[too deep]"


def _redact_container(value: Any, depth: int) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {item.name: getattr(value, item.name, None) for item in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return _redact_mapping(value, depth)
    if isinstance(value, list | tuple | AbstractSet):
        return _redact_sequence(list(value), depth)
    return _redact_object(value)


def _redact_sequence(items: list[Any], depth: int) -> list[Any]:
    # A pair whose first half names a secret, as header lists have it.
    is_pair = len(items) == 2 and isinstance(items[0], str | bytes)  # noqa: PLR2004 - a pair
    if is_pair and _is_secret_key(items[0]):
        return [redact(items[0]), REMOVED]
    return [redact(item, depth + 1) for item in items]


def _redact_object(value: object) -> str:
    try:
        return redact_text(str(value))
    except Exception:  # noqa: BLE001 - a log line must not fail for an object that cannot be shown
        return f"[{type(value).__name__}]"


def redaction_processor(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove secrets from every field of a log event: structlog's step, run last but one."""
    for key in list(event):
        if not key.startswith("_") and key not in _OURS:
            event[key] = REMOVED if _is_secret_key(key) else redact(event[key])
    return event


_requests = logging.getLogger("hospes.requests")


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """As its parent, but for lines about requests: every answer waits for one of those."""

    def __init__(self, *arguments: Any, as_json: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, str | int | float] | None = record.__dict__.get("request_fields")
        if fields is None:
            return super().format(record)
        line = {
            name: redact_text(value) if isinstance(value, str) else value
            for name, value in fields.items()
        }
        line["event"] = "request"
        line["logger"] = record.name
        line["level"] = "info"
        line["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        if self._as_json:
            return json.dumps(line)
        return str(_for_people(None, "info", line))


_for_people = structlog.dev.ConsoleRenderer(colors=False)


def request(**fields: str | float) -> None:
    """Log one answered request: one level of fields whose names are no secrets' names."""
    if _requests.isEnabledFor(logging.INFO):
        record = logging.LogRecord(_requests.name, logging.INFO, "", 0, "request", (), None)
        record.request_fields = fields
        _requests.handle(record)


def configure(log_format: str = "json", level: str = "INFO") -> None:
    """Send all logs, structlog's and the standard library's, to standard error in one format.

    ``log_format`` is ``json`` (one object a line) or ``console``.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(default=_redact_object)
        if log_format == "json"
        else _for_people
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "hospes": {
                    "()": _Formatter,
                    "as_json": log_format == "json",
                    "foreign_pre_chain": shared,
                    "processors": [
                        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                        redaction_processor,
                        renderer,
                    ],
                }
            },
            "handlers": {
                "default": {"class": "logging.StreamHandler", "formatter": "hospes"},
            },
            "root": {"handlers": ["default"], "level": level},
            "loggers": {
                # Each request already has its access line, written by the guard.
                "django.request": {"level": "ERROR"},
                "django.server": {"level": "ERROR"},
                "PIL": {"level": "WARNING"},
            },
        }
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger called ``name``: ``log.info("what_happened", key=value)``."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
