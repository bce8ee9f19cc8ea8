"""What an OpenAPI document says of refusals, headers and the words that the frame reads."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hospes.rest.reading import LARGEST_PAGE, LONGEST_CURSOR
from hospes.rest.words import LONGEST_TEXT, Query, Word


class FaultContext(BaseModel):
    """Where a fault lies, and what would have been right."""

    # A rule adds what it counts by: ``min``, ``max``.
    model_config = ConfigDict(extra="allow")

    attribute: str = Field(
        description="The field or word at fault; dotted where it lies deeper.",
        examples=["teams.0"],
    )
    values: list[str] = Field(description="What is accepted, where that is a fixed set.")


class FaultOfRequest(BaseModel):
    """One of the things that are wrong with a request."""

    code: str = Field(
        description="`validation_rule_` and the rule, or one of the error codes.",
        examples=["validation_rule_required"],
    )
    description: str = Field(
        description="A sentence in English for developers.", examples=["This has to be sent."]
    )
    context: FaultContext = Field(description="Where it lies, and what would have been right.")


class ErrorDetails(BaseModel):
    """Why a request was refused."""

    code: str = Field(description="What programs go by.", examples=["validation_failed"])
    description: str = Field(description="A sentence in English for developers.")
    context: dict[str, Any] = Field(
        default_factory=dict, description="What it is about in particular, where that is known."
    )
    errors: list[FaultOfRequest] = Field(
        default_factory=list, description="Everything that is wrong, all at once."
    )


class ErrorAnswer(BaseModel):
    """The envelope of a refusal."""

    result: Literal["error"] = Field(description="That it was refused.")
    error: ErrorDetails = Field(description="Why.")


def _header(description: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind, **more}}


HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit": _header(
        "What is left: `r` requests, and after `t` seconds the next one is free again."
    ),
    "RateLimit-Policy": _header("The limit: `q` requests within `w` seconds."),
    "X-RateLimit-Limit": _header("Requests within the window.", "integer"),
    "X-RateLimit-Remaining": _header("Requests that are left.", "integer"),
    "X-RateLimit-Reset": _header("When the next request is free again, in seconds since 1970.",
                                 "integer"),
    "Retry-After": _header("Seconds to wait before the next request.", "integer"),
    "WWW-Authenticate": _header("The challenge: `Bearer`."),
    "ETag": _header("Names this very content; for If-None-Match and If-Match."),
    "Idempotency-Replayed": _header(
        "`true` where this is the kept answer of an earlier request with the same key."
    ),
}  # fmt: skip
LIMITS = (
    "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)  # fmt: skip

SENT_HEADERS: dict[str, dict[str, Any]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": (
            "A text of your own, new for each write: sent again with the same request, the write "
            "is not done twice, and the first answer comes once more."
        ),
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The ETag that was read: write only if nothing changed since (else 412).",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that is at hand: answered 304 without a body if it is the same.",
        "schema": {"type": "string"},
    },
}

_DIRECTION = {"type": "string", "enum": ["asc", "desc"]}


def _word(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = {"name": name, "in": "query", "description": description, "schema": schema, **more}
    if schema["type"] == "array":
        # ``a,b``; repeating the word works too.
        found |= {"style": "form", "explode": False}
    return found


def _schema(word: Word) -> dict[str, Any]:
    if word.kind in {"integer", "instant"}:
        one: dict[str, Any] = {
            "type": "integer", "minimum": word.minimum, "maximum": word.largest,
        }  # fmt: skip
    elif word.kind == "boolean":
        one = {"type": "boolean"}
    elif word.values:
        one = {"type": "string", "enum": list(word.values)}
    else:
        one = {"type": "string", "maxLength": word.longest}
    return {"type": "array", "items": one} if word.many else one


def _own(name: str, word: Word) -> dict[str, Any]:
    found = _word(name, word.description, _schema(word))
    if word.required:
        found["required"] = True
    if word.example is not None:
        found["example"] = word.example
    return found


def query_words(query: Query, *, dry_run: bool, page: int, most: int) -> list[dict[str, Any]]:
    """Return the parameters that an endpoint's query makes: pages of ``page``, at most ``most``."""
    found: list[dict[str, Any]] = []
    if query.expand:
        each = "; ".join(f"`{name}`: {what}" for name, what in query.expand.items())
        names = [*query.expand, "*"]
        found.append(_word(
            "with", f"What to answer besides, several with commas, `*` for all of it. {each}",
            {"type": "array", "items": {"type": "string", "enum": names}},
        ))  # fmt: skip
    if query.paged:
        found += _paging(page, most)
    if query.order:
        found += _order(query)
    if query.search:
        found.append(_word(
            "search", "Only what contains every one of these words.",
            {"type": "string", "maxLength": LONGEST_TEXT},
        ))  # fmt: skip
    found += [_own(f"filter[{name}]", word) for name, word in query.filters.items()]
    found += [_own(name, word) for name, word in query.words.items()]
    if dry_run:
        found.append(_word(
            "dry_run", "Check everything and answer as if it had been done, but do nothing.",
            {"type": "boolean"},
        ))  # fmt: skip
    return found


def _paging(page: int, most: int) -> list[dict[str, Any]]:
    number = {"type": "integer", "minimum": 1}
    return [
        _word("page", "Which page; not together with `limit`, `skip` or `cursor`.",
              {**number, "maximum": LARGEST_PAGE}),
        _word("per_page", f"Items on a page, {page} where it is not said.",
              {**number, "maximum": most}),
        _word("limit", "At most so many items, without counting all of them.",
              {**number, "maximum": most}),
        _word("skip", "Leave out so many items at the beginning.",
              {"type": "integer", "minimum": 0, "maximum": LARGEST_PAGE}),
        _word("cursor", "Go on where the answer with this `cursor` ended.",
              {"type": "string", "maxLength": LONGEST_CURSOR}),
        _word("return", "`total`: answer only how many items there are.",
              {"type": "string", "enum": ["total"]}),
    ]  # fmt: skip


def _order(query: Query) -> list[dict[str, Any]]:
    names = list(query.order)
    by_default = ", ".join(f"`{name}`" for name in query.by_default)
    return [
        _word("order_by", f"The fields to order by, the first one first; otherwise {by_default}.",
              {"type": "array", "items": {"type": "string", "enum": names}}),
        _word("order", "The direction of those fields.", _DIRECTION),
        *(_word(f"order_for[{name}]", f"The direction of `{name}` alone.", _DIRECTION)
          for name in names),
    ]  # fmt: skip
