"""The authorization request and its answer (RFC 6749 §4.1, OpenID Connect Core §3.1.2).

``parse`` reads, ``validate`` judges against the client, ``decide`` (in ``interaction``) says what
the person has to do next, and ``success`` or ``failure`` make the answer. A fault that could
send a browser to an address nobody registered is a ``PageError``; all others go back to the
application as a ``RedirectError``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from hospes.protocols.oauth import (
    claims_request,
    jarm,
    pkce,
    profiles,
    redirects,
    request_object,
    resources,
    scopes,
    step_up,
    ways,
)
from hospes.protocols.oauth.claims_request import ClaimsRequest
from hospes.protocols.oauth.grants.refreshing import REFRESH_TOKEN

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.jarm import ResponseMode
    from hospes.protocols.oauth.parameters import Parameters

Prompt = Literal["none", "login", "consent", "select_account"]
PageCode = Literal[
    "client_id_missing",
    "client_id_repeated",
    "client_unknown",
    "redirect_uri_missing",
    "redirect_uri_repeated",
    "redirect_uri_mismatch",
    "request_uri_invalid",
]

PROMPTS: tuple[Prompt, ...] = ("none", "login", "consent", "select_account")
RESPONSE_MODES = (*jarm.PLAIN, *jarm.SIGNED)
DISPLAYS = ("page", "popup", "touch", "wap")
MAXIMUM_NONCE = 500
MAXIMUM_STATE = 2000
NO_CLAIMS = ClaimsRequest()
_DIGITS = re.compile(r"[0-9]{1,9}")
# A JWK's SHA-256 thumbprint (RFC 7638).
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")

_TEXT_FIELDS = (
    "response_type", "response_mode", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "prompt", "max_age", "id_token_hint", "login_hint", "ui_locales",
    "claims_locales", "acr_values", "display", "request", "request_uri", "access_type", "claims",
    "registration", "dpop_jkt", "resource",
)  # fmt: skip
NAMES = ("client_id", "redirect_uri", *_TEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """The parameters as sent; ``""`` where absent. ``repeated`` names those that came twice.

    ``pushed``: the application sent it ahead and proved itself (RFC 9126). ``signed``: it stood
    in a request object whose signature was checked (RFC 9101); ``object_fault`` says why it was
    refused, where it was.
    """

    client_id: str
    redirect_uri: str = ""
    response_type: str = ""
    response_mode: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    prompt: str = ""
    max_age: str = ""
    id_token_hint: str = field(default="", repr=False)
    login_hint: str = ""
    ui_locales: str = ""
    claims_locales: str = ""
    acr_values: str = ""
    display: str = ""
    request: str = field(default="", repr=False)
    request_uri: str = ""
    access_type: str = ""
    claims: str = ""
    registration: str = field(default="", repr=False)
    dpop_jkt: str = ""
    # All of them, separated by blanks: the one parameter that may come several times.
    resource: str = ""
    repeated: tuple[str, ...] = ()
    pushed: bool = False
    signed: bool = False
    object_fault: str = ""


@dataclass(frozen=True, slots=True)
class PageError:
    """A fault that must be shown to the person and never redirected (RFC 6749 §4.1.2.1).

    ``received`` and ``registered`` are for the application's owner only.
    """

    code: PageCode
    received: str = ""
    registered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RedirectError:
    """A fault the application is told at its redirect URI; ``signed_for`` as on ``Answer``."""

    code: str
    description: str
    redirect_uri: str
    response_mode: ResponseMode = "query"
    state: str = ""
    signed_for: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Validated:
    """A request that may be answered with a code once the person agrees.

    ``max_age`` is in seconds, ``None`` where not asked. ``code_challenge`` is ``""`` or S256.
    ``dpop_jkt`` is the thumbprint of the key the code is good with, ``""`` for any (RFC 9449 §10).
    """

    client_id: str
    redirect_uri: str
    scope: tuple[str, ...]
    response_mode: ResponseMode = "query"
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    prompt: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    id_token_hint: str = field(default="", repr=False)
    login_hint: str = ""
    ui_locales: tuple[str, ...] = ()
    claims_locales: tuple[str, ...] = ()
    acr_values: tuple[str, ...] = ()
    display: str = "page"
    claims: ClaimsRequest = NO_CLAIMS
    signed_for: tuple[str, str] | None = None
    dpop_jkt: str = ""
    resources: tuple[str, ...] = ()

    @property
    def scope_text(self) -> str:
        """Return the granted scopes as the tables hold them: space-separated, in our order."""
        return " ".join(self.scope)

    @property
    def disclosed(self) -> tuple[str, ...]:
        """Return the scopes that a person has to allow: those of single claims as well."""
        wanted = {*self.scope, *self.claims.scopes}
        return tuple(name for name in scopes.SUPPORTED if name in wanted)

    @property
    def level(self) -> step_up.Demand:
        """Return how sure of the person the application wants to be."""
        claim = next((each for each in self.claims.id_token if each.name == "acr"), None)
        return step_up.demand(self.acr_values, claim)

    def means(self, subject: str, *, hinted_subject: str = "") -> bool:
        """Return whether the request is for that person (Core §3.1.2.2)."""
        return self.claims.means(subject) and hinted_subject in {"", subject}

    def refuse(self, code: str, description: str) -> RedirectError:
        """Return an error that goes where this request's answer would go."""
        return RedirectError(
            code, description, self.redirect_uri, self.response_mode, self.state, self.signed_for
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser carries back: by ``location``, or by posting ``fields``.

    ``signed_for``: to whom it goes, and what it has to be signed with; None in plain modes.
    """

    redirect_uri: str
    response_mode: ResponseMode
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    signed_for: tuple[str, str] | None = None

    @property
    def location(self) -> str:
        """Return the address for the ``Location`` header; the URI's own query is kept."""
        if self.response_mode.startswith("form_post"):
            return self.redirect_uri
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode(self.fields)}"


