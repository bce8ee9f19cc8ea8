"""``hospes api``: the REST API from a terminal, of this installation or of any other.

What is answered goes to standard output as JSON, and nothing else does.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hospes.client import ApiError, Client, TaskFailed, TaskTimeout
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

URL = "HOSPES_API_URL"
TOKEN = "HOSPES_API_TOKEN"  # noqa: S105 - the variable's name
EXIT_USAGE = 2
EXIT_REFUSED = 1
EXIT_NOT_ALLOWED = 4
EXIT_NOT_FOUND = 5
EXIT_LIMIT = 6
EXIT_UNREACHABLE = 7
EXIT_TASK_FAILED = 8
_READS = frozenset({"GET"})
_BY_STATUS = {
    0: EXIT_UNREACHABLE,
    401: EXIT_NOT_ALLOWED,
    403: EXIT_NOT_ALLOWED,
    404: EXIT_NOT_FOUND,
    429: EXIT_LIMIT,
}
_KEYS = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"(?P<name>[^\[\]=]+)(?P<keys>(?:\[[^\[\]]*\])*)=(?P<value>.*)", re.DOTALL)


def run(options: argparse.Namespace) -> int:
    """Send one call, or go through a list, and print what was answered.

    Raises:
        CommandFault: it cannot be sent, or was refused.

    """
    fields, words = _fields(options.field), _fields(options.query)
    body = _body(options.json)
    if body is not None and options.method in _READS:
        raise CommandFault("Reading takes no body.", (), exit_code=EXIT_USAGE)
    if body is not None and fields:
        raise CommandFault("Give --json or -F, not both.", (), exit_code=EXIT_USAGE)
    if options.all and options.method not in _READS:
        raise CommandFault("--all goes through lists: GET only.", (), exit_code=EXIT_USAGE)
    if options.method in _READS:
        words |= fields
    elif body is None:
        body = _nested(fields)
    path = options.path if options.path.startswith("/") else f"/{options.path}"
    path = path.removeprefix("/api")
    with _client(options) as client:
        try:
            if options.all:
                _print_all(client.items(path, **words))
            else:
                _print(_sent(client, options, path, words, body))
            sys.stdout.flush()
        except ValueError as error:
            raise CommandFault(str(error), exit_code=EXIT_USAGE) from error
        except ApiError as error:
            raise _told(error) from error
        except BrokenPipeError:
            # Whoever read has enough; nothing may be written at the end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _sent(
    client: Client, options: argparse.Namespace, path: str, words: dict[str, str], body: Any
) -> Any:
    answer = client.call(
        options.method, path, query=words, json=body, idempotency_key=options.idempotency_key
    )
    if answer.is_started and options.wait:
        return client.wait(answer, timeout=options.wait_seconds)
    if options.envelope:
        result = "asynchronous" if answer.is_started else "success"
        return {"result": result, "data": answer.data, **answer.beside}
    return answer.data


# ---- what was given --------------------------------------------------------------------------


def _client(options: argparse.Namespace) -> Client:
    url = options.url or os.environ.get(URL, "")
    if not url:
        raise CommandFault(
            "The installation's address is not known.",
            (f"Set {URL}, or give --url: https://my.provider.example",),
            exit_code=EXIT_USAGE,
        )
    try:
        return Client(url, _token(options.token_file), longest_wait=options.patience)
    except ValueError as error:
        raise CommandFault(f"It cannot be sent: {error}.", exit_code=EXIT_USAGE) from error


def _token(file: Path | None) -> str:
    """Return the token from where no history or list of processes shows it."""
    if file is not None:
        try:
            return file.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandFault(
                f"The token cannot be read from {file}.", exit_code=EXIT_USAGE
            ) from error
    found = os.environ.get(TOKEN, "").strip()
    if not found and sys.stdin.isatty():
        found = getpass.getpass("API token: ").strip()
    if not found:
        raise CommandFault(
            "There is no API token.",
            (
                f"Set {TOKEN}, or give --token-file.",
                "Tokens are made on the page API tokens of one's own account.",
            ),
            exit_code=EXIT_USAGE,
        )
    return found


def _fields(texts: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for text in texts:
        found = _FIELD.fullmatch(text)
        if not found:
            raise CommandFault(
                f"Not a field: {text}", ("Write -F name=value.",), exit_code=EXIT_USAGE
            )
        name = found["name"] + found["keys"]
        if name in fields:
            raise CommandFault(f"{name} was given twice.", exit_code=EXIT_USAGE)
        fields[name] = found["value"]
    return fields


def _nested(fields: dict[str, str]) -> dict[str, Any]:
    """Return the body that ``-F name=value`` and ``-F name[key]=value`` mean."""
    body: dict[str, Any] = {}
    for name, text in fields.items():
        path = [name.partition("[")[0], *_KEYS.findall(name)]
        place = body
        for key in path[:-1]:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                raise CommandFault(f"{name} is two things at once.", exit_code=EXIT_USAGE)
        place[path[-1]] = _value(text)
    return body


def _value(text: str) -> Any:
    """Return a number, true, false, null, list or object where the text is one; else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _body(source: str | None) -> Any:
    if source is None:
        return None
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFault(
            f"The body cannot be read from {source}.", exit_code=EXIT_USAGE
        ) from error
    try:
        return json.loads(text)
    except ValueError as error:
        raise CommandFault(f"The body is not JSON: {error}", exit_code=EXIT_USAGE) from error


# ---- what came of it -------------------------------------------------------------------------


def _print(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def _print_all(items: Iterator[Any]) -> None:
    """Print a list item by item as it comes, so that none has to fit in the memory."""
    separator = "[\n"
    for item in items:
        text = json.dumps(item, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        sys.stdout.write(f"{separator}  {text}")
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")


def _told(error: ApiError) -> CommandFault:
    lines = [
        f"{fault.attribute or 'request'}: {fault.description} ({fault.code})"
        + (f" Accepted: {', '.join(fault.values)}" if fault.values else "")
        for fault in error.faults
    ]
    code = _BY_STATUS.get(error.status, EXIT_REFUSED)
    if isinstance(error, TaskFailed | TaskTimeout):
        code = EXIT_TASK_FAILED
    return CommandFault(f"{error.code}: {error.description}", lines, exit_code=code)
