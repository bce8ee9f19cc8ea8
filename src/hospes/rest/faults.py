"""How refusals are worded: published codes, one sentence each, and every fault at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hospes.kit.faults import Fault

RULE = "validation_rule_"

# Code → the status it is answered with and what it means.
CODES: dict[str, tuple[int, str]] = {
    "invalid_json": (400, "The body is not a JSON object in UTF-8."),
    "invalid_body": (400, "The body cannot be read as the form that its content type names."),
    "not_authorized": (401, "The request names no API token, or one that is not alive."),
    "access_denied": (403, "The account behind the token may not do this."),
    "forbidden": (403, "The token was made without the scope that this takes."),
    "object_not_found": (404, "There is no such object, or it is not visible to this account."),
    "method_not_found": (404, "There is no such address in this API."),
    "method_not_allowed": (405, "The address does not take this method."),
    "object_already_exists": (409, "There is such an object already."),
    "request_in_progress": (409, "The first request with this Idempotency-Key is still running."),
    "precondition_failed": (412, "The object is no longer the one that If-Match names."),
    "body_too_large": (413, "The body is too large."),
    "unsupported_media_type": (415, "Send the body as application/json."),
    "validation_failed": (422, "Something in the request is not as it has to be; see `errors`."),
    "nothing_changed": (422, "Everything is as this request asks already: nothing was changed."),
    "idempotency_key_reused": (422, "This Idempotency-Key belongs to another request."),
    "too_many_request": (429, "The token has used up its requests for now; see Retry-After."),
    "unexpected_error": (500, "Something went wrong on our side. It has been noted."),
    "cannot_create_object": (500, "The object could not be made."),
    "cannot_update_object": (500, "The object could not be changed."),
    "cannot_delete_object": (500, "The object could not be deleted."),
}

_SENTENCES = {
    "required": "This has to be sent.",
    "in": "This is none of the accepted values.",
    "prohibited": "This is not taken here.",
    "unknown": "There is no such word here.",
    "once": "This may be sent only once.",
    "integer": "This has to be a whole number.",
    "numeric": "This has to be a number.",
    "boolean": "This has to be true or false.",
    "string": "This has to be text.",
    "array": "This has to be a list.",
    "object": "This has to be an object.",
    "max": "This is longer or larger than may be.",
    "min": "This is shorter or smaller than may be.",
    "regex": "This does not have the form that it has to have.",
    "uuid": "This has to be a UUID.",
    "email": "This has to be an e-mail address.",
    "cursor": "This is no cursor of this list.",
    "conflict": "This cannot be sent together with the others that are named.",
    "unique": "There is one like this already.",
    "exists": "There is no such thing.",
    "invalid": "This is not right.",
}

# Words of the rooms' own rules that mean one of the published ones.
_RULES = {
    "required": "required",
    "missing": "required",
    "too_long": "max",
    "too_short": "min",
    "too_many": "max",
    "too_few": "min",
    "not_a_number": "integer",
    "unknown": "in",
    "not_a_choice": "in",
    "invalid_choice": "in",
    "not_an_email": "email",
    "invalid_email": "email",
    "taken": "unique",
    "exists": "unique",
    "invalid": "invalid",
    "nothing_changed": "nothing_changed",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault of a request. ``attribute`` is dotted where it lies deeper: ``teams.0``."""

    attribute: str
    code: str
    values: tuple[str, ...] = ()
    description: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it as it is answered."""
        rule = self.code.removeprefix(RULE)
        return {
            "code": self.code,
            "description": self.description or _SENTENCES.get(rule) or _words(rule),
            "context": {
                "attribute": self.attribute,
                "values": list(self.values),
                **self.context,
            },
        }


def wrong(attribute: str, rule: str, values: Iterable[Any] = (), **context: Any) -> Wrong:
    """Return the fault ``validation_rule_<rule>`` of ``attribute``."""
    return Wrong(attribute, RULE + rule, tuple(str(value) for value in values), context=context)


class Problem(Exception):
    """A request that is answered with an error: its code, and what is wrong in particular."""

    def __init__(
        self,
        code: str,
        *errors: Wrong,
        status: int | None = None,
        description: str = "",
        context: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        known = CODES.get(code, (422, _words(code)))
        self.code = code
        self.status = known[0] if status is None else status
        self.description = description or known[1]
        self.errors = errors
        self.context = dict(context or {})
        self.headers = dict(headers or {})
        super().__init__(f"{self.status} {code}")

    def as_json(self) -> dict[str, Any]:
        """Return the error as the envelope holds it."""
        told: dict[str, Any] = {"code": self.code, "description": self.description}
        if self.context:
            told["context"] = self.context
        if self.errors:
            told["errors"] = [error.as_json() for error in self.errors]
        return told


class NothingChanged(Problem):
    """A write that would leave everything as it is."""

    def __init__(self) -> None:
        super().__init__("nothing_changed")


def of_refusal(
    faults: Iterable[Fault], attributes: Mapping[str, str], codes: Mapping[str, str]
) -> Problem:
    """Return a room's refusal as it is answered.

    ``attributes`` names a command's fields as the body does, where these differ. ``codes`` gives
    published codes for a room's own: one that has a status of its own becomes the error's code.
    """
    faults = tuple(faults)
    waits = [_seconds_to_wait(fault) for fault in faults]
    if waits and all(waits):
        # Right, but too early: no fault of what was sent.
        return Problem(
            "too_many_request",
            description="This was asked for too often; see Retry-After.",
            context={"reason": faults[0].code},
            headers={"Retry-After": str(max(waits))},
        )
    found: list[Wrong] = []
    for fault in faults:
        attribute = attributes.get(fault.field, fault.field)
        code = codes.get(fault.code) or _code(fault.code)
        params = {name: value for name, value in fault.params.items() if name != "values"}
        values = tuple(str(value) for value in fault.params.get("values", ()))
        found.append(Wrong(attribute, code, values, context=_plain(params)))
    published = {error.code for error in found}
    if len(published) == 1:
        (code,) = published
        if code in CODES:
            return Problem(code, *found)
    return Problem("validation_failed", *found)


def _seconds_to_wait(fault: Fault) -> int:
    """Return how long a fault lasts that goes away by itself, 0 for every other."""
    if fault.code != "throttled" and not fault.code.startswith("too_many"):
        return 0
    return int(fault.params.get("seconds", 0)) or 60 * int(fault.params.get("minutes", 0))


def _code(word: str) -> str:
    if word in CODES:
        return word
    return RULE + _RULES.get(word, word)


def _plain(params: Mapping[str, Any]) -> dict[str, Any]:
    simple = (bool, int, float, str, type(None))
    return {
        name: value if isinstance(value, simple) else str(value) for name, value in params.items()
    }


def _words(code: str) -> str:
    text = code.replace("_", " ").strip()
    return f"{text[:1].upper()}{text[1:]}."