def parse(params: Parameters) -> AuthorizeRequest | PageError:
    """Read a request from a query string or a posted form."""
    for name in ("client_id", "redirect_uri"):
        if name in params.repeated:
            return PageError(
                "client_id_repeated" if name == "client_id" else "redirect_uri_repeated"
            )
    if not params.get("client_id"):
        return PageError("client_id_missing")
    told: dict[str, Any] = {name: params.get(name) for name in NAMES}
    told["resource"] = " ".join(params.every("resource"))
    return AuthorizeRequest(**told, repeated=params.repeated_among(_TEXT_FIELDS))


def validate(
    request: AuthorizeRequest, client: ClientView | None
) -> Validated | RedirectError | PageError:
    """Judge a request. ``client`` is the application with that client ID, ``None`` if none."""
    if client is None or client.client_id != request.client_id:
        return PageError("client_unknown")
    if not request.redirect_uri:
        return PageError("redirect_uri_missing", registered=client.redirect_uris)
    if not redirects.matches(client.redirect_uris, request.redirect_uri):
        return PageError("redirect_uri_mismatch", request.redirect_uri, client.redirect_uris)
    faults = _faults(request, client)
    if faults:
        code = faults[0][0]
        told = "; ".join(text for each, text in faults if each == code)
        wish = request_object.wish_of(request.request)
        state = request.state or wish.state
        wished = replace(request, response_mode=request.response_mode or wish.response_mode)
        return RedirectError(
            code,
            f"{told}.",
            request.redirect_uri,
            _response_mode(wished, client),
            "" if "state" in request.repeated else state[:MAXIMUM_STATE],
            _signed_for(wished, client),
        )
    scope = scopes.known(request.scope)
    if request.access_type == "offline" and client.may_use(REFRESH_TOKEN):
        scope = scopes.known(" ".join((*scope, "offline_access")))
    return Validated(
        client_id=client.client_id,
        redirect_uri=request.redirect_uri,
        scope=scope,
        response_mode=_response_mode(request, client),
        signed_for=_signed_for(request, client),
        state=request.state,
        nonce=request.nonce,
        code_challenge=request.code_challenge,
        prompt=frozenset(each for each in PROMPTS if each in request.prompt.split()),
        max_age=int(request.max_age) if request.max_age else client.options.default_max_age,
        id_token_hint=request.id_token_hint,
        login_hint=request.login_hint,
        ui_locales=tuple(request.ui_locales.split()),
        claims_locales=tuple(request.claims_locales.split()),
        acr_values=tuple(request.acr_values.split()),
        display=request.display if request.display in DISPLAYS else "page",
        # Without openid this is plain OAuth, which knows no claims.
        claims=claims_request.read(request.claims)
        if request.claims and "openid" in scope
        else NO_CLAIMS,
        dpop_jkt=request.dpop_jkt,
        resources=tuple(dict.fromkeys(request.resource.split())),
    )


