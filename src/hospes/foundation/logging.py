"""Structured logs, for this code and for the libraries, with one step that removes secrets."""

from __future__ import annotations

import dataclasses
import logging
import logging.config
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping

REMOVED = "[removed]"
_DEEPEST = 8
_LONGEST = 20_000

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
_NAMED = (
    r"(?:[\w-]*(?:passw(?:or)?d|passphrase|secret|token|verifier|assertion|credential"
    r"|api[-_]?key|csrf\w*)[\w-]*|code|otp|state|nonce|id_token_hint)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Headers as they appear in dumps.
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^\r\n]+"),
        rf"\1\2{REMOVED}",
    ),
    (re.compile(r"(?i)\b(bearer|basic|digest)\s+[\w.~+/=-]{6,}"), rf"\1 {REMOVED}"),
    # name=value as in forms and addresses, "name": "value" as in JSON and Python.
    (
        re.compile(rf"(?i)(?<![\w-])({_NAMED})(\s*=\s*)(?!\s)(['\"]?)[^\s&;,'\")}}\]]+\3"),
        rf"\1\2{REMOVED}",
    ),
    (
        re.compile(rf"(?i)(['\"])({_NAMED})\1(\s*:\s*)(?:'[^']*'|\"[^\"]*\"|[^\s,}}\]]+)"),
        rf"\1\2\1\3'{REMOVED}'",
    ),
    # user:password@ in addresses of databases, mail and Redis servers.
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/@]+@"), rf"\1{REMOVED}@"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*"), REMOVED),
    (re.compile(r"\bhs[0-9]\.[a-z0-9_-]{1,32}\.[\w-]+\.[\w-]+"), REMOVED),
    (re.compile(r"\bhsp_[a-z]+_[0-9A-Za-z]+"), REMOVED),
    (re.compile(r"\$argon2\w*\$[^\s'\"]+"), REMOVED),
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
            re.DOTALL,
        ),
        REMOVED,
    ),
    (re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{32,}(?![0-9A-Za-z])"), REMOVED),
)
# What `secrets.token_urlsafe` and the like make: long, and mixing capitals, small letters, digits.
_RANDOM_LOOKING = re.compile(
    r"(?<![\w-])(?=[\w-]*[0-9])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}(?![\w-])"
)


def redact_text(text: str) -> str:
    """Return ``text`` without what looks like a secret, a token, a code or a password."""
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + " [cut]"
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _RANDOM_LOOKING.sub(REMOVED, text)


def _is_secret_key(key: object) -> bool:
    text = str(key)
    return bool(_SECRET_KEY.search(text)) and not _HARMLESS_KEY.search(text)


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
    if len(items) == 2 and isinstance(items[0], str | bytes):  # noqa: PLR2004 - a pair
        name = items[0] if isinstance(items[0], str) else items[0].decode("latin-1")
        if _is_secret_key(name):
            return [name, REMOVED]
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
        if not key.startswith("_"):
            event[key] = REMOVED if _is_secret_key(key) else redact(event[key])
    return event


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
        else structlog.dev.ConsoleRenderer(colors=False)
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
                    "()": structlog.stdlib.ProcessorFormatter,
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
