"""``hospes token inspect``: whether something found is an API token, and whose."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hospes.config import databases, environment
from hospes.config.cli import framework, preparation
from hospes.kit import api_tokens

if TYPE_CHECKING:
    import argparse

    from hospes.api.models import ApiToken

EXIT_NO_TOKEN = 1


def _read() -> str:
    """Read the token from where no history keeps it."""
    if sys.stdin.isatty():
        return getpass.getpass("Token: ").strip()
    return sys.stdin.readline().strip()


def _tell(name: str, value: str) -> None:
    print(f"{name + ':':<14} {value}")


def _has_database() -> bool:
    env = environment.read()
    file = databases.sqlite_path(env.database_url, env.data_dir)
    if file is not None and not file.is_file():
        return False
    return not preparation.pending_migrations(env)


def _moment(seconds: int | None, otherwise: str) -> str:
    if seconds is None:
        return otherwise
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _describe(token: ApiToken) -> None:
    from hospes.api.queries.tokens import state_of

    limits = [token.organization.name] if token.organization else []
    limits += [f"{token.products.count()} products"] if token.only_products else []
    limits += token.networks.split()
    _tell("Known", "yes")
    _tell("Belongs to", f"{token.account.name} <{token.account.email}>")
    _tell("Name", token.name)
    _tell("State", state_of(token).value)
    _tell("Account", token.account.state)
    _tell("Scopes", token.scope)
    _tell("Limited to", ", ".join(limits) or "nothing")
    _tell("Created", _moment(token.created_at, ""))
    _tell("Last used", _moment(token.last_used_at, "never"))
    _tell("Expires", _moment(token.expires_at, "never"))


def run(_options: argparse.Namespace) -> int:
    """Tell what can be told of a token without ever printing it."""
    text = _read()
    well_formed, genuine = api_tokens.has_shape(text), api_tokens.is_genuine(text)
    _tell("Well-formed", "yes" if well_formed else "no")
    if not well_formed:
        return EXIT_NO_TOKEN
    _tell("Checksum", "right" if genuine else "wrong: it was never a token")
    if not genuine:
        return EXIT_NO_TOKEN
    if not _has_database():
        _tell("Known", "cannot be told, there is no database at hand")
        return 0
    framework.load()
    from hospes.api.queries.tokens import by_hash

    found = by_hash(api_tokens.hash_of(text))
    if found is None:
        _tell("Known", "no: not a token of this installation, or its account was deleted")
    else:
        _describe(found)
    return 0
