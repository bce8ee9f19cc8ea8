"""What the hot plane's endpoints are given: nothing here is read from the surroundings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hospes.edge.known_clients import KnownClients
from hospes.protocols.oauth import client_keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.edge.connections import Database
    from hospes.edge.signing import KeySource
    from hospes.protocols.oauth.backchannel import Accepted, Question
    from hospes.protocols.oauth.certificates import Trusted
    from hospes.protocols.oauth.client_keys import ClientKeys
    from hospes.protocols.oauth.clients import ClientView


class Hit(Protocol):
    """What became of one request that is counted; spans are whole seconds."""

    @property
    def count(self) -> int:
        """Return how many are in the window now."""

    @property
    def retry_after(self) -> int:
        """Return how long to wait, 0 where this one was let through."""

    @property
    def frees_in(self) -> int:
        """Return when the oldest of them leaves the window."""


@dataclass(frozen=True, slots=True)
class Mtls:
    """What applications with certificates need to know: ``url`` is where they are asked for.

    "" where they are asked for everywhere.
    """

    trusted: Trusted
    url: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that ``config/wsgi.py`` binds.

    ``clock`` returns whole seconds since 1970; ``number`` a setting by its key; ``picture_url``
    an address for a picture's file name. ``log_has_room`` says, and counts, whether the log of an
    application (by primary key) takes one more refusal; it may write, so it is asked outside of
    transactions. ``ask_phone`` puts an application's question (its primary key and revision, the
    question, the address and user agent that sent it) to a person's phones; it returns None where
    the application has changed since, and raises ``OAuthError``. ``step_cookie`` names the cookie
    of a sign-in that waits for its second step; ``poll_wait`` counts a phone's question (by its
    token's hash) and returns the seconds it has to wait, or 0. ``tell_reuse`` tells
    the person of a grant (its primary key, and the address the request came from), once it has
    ended because something of it was used twice. ``hit`` counts one more of a name and a key,
    unless so many lie within so many seconds already. ``client_keys`` returns the public keys of
    an application, given the name of the one that is wanted ("" for any); it may have to fetch
    them, and raises ``OAuthError``. ``nonce_key`` is the secret that nonces of DPoP proofs are made
    of, the same in every process. ``mtls`` is None where no proxy hands on certificates.
    ``prepare`` is called before each request.
    """

    issuer: str
    database: Database
    keys: KeySource
    clock: Callable[[], int]
    number: Callable[[str], int]
    random_bytes: Callable[[int], bytes]
    picture_url: Callable[[str], str]
    locales: tuple[str, ...]
    log_has_room: Callable[[int], bool]
    ask_phone: Callable[[int, int, Question, str, str], Accepted | None]
    hit: Callable[[str, str, int, int], Hit]
    step_cookie: str = "__Host-step"
    poll_wait: Callable[[str], int] = lambda _phone: 0
    tell_reuse: Callable[[int, str], None] = lambda _grant, _address: None
    client_keys: Callable[[ClientView, str], ClientKeys] = lambda _client, _kid: client_keys.NONE
    nonce_key: bytes = field(default=b"", repr=False)
    mtls: Mtls | None = None
    prepare: Callable[[], None] = lambda: None
    clients: KnownClients = field(default_factory=KnownClients)

    def names_of(self, path: str) -> tuple[str, ...]:
        """Return the addresses under which an endpoint is known."""
        if self.mtls is None or not self.mtls.url:
            return (self.issuer + path,)
        return (self.issuer + path, self.mtls.url + path)
