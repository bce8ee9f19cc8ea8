"""Hits kept in Redis: for an installation of several processes."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, TypeVar

import redis
import structlog

from hospes.foundation.counters.window import Hit, seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.foundation.counters.memory import Memory

_T = TypeVar("_T")

_log = structlog.stdlib.get_logger(__name__)

# Redis runs a script as one step: nobody else's hit falls between its counting and adding.
# Scores are microseconds since 1970, which a double holds exactly until the year 2255.
_HIT = """
local limit, window, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local count = redis.call('ZCARD', KEYS[1])
if count < limit then
  local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  if last[2] and tonumber(last[2]) > now then now = tonumber(last[2]) end
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[4])
  local life = math.ceil(window / 1000) + 1000
  if redis.call('PTTL', KEYS[1]) < life then redis.call('PEXPIRE', KEYS[1], life) end
  local oldest = now
  if last[2] then oldest = tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]) end
  return {1, count + 1, 0, string.format('%.0f', oldest + window - now)}
end
if count == 0 then
  local whole = string.format('%.0f', window)
  return {0, 0, whole, whole}
end
local index = count - math.max(limit, 1)
local leaving = redis.call('ZRANGE', KEYS[1], index, index, 'WITHSCORES')
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {0, count, string.format('%.0f', tonumber(leaving[2]) + window - now),
        string.format('%.0f', tonumber(oldest[2]) + window - now)}
"""

_SECONDS_WITHOUT = 5.0
_TIMEOUT = 1.0


class Shared:
    """The hits of all processes. While Redis does not answer, each process counts for itself."""

    def __init__(
        self, url: str, *, fallback: Memory, monotonic: Callable[[], float], client: Any = None
    ) -> None:
        # Any: the client's stubs mix the synchronous and the asyncio answers.
        self._client: Any = client or redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT
        )
        self._script = self._client.register_script(_HIT)
        self._fallback = fallback
        self._monotonic = monotonic
        self._without_until = float("-inf")

    @staticmethod
    def _key(name: str, key: str) -> str:
        # Keys are addresses of people and networks: only their digest leaves the process.
        return f"hospes:hits:{name}:{hashlib.sha256(key.encode()).hexdigest()}"

    def hit(self, name: str, key: str, limit: int, window: int, now: int) -> Hit:
        """Count one more unless ``limit`` are within ``window`` already (microseconds)."""

        def ask() -> Hit:
            allowed, count, wait, frees = self._script(
                keys=[self._key(name, key)], args=[limit, window, now, secrets.token_hex(8)]
            )
            waits = 0 if allowed else seconds(int(wait))
            return Hit(bool(allowed), int(count), waits, seconds(int(frees)))

        return self._ask(ask, lambda: self._fallback.hit(name, key, limit, window, now))

    def count(self, name: str, key: str, window: int, now: int) -> int:
        """Return how many hits lie within ``window``."""
        return self._ask(
            lambda: int(self._client.zcount(self._key(name, key), f"({now - window}", "+inf")),
            lambda: self._fallback.count(name, key, window, now),
        )

    def clear(self, name: str, key: str) -> None:
        """Forget the hits."""
        self._fallback.clear(name, key)
        self._ask(lambda: bool(self._client.delete(self._key(name, key))), lambda: False)

    def _ask(self, ask: Callable[[], _T], otherwise: Callable[[], _T]) -> _T:
        # A throttle that fails must not lock everybody out, nor let everybody in.
        if self._monotonic() < self._without_until:
            return otherwise()
        try:
            return ask()
        except redis.RedisError as error:
            self._without_until = self._monotonic() + _SECONDS_WITHOUT
            _log.warning("counters_without_redis", error=type(error).__name__)
            return otherwise()
