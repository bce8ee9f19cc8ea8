"""What the API's gate says: the envelope, and what is left of a limit, on every answer."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hospes.edge.http import Headers, Response, json_response

if TYPE_CHECKING:
    from hospes.edge.http import StartResponse

# No cookie takes part, so scripts of any origin may read an answer.
_EXPOSED = (
    "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, WWW-Authenticate"
)
CORS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
)
_NO_STORE: Headers = (("Cache-Control", "no-store"),)
_OWN = frozenset({
    "ratelimit", "ratelimit-policy", "x-ratelimit-limit", "x-ratelimit-remaining",
    "x-ratelimit-reset",
})  # fmt: skip
PONG = Response(200, b'{"result":"success","data":"pong"}', "application/json", (*_NO_STORE, *CORS))


class Allowance(NamedTuple):
    """What is left. ``policy`` is ``token`` or ``network``; ``resets_in`` is in seconds.

    ``wait`` is how long to wait before the next request, 0 where there is room for it.
    """

    policy: str
    limit: int
    window: int
    remaining: int
    resets_in: int
    wait: int

    def headers(self, now: int) -> Headers:
        """Return draft-ietf-httpapi-ratelimit-headers, and the X- ones that clients know.

        ``X-RateLimit-Reset`` is an instant in seconds since 1970, ``t`` a span.
        """
        policy, limit = _fixed(self.policy, self.limit, self.window)
        remaining = str(self.remaining)
        headers = (
            ("RateLimit", f'"{self.policy}";r={remaining};t={self.resets_in}'),
            policy,
            limit,
            ("X-RateLimit-Remaining", remaining),
            ("X-RateLimit-Reset", str(now + self.resets_in)),
        )
        return (*headers, ("Retry-After", str(self.wait))) if self.wait else headers


@lru_cache(maxsize=64)
def _fixed(policy: str, limit: int, window: int) -> tuple[tuple[str, str], tuple[str, str]]:
    return (
        ("RateLimit-Policy", f'"{policy}";q={limit};w={window}'),
        ("X-RateLimit-Limit", str(limit)),
    )


def refused(status: int, code: str, description: str, headers: Headers) -> Response:
    """Return an error in the API's envelope."""
    return json_response(
        status,
        {"result": "error", "error": {"code": code, "description": description}},
        (*headers, *_NO_STORE, *CORS),
    )


def adding(headers: Headers, start_response: StartResponse) -> StartResponse:
    """Return a ``start_response`` that adds the limit's headers and lets scripts read them."""

    def start(
        line: str,
        given: list[tuple[str, str]],
        exc_info: object = None,
        /,
    ) -> object:
        kept = [(name, value) for name, value in given if name.lower() not in _OWN]
        exposed = {name.strip(): None for name in _EXPOSED.split(",")}
        told = []
        for name, value in kept:
            if name.lower() == "access-control-expose-headers":
                exposed.update((each.strip(), None) for each in value.split(",") if each.strip())
            elif name.lower() != "access-control-allow-origin":
                told.append((name, value))
        told += [*headers, CORS[0], ("Access-Control-Expose-Headers", ", ".join(exposed))]
        return start_response(line, told, exc_info)  # type: ignore[arg-type]

    return start  # type: ignore[return-value]
