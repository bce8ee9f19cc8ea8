"""Everything that reads bytes from outside, as functions of bytes: the one table of fuzzing.

Each function lets no exception out but ``Find``, which says what a parser must never do. `make
fuzz` hands the table to atheris, ``tests/fuzz`` hands it to Hypothesis.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from hospes.connect.domain import differences, registration
from hospes.connect.domain import links as form_links
from hospes.kit import links, visible
from hospes.protocols.oauth import (
    authorize,
    backchannel,
    bearer,
    clients,
    inspection,
    logout,
    pkce,
    redirects,
    scopes,
    token,
)
from hospes.protocols.oauth.errors import BearerRefusal, OAuthError
from hospes.protocols.oauth.parameters import (
    FORM,
    MAXIMUM_PAIRS,
    MULTIPART,
    Parameters,
    UnreadableError,
    from_body,
    from_urlencoded,
)
from tools.fuzz_devices import TARGETS as DEVICES
from tools.fuzz_kit import Target, latin, need, split, text
from tools.fuzz_proofs import TARGETS as PROOFS
from tools.fuzz_registration import TARGETS as REGISTRATION
from tools.fuzz_rest import TARGETS as REST
from tools.fuzz_stack import TARGETS as STACK
from tools.fuzz_tokens import TARGETS as TOKENS

if TYPE_CHECKING:
    from hospes.protocols.oauth.clients import ApplicationType

WEB = clients.ClientView(
    "app", "web", ("https://shop.example/cb", "https://shop.example/cb?a=1"), ("https://x.example",)
)
MOBILE = clients.ClientView(
    "app", "mobile", ("http://127.0.0.1/cb", "http://[::1]:80/cb", "com.shop:/cb"), ()
)
TYPES: tuple[ApplicationType, ...] = ("web", "server", "mobile", "other")
CHALLENGE = "code_challenge_method=S256&code_challenge=" + "a" * 43
REQUEST = (
    "client_id=app&redirect_uri=https://shop.example/cb&response_type=code&scope=openid&state=s"
)


def _parameters(read: Parameters) -> None:
    need(len(read.values) <= MAXIMUM_PAIRS, "more parameters than are allowed")
    for name, value in read.values.items():
        need(bool(value), "a parameter without a value")
        need("\0" not in name + value, "a NUL came through")
    again = from_urlencoded(urlencode(read.values))
    need(again.values == read.values, "what was read is not read again")


def urlencoded(data: bytes) -> None:
    """Read a query string."""
    with suppress(UnreadableError):
        _parameters(from_urlencoded(text(data)))


def body(data: bytes) -> None:
    """Read a body whose first line is its content type."""
    kind, rest = split(data)
    with suppress(UnreadableError):
        _parameters(from_body(latin(kind), rest))


def form_body(data: bytes) -> None:
    """Read an urlencoded body; it is its query string."""
    try:
        read = from_body(FORM, data)
    except UnreadableError:
        return
    need(read == from_urlencoded(data.decode()), "a body reads otherwise than a query")


def multipart(data: bytes) -> None:
    """Read a multipart body with a known boundary."""
    with suppress(UnreadableError):
        _parameters(from_body(f"{MULTIPART}; boundary=b", data))


def _query(data: bytes) -> Parameters:
    try:
        return from_urlencoded(text(data))
    except UnreadableError:
        return Parameters({})


def authorization_request(data: bytes) -> None:
    """Read and judge an authorization request; nobody is sent to an unregistered address."""
    asked = authorize.parse(_query(data))
    if isinstance(asked, authorize.PageError):
        return
    for client in (WEB, MOBILE):
        found = authorize.validate(asked, client)
        if isinstance(found, authorize.PageError):
            continue
        if isinstance(found, authorize.Validated):
            need(bool(found.code_challenge), "a code without a challenge")
            need(set(found.scope) <= set(scopes.SUPPORTED), "an unknown scope")
            need(client.may_use("authorization_code"), "a grant that the type has not")
            answer = authorize.success(found, code="c", issuer="https://i.example")
        else:
            answer = authorize.failure(found, issuer="https://i.example")
        _goes_home(answer, client)
    need(
        isinstance(authorize.validate(asked, None), authorize.PageError),
        "an unknown client is answered",
    )


def _goes_home(answer: authorize.Answer, client: clients.ClientView) -> None:
    uri = answer.redirect_uri
    known = uri in client.redirect_uris or any(
        _is_loopback(uri) and urlsplit(uri).path == urlsplit(each).path
        for each in client.redirect_uris
    )
    need(known, "a redirect to an address that is not registered")
    need(answer.location.startswith(uri), "the answer leads elsewhere")
    if answer.response_mode == "query":
        told = dict(parse_qsl(urlsplit(answer.location).query))
        need(told.items() >= {k: v for k, v in answer.fields if v}.items(), "the answer is garbled")
        need("\r" not in answer.location and "\n" not in answer.location, "a header is split")


def _is_loopback(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - it raises where the port is none
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}


def redirect_matching(data: bytes) -> None:
    """Compare two addresses, one a line."""
    first, second = split(data)
    one, other = text(first), text(second)
    need(redirects.same(one, one), "an address differs from itself")
    same = redirects.same(one, other)
    need(same == redirects.same(other, one), "matching depends on the order")
    if same and one != other:
        need(_is_loopback(one) and _is_loopback(other), "two addresses beyond this machine match")
        mine, theirs = urlsplit(one), urlsplit(other)
        need(mine.hostname == theirs.hostname, "two hosts match")
        need((mine.path, mine.query) == (theirs.path, theirs.query), "two paths match")
    found = differences.between(one, other)
    need((found is None) == (one == other), "a difference where there is none, or none told")
    if found:
        for pieces, whole in ((found.received, one), (found.registered, other)):
            told = pieces.before + pieces.different + pieces.after
            need(told == whole, "the pieces are not the address")
    differences.nearest(one, (other, "https://shop.example/cb"))


def redirect_registration(data: bytes) -> None:
    """Judge an address for registration; what passes is plain to every reader of URLs."""
    uri = text(data)
    for kind in TYPES:
        found = redirects.faults(uri, kind)
        need(set(found) <= redirects.FAULTS.keys(), "a fault without words")
        if found:
            continue
        need(uri.isascii() and uri.isprintable() and " " not in uri, "hidden characters")
        need(len(uri) <= redirects.MAXIMUM_LENGTH, "an endless address")
        parts = urlsplit(uri)
        need(not parts.fragment and "@" not in parts.netloc, "a fragment or a user")
        need(parts.scheme not in redirects.DANGEROUS_SCHEMES, "a scheme that runs")
        need(parts.scheme != "http" or _is_loopback(uri), "http beyond this machine")
        need(parts.scheme in {"http", "https"} or kind == "mobile", "a scheme for phones only")
        need(parts.scheme not in {"http", "https"} or bool(parts.hostname), "no host")
        need(".." not in parts.path.split("/"), "a path that climbs")
        form_links.source_of(uri)


def draft(data: bytes) -> None:
    """Judge a registration: its name, its addresses."""
    name, rest = split(data)
    given = registration.tidy(
        registration.Draft("web", text(name), tuple(text(rest).split("\n")), website=text(rest))
    )
    found = registration.faults_of(given, most_addresses=5)
    if not any(fault.field == "name" for fault in found):
        need(bool(given.name) and not visible.has_hidden(given.name), "a name nobody sees")
        need(len(given.name) <= registration.LONGEST_NAME, "an endless name")


def link(data: bytes) -> None:
    """Judge an address that pages link to."""
    url = text(data)
    if links.fault_of(url) is None:
        parts = urlsplit(url)
        need(parts.scheme in {"http", "https"} and bool(parts.hostname), "no website")
        need("@" not in parts.netloc, "a user in a link")
        need(not set(url) & set(" \"<>'\r\n\\") - {"'"}, "markup in a link")


def scope(data: bytes) -> None:
    """Read a list of scopes."""
    asked = text(data)
    known = scopes.known(asked)
    need(set(known) <= set(scopes.SUPPORTED), "an unknown scope")
    need(scopes.known(" ".join(known)) == known, "what was read is not read again")
    if scopes.well_formed(asked):
        need(asked.isascii() and '"' not in asked, "a scope that splits a header")


def proof(data: bytes) -> None:
    """Judge a verifier and a challenge, one a line."""
    first, second = split(data)
    verifier, challenge = text(first), text(second)
    proved = False
    with suppress(UnicodeEncodeError):  # lone surrogates never come out of ``parameters``
        challenge.encode()
        proved = pkce.proves(verifier, challenge)
    if proved:
        need(challenge == pkce.challenge_of(verifier), "a proof of something else")
    if pkce.well_formed(verifier):
        need(pkce.proves(verifier, pkce.challenge_of(verifier)), "the right proof fails")
    if not pkce.challenge_fault(challenge, "S256", required=True):
        need(len(challenge) == len(pkce.challenge_of("")), "a challenge of another length")


def basic(data: bytes) -> None:
    """Read an ``Authorization`` header in front of a body."""
    header, rest = split(data)
    sent = _query(rest)
    with suppress(OAuthError):
        found = clients.read_credentials(latin(header), sent)
        need(found.method in clients.METHODS, "an unknown method")
        need("\0" not in found.client_id + found.secret, "a NUL came through")


def bearer_token(data: bytes) -> None:
    """Find a bearer token."""
    header, rest = split(data)
    with suppress(BearerRefusal):
        found = bearer.read(latin(header), query=Parameters({}), form=_query(rest))
        sent = found.token
        need(sent.isascii() and sent.isprintable(), "a token of other characters")


def token_request(data: bytes) -> None:
    """Read a request to the token, introspection and revocation endpoints."""
    header, rest = split(data)
    sent, authorization = _query(rest), latin(header)
    none = Parameters({})
    with suppress(OAuthError):
        token.parse(authorization, sent, query=none)
    with suppress(OAuthError):
        inspection.parse(authorization, sent, query=none)


def backchannel_request(data: bytes) -> None:
    """Read and judge a request to ask somebody on the phone; what the phone shows is one line."""
    header, rest = split(data)
    for mode in backchannel.MODES:
        client = replace(WEB, backchannel_mode=mode)
        with suppress(OAuthError):
            sent = backchannel.parse(latin(header), _query(rest), query=Parameters({}))
            question = backchannel.check(sent, client)
            shown = question.message
            need(shown.isprintable() and len(shown) <= 100, "a message that hides something")  # noqa: PLR2004 - the limit, reckoned apart
            hints = (question.subject, question.email, question.id_token_hint)
            need(sum(map(bool, hints)) == 1, "not one person is meant")
            need(question.notification_token.isascii(), "a header of other than ASCII")
            need("\n" not in question.notification_token, "a second header")


def sign_out(data: bytes) -> None:
    """Read and judge a request to sign out; nobody is sent to an unregistered address."""
    asked = logout.parse(_query(data))
    if isinstance(asked, logout.LogoutError):
        return
    for client in (None, WEB, MOBILE):
        found = logout.evaluate(asked, hint=None, client=client)
        if isinstance(found, logout.Logout):
            need(found.ask, "signed out without a question")
            home = not found.location or found.location.startswith("https://x.example")
            need(home and (not found.location or client is WEB), "led to an unknown address")


TARGETS: tuple[Target, ...] = (
    Target("urlencoded", urlencoded, (b"a=1&b=%C3%A9&a=2", b"a+b=%00", REQUEST.encode())),
    Target("body", body, (b"application/x-www-form-urlencoded\na=1",)),
    Target("form_body", form_body, (b"a=1&b=%C3%A9&a=2",)),
    Target(
        "multipart",
        multipart,
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n',),
    ),
    Target(
        "authorization_request",
        authorization_request,
        (
            f"{REQUEST}&{CHALLENGE}&prompt=login&max_age=1&response_mode=form_post".encode(),
            REQUEST.replace("https://shop.example", "http://127.0.0.1:99").encode(),
        ),
    ),
    Target(
        "redirect_matching",
        redirect_matching,
        (b"http://127.0.0.1/cb\nhttp://127.0.0.1:99/cb", b"https://a.example\nhttps://b.example"),
    ),
    Target(
        "redirect_registration",
        redirect_registration,
        (b"https://shop.example:443/cb?a=1", b"http://[::1]:80/cb", b"com.shop.app://cb/[a]"),
    ),
    Target("draft", draft, (b"Flower shop\nhttps://shop.example/cb\nhttps://x.example",)),
    Target("link", link, (b"https://shop.example:8/terms?a=%20#b", b"http://[::1]/")),
    Target("scope", scope, (b"openid profile email offline_access",)),
    Target("proof", proof, (b"a" * 43 + b"\n" + pkce.challenge_of("a" * 43).encode(),)),
    Target("basic", basic, (b"Basic YTpi\nclient_id=a&client_secret=b",)),
    Target("bearer_token", bearer_token, (b"Bearer hsp_at_x\naccess_token=y",)),
    Target(
        "backchannel_request",
        backchannel_request,
        (
            b"\nclient_id=w&client_secret=s&scope=openid&login_hint=a%40b.example",
            b"\nclient_id=w&scope=openid&id_token_hint=e.y.J&binding_message=Till+7&requested_expiry=9",
            b"\nclient_id=w&scope=openid&login_hint=7f9c2ba4&client_notification_token=t0k3n",
        ),
    ),
    Target(
        "token_request",
        token_request,
        (
            b"Basic YTpi\ngrant_type=authorization_code&code=c&redirect_uri=u&code_verifier=v",
            b"Basic YTpi\ngrant_type=refresh_token&refresh_token=r&scope=openid",
            b"Basic YTpi\ngrant_type=client_credentials&token=t&token_type_hint=refresh_token",
        ),
    ),
    Target(
        "sign_out",
        sign_out,
        (b"client_id=app&post_logout_redirect_uri=https://x.example&state=s&id_token_hint=a.b.c",),
    ),
    *DEVICES,
    *REGISTRATION,
    *PROOFS,
    *REST,
    *STACK,
    *TOKENS,
)
