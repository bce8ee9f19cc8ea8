"""Applications kept in memory, so that a token request need not load its client each time.

What is kept may be out of date. Therefore each statement that counts names the ``revision`` it
was decided with; where the row's differs, ``Stale`` is raised and everything is done again with
the application as it is now. A refusal is never given on what was kept, either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hospes.edge import refusals, statements
from hospes.edge.client_proofs import Attempt
from hospes.protocols.oauth import options
from hospes.protocols.oauth.clients import ClientView
from hospes.protocols.oauth.errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.edge.connections import Connection
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.clients import Credentials

Result = TypeVar("Result")
MOST = 4096
ATTEMPTS = 3


class Stale(Exception):
    """What was decided rests on an application that has changed since."""


@dataclass(frozen=True, slots=True)
class KnownClient:
    """An application as it was at ``revision``. ``good_until``: when its first secret ends.

    ``key`` and ``organization`` are primary keys.
    """

    key: int
    revision: int
    organization: int
    view: ClientView
    good_until: int | None


class KnownClients:
    """At most ``MOST`` applications; when there are more, all are forgotten and loaded anew."""

    def __init__(self) -> None:
        self._known: dict[str, KnownClient] = {}
        self._machine_grants: dict[int, int] = {}

    def kept(self, client_id: str, *, now: int) -> KnownClient | None:
        """Return the application as kept, ``None`` where it is not or a secret has ended."""
        known = self._known.get(client_id)
        if known is None or (known.good_until is not None and now >= known.good_until):
            return None
        return known

    def load(self, services: Services, client_id: str, *, now: int) -> KnownClient | None:
        """Load the application as it is now and keep it."""
        with services.database.reading() as connection:
            known = _loaded(connection, client_id, now)
        if known is None:
            self._known.pop(client_id, None)
            return None
        if len(self._known) >= MOST:
            self._known.clear()
            self._machine_grants.clear()
        self._known[client_id] = known
        return known

    def machine_grant(self, services: Services, client: KnownClient, *, now: int) -> int:
        """Return the grant that all tokens of an application acting for itself hang on.

        Raises:
            Stale: the application is gone.

        """
        grant = self._machine_grants.get(client.key)
        if grant is None:
            with services.database.writing() as connection:
                grant = statements.machine_grant(connection, client.key)
                if grant is None:
                    connection.change(statements.ADD_MACHINE_GRANT, now, client.key)
                    grant = statements.machine_grant(connection, client.key)
            if grant is None:
                raise Stale
            self._machine_grants[client.key] = grant
        return grant

    def forget_grant(self, client: KnownClient) -> None:
        """Look the application's standing grant up again: it may have been revoked."""
        self._machine_grants.pop(client.key, None)


def _loaded(connection: Connection, client_id: str, now: int) -> KnownClient | None:
    found = connection.row(statements.CLIENT, client_id)
    if found is None:
        return None
    # Secrets are read after the revision: a change between the two makes this copy stale.
    (
        key, public_id, kind, pkce_required, alg, organization, revision, mode, passwords, said,
    ) = found  # fmt: skip
    secrets = connection.rows(statements.CLIENT_SECRETS, key, now)
    ends = [expires_at for _hash, expires_at in secrets if expires_at is not None]
    view = ClientView(
        client_id=public_id,
        type=kind,
        pkce_required=bool(pkce_required),
        id_token_alg=alg,
        secret_hashes=tuple(secret_hash for secret_hash, _end in secrets),
        backchannel_mode=mode,
        accepts_application_passwords=bool(passwords),
        options=options.read(said),
    )
    return KnownClient(key, revision, organization, view, min(ends, default=None))


def acting_as(
    services: Services,
    credentials: Credentials,
    work: Callable[[KnownClient], Result],
    *,
    request: HotRequest,
    now: int,
) -> Result:
    """Authenticate the client and return what ``work`` makes of it.

    The owner is told of a request that could not prove to be the application's.

    Raises:
        OAuthError: ``invalid_client``, or whatever ``work`` refuses with.

    """
    known = services.clients.kept(credentials.client_id, now=now)
    kept = known is not None
    attempt = Attempt(services, credentials, request, now)
    for _ in range(ATTEMPTS):
        if not kept:
            known = services.clients.load(services, credentials.client_id, now=now)
        try:
            client = attempt.by(known)
            if known is not None and client is known.view:
                return work(known)
        except Stale:
            pass
        except OAuthError as error:
            if not (kept and error.code == "invalid_client"):
                if known is not None and error.code == "invalid_client":
                    refusals.note_unproved(services, known, credentials, request, error, now=now)
                raise
        kept = False
    raise OAuthError("temporarily_unavailable", "The application is being changed; try again.")
