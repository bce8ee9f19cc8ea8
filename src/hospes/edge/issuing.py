"""One token request at work, and what every grant writes and answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from hospes.edge import (
    backchannel_statements,
    device_statements,
    person_statements,
    resource_statements,
    session_statements,
    statements,
)
from hospes.edge.encryption import encrypted
from hospes.edge.known_clients import KnownClient, Stale
from hospes.edge.signing import signer
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import (
    claims_request,
    clients,
    id_token,
    issuing,
    logout_token,
    outcomes,
    scopes,
)
from hospes.protocols.oauth.grants import refreshing
from hospes.protocols.oauth.options import NONE

if TYPE_CHECKING:
    from hospes.edge.connections import Step
    from hospes.edge.services import Services
    from hospes.protocols.oauth.errors import OAuthError
    from hospes.protocols.oauth.issuing import Denied

Body = dict[str, object]
Row = (
    statements.CodeRow
    | statements.RefreshRow
    | backchannel_statements.BackchannelRow
    | device_statements.DeviceRow
)
Held = TypeVar(
    "Held",
    statements.CodeRow,
    statements.RefreshRow,
    backchannel_statements.BackchannelRow,
    device_statements.DeviceRow,
)
_TOKEN_BYTES = bytes_for(refreshing.TOKEN_DIGITS)
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request at work: who asks, when, from where."""

    services: Services
    client: KnownClient
    now: int
    address: str
    # The key that the request has proved, and that its tokens are bound to; "" for none.
    bound_to: str = ""
    # The resources that the request names.
    resources: tuple[str, ...] = ()

    @property
    def refresh_bound_to(self) -> str:
        """Return what a refresh token is bound to: nothing where its application proves itself."""
        return self.bound_to if self.bound_to and self.client.view.public else ""

    @property
    def access_seconds(self) -> int:
        """Return how long an access token lives."""
        return self.services.number("connect.access_token_seconds")

    def token(self, prefix: str) -> str:
        """Return a fresh token with that mark."""
        return prefix + self.chance()

    def chance(self) -> str:
        """Return 256 random bits as text."""
        return base62(self.services.random_bytes(_TOKEN_BYTES), refreshing.TOKEN_DIGITS)

    def issue(self, scope: str) -> Issue:
        """Return fresh tokens for ``scope``; a refresh token only for access that goes on."""
        offline = "offline_access" in scope.split()
        return Issue(
            self.token(issuing.ACCESS_TOKEN_PREFIX),
            self.token(issuing.REFRESH_TOKEN_PREFIX) if offline else "",
            scope,
            self.now,
            self.bound_to,
        )

    def current(self, row: Held | None) -> Held:
        """Return the row, once it has proved that the application is as it was kept.

        Raises:
            Stale: it is not.

        """
        if row is None or row.revision != self.client.revision:
            raise Stale
        return row

    def refuse(self, denied: Denied, row: Held | None) -> OAuthError:
        """Revoke what has to end, note it for the owner, and return the error.

        It is raised only after this has been committed. A refusal that rests on an application
        which has changed since is none: ``Stale`` is raised instead.
        """
        own = row is not None and row.view.client_id == self.client.view.client_id
        grant = row.grant_id if row and own else None
        services, key = self.services, self.client.key
        noted = services.log_has_room(key)
        database = services.database
        # A flood of refusals waits for no lock.
        writes = noted or denied.revoke
        ended = False
        with database.writing() if writes else database.reading() as connection:
            if statements.revision(connection, key) != self.client.revision:
                raise Stale
            if denied.revoke and grant is not None:
                ended = statements.revoke_grant(connection, grant, now=self.now)
            if noted:
                statements.add_event(
                    connection,
                    outcomes.REUSE_DETECTED if denied.revoke else outcomes.TOKEN_REFUSED,
                    application=key,
                    grant=grant,
                    address=self.address,
                    detail={"error": denied.error.code, "reason": denied.error.description},
                    now=self.now,
                )
        if ended and grant is not None:
            services.tell_reuse(grant, self.address)
        return denied.error


