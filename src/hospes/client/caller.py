"""Sends requests: with the token, within the limit, and again where that is safe."""

from __future__ import annotations

import ipaddress
import json as jsons
import random
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from hospes.client import waiting
from hospes.client.errors import ApiError, of_error

if TYPE_CHECKING:
    from collections.abc import Mapping

TRIES = 5
_CONNECT_SECONDS = 10.0
_IN_PROGRESS = "request_in_progress"
_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered.

    ``data`` is the UUID of a task where ``is_started``. ``beside`` is what else the envelope
    holds: ``total``, ``pages``, ``cursor``, ``has_more``…
    """

    data: Any
    status: int
    is_started: bool
    beside: Mapping[str, Any]
    headers: Mapping[str, str]


class Caller:
    """Calls of one installation with one token. Threads may share it.

    ``base_url`` is the installation's address, with or without ``/api``. ``timeout`` is how many
    seconds one try may be silent, ``longest_wait`` how many a call waits altogether because of
    the limit or a busy server. Redirects are not followed: the token goes to this host alone.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout: float = 30.0,
        longest_wait: float = 120.0,
        plain_http: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ValueError: the address is none, or would send the token in the clear to another
                machine (unless ``plain_http``); the token cannot stand in a header.

        """
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError("this is no API token")
        self._token = token
        self._base = _base(base_url, plain_http=plain_http)
        self._longest_wait = longest_wait
        self._free_at = 0.0
        self._client = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
            follow_redirects=False,
            transport=transport,
            headers={"User-Agent": "hospes-client/1", "Accept": "application/json"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        idempotency_key: str | None = None,
    ) -> Answer:
        """Send a request and return its answer; ``path`` is as published: ``/1/accounts``.

        A write carries an Idempotency-Key, so that sending it again does it once.

        Raises:
            ApiError: it was refused, or not answered however often it was sent.
            ValueError: ``path`` is no path of this API.

        """
        method = method.upper()
        request = self._request(method, path, query, json, idempotency_key)
        patience = self._longest_wait
        for attempt in range(TRIES):
            patience -= self._wait_for_the_limit(patience)
            answer, error = self._try(request)
            if answer is not None:
                return answer
            wanted = _pause_after(error, attempt)
            if wanted is None or wanted > patience or attempt == TRIES - 1:
                raise error.fault
            patience -= wanted
            time.sleep(wanted)
        raise AssertionError("the last try raises")

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        json: Any,
        key: str | None,
    ) -> httpx.Request:
        if not path.startswith("/") or path.startswith("//") or "?" in path or "#" in path:
            raise ValueError(f"not a path of the API: {path}")
        headers = {"Authorization": f"Bearer {self._token}"}
        content = None
        if method not in _READS:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
            headers["Content-Type"] = "application/json"
            content = jsons.dumps({} if json is None else json).encode()
        params = httpx.QueryParams(tuple(_pairs(query or {})))
        return self._client.build_request(
            method, self._base + path, params=params, headers=headers, content=content
        )

    def _wait_for_the_limit(self, patience: float) -> float:
        """Wait where an answer said that nothing is left, as far as the patience reaches."""
        wanted = min(self._free_at - time.monotonic(), patience)
        if wanted <= 0:
            return 0.0
        time.sleep(wanted)
        return wanted

    def _try(self, request: httpx.Request) -> tuple[Answer | None, _Failed]:
        try:
            response = self._client.send(request)
        except httpx.TransportError as error:
            fault = ApiError("unreachable", str(error) or type(error).__name__)
            return None, _Failed(fault, None, may_help=True)
        found = waiting.until_there_are_more(response.headers)
        self._free_at = time.monotonic() + found if found else 0.0
        try:
            told = response.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            told = {}
        if response.is_success and told.get("result") in {"success", "asynchronous"}:
            return _answer(response, told), _NOTHING
        fault = of_error(told.get("error"), response.status_code)
        may_help = response.status_code in waiting.BUSY or fault.code == _IN_PROGRESS
        return None, _Failed(fault, waiting.told_to_wait(response.headers), may_help=may_help)


@dataclass(frozen=True, slots=True)
class _Failed:
    fault: ApiError
    retry_after: float | None
    may_help: bool


_NOTHING = _Failed(ApiError("", ""), None, may_help=False)


def _pause_after(failed: _Failed, attempt: int) -> float | None:
    """Return how long to wait before the next try, ``None`` where another one is no use."""
    if not failed.may_help:
        return None
    if failed.retry_after is not None:
        return failed.retry_after
    return waiting.pause(attempt, random.random())  # noqa: S311 - keeps clients apart, guards nothing


def _answer(response: httpx.Response, told: dict[str, Any]) -> Answer:
    beside = {name: value for name, value in told.items() if name not in {"result", "data"}}
    return Answer(
        told.get("data"),
        response.status_code,
        told["result"] == "asynchronous",
        beside,
        response.headers,
    )


def _base(text: str, *, plain_http: bool) -> str:
    url = httpx.URL(text)
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.userinfo:
        raise ValueError(f"not the address of an installation: {text}")
    if url.scheme == "http" and not plain_http and not _is_here(url.host):
        raise ValueError("the token would go over the network in the clear: use https")
    address = str(url.copy_with(fragment=None)).rstrip("/")
    return address if url.path.rstrip("/").endswith("/api") else f"{address}/api"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the query's words; a list is several values, a mapping is ``filter[status]``."""
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        # "with" and "return" are words of Python: their names may end in an underscore.
        word = name.rstrip("_")
        if value is None:
            continue
        if isinstance(value, dict):
            pairs += _pairs({f"{word}[{key}]": each for key, each in value.items()})
        elif isinstance(value, list | tuple | set | frozenset):
            pairs += [(f"{word}[]", _word(each)) for each in value]
        else:
            pairs.append((word, _word(value)))
    return pairs


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def segment(text: str) -> str:
    """Return a text as one segment of an address."""
    return quote(text, safe="")