def _response_mode(request: AuthorizeRequest, client: ClientView) -> ResponseMode:
    once = "response_mode" not in request.repeated
    return jarm.mode_of(request.response_mode if once else "", client.options)


def _signed_for(request: AuthorizeRequest, client: ClientView) -> tuple[str, str] | None:
    if not jarm.is_signed(_response_mode(request, client)):
        return None
    return client.client_id, jarm.algorithm_of(client.options)


def _faults(request: AuthorizeRequest, client: ClientView) -> list[tuple[str, str]]:
    """Return every fault as (error code, text); the first one decides the code."""
    if request.object_fault:
        # What stands beside it counts for nothing, and is not judged.
        return [(request_object.INVALID, request.object_fault.removesuffix("."))]
    found = [("invalid_request", f"{name} occurs more than once") for name in request.repeated]
    found += [
        (f"{name}_not_supported", f"{name} is not supported")
        for name in ("request", "request_uri", "registration")
        if getattr(request, name)
    ]
    if not request.response_type:
        found.append(("invalid_request", "response_type is missing"))
    elif request.response_type != "code":
        found.append(("unsupported_response_type", "response_type must be code"))
    if not client.may_use("authorization_code"):
        found.append(
            ("unauthorized_client", "this type of application does not use authorization codes")
        )
    if request.response_mode and request.response_mode not in RESPONSE_MODES:
        found.append(("invalid_request", "response_mode is none that is known"))
    rules = profiles.of(client.options)
    challenge = pkce.challenge_fault(
        request.code_challenge,
        request.code_challenge_method,
        required=client.requires_pkce or rules.pkce,
    )
    if challenge:
        found.append(("invalid_request", challenge))
    found += [("invalid_request", text) for text in ways.faults(request, client, rules)]
    found += [("invalid_request", text) for text in _value_faults(request)]
    found += [("invalid_request", text) for text in _claims_faults(request)]
    target = resources.fault(request.resource.split())
    if target:
        found.append(("invalid_target", target))
    if not scopes.well_formed(request.scope):
        found.append(("invalid_scope", "scope holds a character that is not allowed"))
    elif not scopes.known(request.scope):
        found.append(
            ("invalid_scope", f"scope must name at least one of {' '.join(scopes.SUPPORTED)}")
        )
    return found


def _value_faults(request: AuthorizeRequest) -> list[str]:
    asked = request.prompt.split()
    checks = {
        f"state is longer than {MAXIMUM_STATE} characters": len(request.state) > MAXIMUM_STATE,
        f"nonce is longer than {MAXIMUM_NONCE} characters": len(request.nonce) > MAXIMUM_NONCE,
        "prompt holds an unknown value": any(each not in PROMPTS for each in asked),
        "prompt none cannot be combined": "none" in asked and len(set(asked)) > 1,
        "max_age must be a number of seconds": bool(request.max_age)
        and not _DIGITS.fullmatch(request.max_age),
        "dpop_jkt must be the SHA-256 thumbprint of a key": bool(request.dpop_jkt)
        and not _THUMBPRINT.fullmatch(request.dpop_jkt),
    }
    return [text for text, wrong in checks.items() if wrong]


def _claims_faults(request: AuthorizeRequest) -> tuple[str, ...]:
    try:
        claims_request.read(request.claims or "{}")
    except claims_request.UnreadableError as error:
        return error.faults
    return ()


def success(validated: Validated, *, code: str, issuer: str) -> Answer:
    """Return the answer that carries the code (RFC 6749 §4.1.2; RFC 9207 for ``iss``)."""
    state = (("state", validated.state),) if validated.state else ()
    return Answer(
        validated.redirect_uri,
        validated.response_mode,
        (("code", code), *state, ("iss", issuer)),
        validated.signed_for,
    )


def failure(error: RedirectError, *, issuer: str) -> Answer:
    """Return the answer that tells the application why not (RFC 6749 §4.1.2.1)."""
    state = (("state", error.state),) if error.state else ()
    return Answer(
        error.redirect_uri,
        error.response_mode,
        (
            ("error", error.code),
            ("error_description", error.description),
            *state,
            ("iss", issuer),
        ),
        error.signed_for,
    )


def success_location(validated: Validated, *, code: str, issuer: str) -> str:
    """Return the ``Location`` of a granted request in response mode ``query``."""
    return success(validated, code=code, issuer=issuer).location