@dataclass(frozen=True, slots=True)
class Issue:
    """The tokens of one answer, in clear."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str
    issued_at: int
    bound_to: str = ""
    # What the access token is good for, "" for everything.
    resources: str = ""
    # Its name, "" where it says nothing itself.
    jti: str = ""

    def written(self, grant: int, expires_at: int) -> resource_statements.NewToken:
        """Return the access token as its row is to keep it."""
        return resource_statements.NewToken(
            token_hash=clients.secret_hash(self.access_token),
            grant_id=grant,
            scope=self.scope,
            created_at=self.issued_at,
            expires_at=expires_at,
            bound_to=self.bound_to,
            resources=self.resources,
            jti=self.jti,
        )


def added(exchange: Exchange, issue: Issue, grant: int, granted: str) -> list[Step]:
    """Return what writes the tokens down; a refresh token keeps all of ``granted``."""
    now = exchange.now
    steps = [_access_added(exchange, issue, grant)]
    if issue.refresh_token:
        lifetime = exchange.services.number("connect.refresh_token_days") * _DAY
        steps.append(
            statements.add_token(
                clients.secret_hash(issue.refresh_token),
                "refresh",
                grant_id=grant,
                scope=granted,
                now=now,
                expires_at=now + lifetime,
                bound_to=exchange.refresh_bound_to,
            )
        )
    return steps


def _access_added(exchange: Exchange, issue: Issue, grant: int) -> Step:
    token_hash = clients.secret_hash(issue.access_token)
    now, expires_at = exchange.now, exchange.now + exchange.access_seconds
    if issue.resources or issue.jti:
        return resource_statements.add(issue.written(grant, expires_at))
    return statements.add_token(
        token_hash,
        "access",
        grant_id=grant,
        scope=issue.scope,
        now=now,
        expires_at=expires_at,
        bound_to=issue.bound_to,
    )


def signed_id_token(exchange: Exchange, row: Row, issue: Issue) -> str:
    """Return the ID token of the answer, ``""`` where ``openid`` was not asked for."""
    if "openid" not in issue.scope.split():
        return ""
    client = exchange.client.view
    signing = signer(exchange.services.keys, client.id_token_alg)
    claims = id_token.claims(
        row.authentication,
        issuer=exchange.services.issuer,
        client_id=client.client_id,
        access_token=issue.access_token,
        alg=signing.alg,
        issued_at=issue.issued_at,
        lifetime=exchange.services.number("connect.id_token_seconds"),
    )
    has_groups = scopes.GROUPS in issue.scope.split()
    if row.claims or has_groups:
        claims |= _added_claims(exchange, row, has_groups=has_groups)
    if client.options is not NONE and client.options.told_of_sign_outs:
        claims |= _session_claim(exchange, row)
    signed = signing.sign(claims)
    if client.options is not NONE and client.options.id_token_encrypted_response_alg:
        return encrypted(exchange.services, client, signed)
    return signed


def _session_claim(exchange: Exchange, row: Row) -> dict[str, object]:
    """Return ``sid`` (Back-Channel Logout §2.1), nothing where no living session is behind it."""
    with exchange.services.database.reading() as connection:
        session = session_statements.grant_session(connection, row.grant_id)
    client_id = exchange.client.view.client_id
    return {"sid": logout_token.sid(session, client_id)} if session else {}


def _added_claims(exchange: Exchange, row: Row, *, has_groups: bool) -> dict[str, object]:
    """Return what the ``claims`` parameter and the scope ``groups`` add to the ID token."""
    services = exchange.services
    told = claims_request.stored(row.claims) if row.claims else claims_request.Told()
    groups: tuple[str, ...] = ()
    person = None
    with services.database.reading() as connection:
        if has_groups or scopes.GROUPS in told.id_token:
            groups = person_statements.grant_groups(connection, row.grant_id)
        if told.id_token:
            person = person_statements.grant_person(
                connection, row.grant_id, picture_url=services.picture_url
            )
    added = claims_request.id_token_claims(
        told,
        replace(person, groups=groups) if person else None,
        actual_acr=row.authentication.acr,
    )
    return added | {scopes.GROUPS: list(groups)} if has_groups else added


def told(issue: Issue, signed: str, expires_in: int) -> Body:
    """Return the answer with these tokens; ``expires_in`` in seconds."""
    return issuing.response(
        access_token=issue.access_token,
        expires_in=expires_in,
        scope=issue.scope,
        id_token=signed,
        refresh_token=issue.refresh_token,
        bound_to=issue.bound_to,
    )
