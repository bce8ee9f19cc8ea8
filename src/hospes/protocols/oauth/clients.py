"""Client applications as the protocol sees them, and how they authenticate (RFC 6749 §2.3)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hospes.protocols.oauth import assertions, certificates, profiles
from hospes.protocols.oauth.errors import OAuthError, Unproved
from hospes.protocols.oauth.options import NONE, ClientOptions
from hospes.protocols.oauth.parameters import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.protocols.oauth.parameters import Parameters

ApplicationType = Literal["web", "server", "mobile", "other"]
Method = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]

SECRET_METHODS: tuple[Method, ...] = ("client_secret_basic", "client_secret_post")
METHODS: tuple[Method, ...] = (*SECRET_METHODS, "private_key_jwt", "none")
# The parameters by which an application says who it is.
NAMES = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
# The grant of OpenID Connect CIBA Core 1.0 §10.1.
BACKCHANNEL = "urn:openid:params:grant-type:ciba"
# Which grants an application of each type may use.
GRANTS: dict[ApplicationType, frozenset[str]] = {
    "web": frozenset({"authorization_code", "refresh_token", BACKCHANNEL}),
    "server": frozenset({"authorization_code", "refresh_token", BACKCHANNEL}),
    "mobile": frozenset({"authorization_code", "refresh_token"}),
    "other": frozenset({"client_credentials"}),
}


@dataclass(frozen=True, slots=True)
class ClientView:
    """One application, as loaded. ``secret_hashes``: those that are valid at this instant."""

    client_id: str
    type: ApplicationType
    redirect_uris: tuple[str, ...] = ()
    logout_redirect_uris: tuple[str, ...] = ()
    pkce_required: bool = True
    id_token_alg: str = "RS256"  # noqa: S105 - an algorithm
    secret_hashes: tuple[str, ...] = field(default=(), repr=False)
    # "" where its owner has not switched it on.
    backchannel_mode: str = ""
    # Whether the provider's operator lets it ask about application passwords.
    accepts_application_passwords: bool = False
    options: ClientOptions = NONE

    @property
    def public(self) -> bool:
        """Return whether the application cannot keep a secret (RFC 8252 §8.4).

        One whose every copy has a key of its own can prove itself.
        """
        return self.type == "mobile" and self.options.token_endpoint_auth_method in {"", "none"}

    @property
    def requires_pkce(self) -> bool:
        """Return whether a code is given only against an S256 challenge."""
        return self.type == "mobile" or self.pkce_required

    def may_use(self, grant_type: str) -> bool:
        """Return whether the application has that grant, by its type and its owner's choice."""
        if grant_type == BACKCHANNEL and not self.backchannel_mode:
            return False
        return grant_type in GRANTS[self.type] or grant_type in self.options.further_grant_types


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client said to prove itself."""

    client_id: str
    method: Method
    secret: str = field(default="", repr=False)
    assertion: str = field(default="", repr=False)


def secret_hash(value: str) -> str:
    """Return the SHA-256 of a secret, code or token, as the tables hold it.

    A plain hash suffices because all of these are 256 random bits.
    """
    return hashlib.sha256(value.encode("utf-8")).hexdigest()


def _basic(authorization: str) -> tuple[str, str]:
    """Read ``Basic`` credentials; both halves are form-encoded (RFC 6749 §2.3.1)."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise OAuthError("invalid_client", "The Authorization header must use Basic.")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        client_id, separator, secret = text.partition(":")
        if separator and client_id:
            return decode(client_id), decode(secret)
    except (binascii.Error, ValueError):  # decode's UnreadableError is one, too
        pass
    raise OAuthError("invalid_client", "The Basic credentials cannot be read.")


def refuse_misplaced(names: Iterable[str], body: Parameters, *, query: Parameters) -> None:
    """Let only a request pass that has its parameters once each, and in the body.

    What stands in the address is refused, not ignored: it has already been logged on its way
    (RFC 6749 §3.2, §2.3.1).

    Raises:
        OAuthError: ``invalid_request``.

    """
    if query.values and not query.values.keys().isdisjoint(names):
        raise OAuthError("invalid_request", "Parameters belong in the body, not in the address.")
    repeated = body.repeated_among(names) if body.repeated else ()
    if repeated:
        raise OAuthError("invalid_request", f"{' and '.join(repeated)} occurs more than once.")


