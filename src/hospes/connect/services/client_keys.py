"""The keys of applications: parsed once, fetched where they are published, kept for a while."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hospes.connect.gateways import key_sets
from hospes.foundation import clock, logging, numbers
from hospes.protocols.oauth import client_keys
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.signed import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hospes.protocols.oauth.client_keys import ClientKeys
    from hospes.protocols.oauth.clients import ClientView

MOST_KEPT: Final = 2048
# How many requests may wait at once for somebody else's servers; the others are told to come again.
MOST_WAITING: Final = 4
_MINUTE: Final = 60
_HOUR: Final = 3600
_log = logging.get("hospes.connect")


@dataclass(slots=True)
class _Published:
    """The keys at one address as one application names it. Instants in seconds since 1970."""

    keys: ClientKeys | None = None
    fetched_at: int = 0
    tried_at: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class ClientKeySource:
    """Answers for the keys of every application.

    Keys that were fetched are kept by time; an unknown name has them fetched again, at most once
    in a while for each application, so that whoever invents names causes no traffic. Where they
    cannot be fetched the old ones count on for some hours.
    """

    def __init__(self) -> None:
        self._published: dict[tuple[str, str], _Published] = {}
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def keys(self, client: ClientView, kid: str = "") -> ClientKeys:
        """Return the keys of an application; ``kid`` is the one that is wanted, "" for any.

        Raises:
            OAuthError: ``temporarily_unavailable``: too many wait for keys already.

        """
        options = client.options
        if not options.jwks_uri:
            return _written(options.jwks)
        entry = self._entry(client.client_id, options.jwks_uri)
        now = clock.timestamp()
        if _is_due(entry, kid, now):
            with self._turn(entry) as is_mine:
                # Somebody else may have fetched them while this one waited.
                if is_mine and _is_due(entry, kid, now):
                    _fetch(entry, options.jwks_uri, now)
        kept = numbers.get("connect.client_keys_minutes") * _MINUTE
        kept += numbers.get("connect.client_keys_kept_hours") * _HOUR
        if entry.keys is None or abs(now - entry.fetched_at) > kept:
            return client_keys.NONE
        return entry.keys

    def forget(self) -> None:
        """Fetch everything anew at the next use."""
        self._published = {}

    def _entry(self, client_id: str, uri: str) -> _Published:
        entry = self._published.get((client_id, uri))
        if entry is None:
            if len(self._published) >= MOST_KEPT:
                self._published = {}
            entry = self._published.setdefault((client_id, uri), _Published())
        return entry

    @contextmanager
    def _turn(self, entry: _Published) -> Iterator[bool]:
        """Tell whether to fetch; whoever has old keys does not wait for another to do it."""
        if not self._waiting.acquire(blocking=False):
            if entry.keys is None:
                raise OAuthError(
                    "temporarily_unavailable", "The keys are being fetched; try again."
                )
            yield False
            return
        try:
            mine = entry.lock.acquire(blocking=entry.keys is None)
            try:
                yield mine
            finally:
                if mine:
                    entry.lock.release()
        finally:
            self._waiting.release()


def _is_due(entry: _Published, kid: str, now: int) -> bool:
    """Return whether the keys are to be fetched now."""
    retry = numbers.get("connect.client_keys_retry_seconds")
    if entry.tried_at is not None and abs(now - entry.tried_at) < retry:
        return False
    if entry.keys is None:
        return True
    fresh = numbers.get("connect.client_keys_minutes") * _MINUTE
    return abs(now - entry.fetched_at) >= fresh or bool(kid and not entry.keys.has(kid))


def _fetch(entry: _Published, uri: str, now: int) -> None:
    try:
        entry.keys = client_keys.read_set(key_sets.fetch(uri))
        entry.fetched_at = now
    except (key_sets.NotFetched, UnreadableError) as error:
        _log.warning("client_keys_not_fetched", uri=uri, reason=str(error))
    finally:
        # At the end only: who comes in between is to wait, or to use the old ones.
        entry.tried_at = now


@lru_cache(maxsize=MOST_KEPT)
def _written(jwks: str) -> ClientKeys:
    """Return the keys of a set that stands in the registration; it was judged there."""
    if not jwks:
        return client_keys.NONE
    try:
        return client_keys.read_set(jwks)
    except UnreadableError as error:
        _log.warning("client_keys_unreadable", reason=str(error))
        return client_keys.NONE


key_source = ClientKeySource()


def keys_of(client: ClientView, kid: str = "") -> ClientKeys:
    """Return the public keys of an application, as ``ClientKeySource.keys``."""
    return key_source.keys(client, kid)


def forget() -> None:
    """Have this process fetch keys anew (between tests)."""
    key_source.forget()