def read_credentials(authorization: str, body: Parameters) -> Credentials:
    """Find the credentials in the ``Authorization`` header (``""``: none) and the body.

    Raises:
        OAuthError: ``invalid_request`` for two methods at once, ``invalid_client`` for none or
            for unreadable ones.

    """
    if body.repeated and body.repeated_among(NAMES):
        raise OAuthError("invalid_request", "A parameter occurs more than once.")
    posted_id, posted_secret = body.get("client_id"), body.get("client_secret")
    if "client_assertion" in body.values or "client_assertion_type" in body.values:
        return _asserted(authorization, body)
    if authorization:
        client_id, secret = _basic(authorization)
        if posted_secret:
            raise OAuthError("invalid_request", "Use one method of client authentication only.")
        if posted_id and posted_id != client_id:
            raise OAuthError("invalid_request", "The header and the body name two clients.")
        # Some libraries send Basic with nothing after the colon for a public client.
        return Credentials(client_id, "client_secret_basic" if secret else "none", secret)
    if not posted_id:
        raise OAuthError("invalid_client", "The request does not say which client sends it.")
    if posted_secret:
        return Credentials(posted_id, "client_secret_post", posted_secret)
    return Credentials(posted_id, "none")


def _asserted(authorization: str, body: Parameters) -> Credentials:
    """Read a signed assertion (RFC 7521 §4.2); it says itself who sends it."""
    if authorization or body.get("client_secret"):
        raise OAuthError("invalid_request", "Use one method of client authentication only.")
    assertion, kind = body.get("client_assertion"), body.get("client_assertion_type")
    if not (assertion and kind):
        raise OAuthError(
            "invalid_request", "client_assertion and client_assertion_type belong together."
        )
    if kind != assertions.ASSERTION_TYPE:
        raise OAuthError(
            "invalid_client", f"client_assertion_type must be {assertions.ASSERTION_TYPE}."
        )
    client_id = body.get("client_id") or assertions.subject_of(assertion)
    if not client_id:
        raise OAuthError("invalid_client", "The assertion does not say which client sends it.")
    return Credentials(client_id, "private_key_jwt", assertion=assertion)


def refuse_other_method(credentials: Credentials, client: ClientView) -> None:
    """Let only the method pass that the application has chosen, where it has.

    Otherwise a secret that lies about somewhere would stand for a key.

    Raises:
        Unproved: it is another one.

    """
    chosen, method = client.options.token_endpoint_auth_method, str(credentials.method)
    if chosen in certificates.METHODS and method == "none":
        # Such a request says who it is and no more; the connection proves it.
        method = chosen
    demanded = profiles.of(client.options).client_authentication
    if demanded and method not in demanded:
        raise Unproved(f"The profile of the application asks for {' or '.join(demanded)}.")
    if chosen and method != chosen:
        raise Unproved(f"The application proves itself with {chosen}, and {method} was used.")
    if not chosen and method == "private_key_jwt":
        raise Unproved("A client assertion was sent, and the application proves itself otherwise.")


def why_refused(credentials: Credentials, client: ClientView, *, ended: str) -> str:
    """Say to the owner of ``client`` why ``authenticate`` refused; the sender is not told.

    ``ended`` is how a secret that works no longer is known to its owner, "" where what was sent
    is none of those.
    """
    if client.public:
        return "A secret was sent, and a Mobile application has none."
    if credentials.method == "none":
        return "No client secret was sent."
    if ended:
        return f"The client secret …{ended} has ended: it was replaced."
    return "The client secret is wrong."


def authenticate(credentials: Credentials, client: ClientView | None) -> ClientView:
    """Return the client if the credentials are its own.

    Raises:
        OAuthError: ``invalid_client``, in the same words for an unknown client and a wrong
            secret.

    """
    presented = secret_hash(credentials.secret)
    known = client.secret_hashes if client else ()
    # Every hash is compared, so that time does not tell which one was near.
    matches = [hmac.compare_digest(presented, each) for each in known]
    if client is not None and client.client_id == credentials.client_id:
        if client.options is not NONE or credentials.assertion:
            refuse_other_method(credentials, client)
        if client.public:
            if credentials.method == "none":
                return client
        elif credentials.method in SECRET_METHODS and any(matches):
            return client
    raise Unproved
