"""``/token``: codes, refresh tokens, a YES on a phone and credentials become tokens (RFC 6749)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from hospes.edge import backchannel_statements, refusals, statements
from hospes.edge.http import json_response
from hospes.edge.known_clients import ATTEMPTS, KnownClient, Stale, acting_as
from hospes.edge.requests import refusal
from hospes.edge.signing import signer
from hospes.kit.ids import base62, bytes_for
from hospes.protocols.oauth import (
    backchannel,
    claims_request,
    clients,
    id_token,
    outcomes,
    refresh,
    scopes,
    token,
)
from hospes.protocols.oauth.errors import NO_STORE, OAuthError

if TYPE_CHECKING:
    from hospes.edge.connections import Step
    from hospes.edge.http import Response
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.token import Denied, TokenRequest

Body = dict[str, object]
Row = statements.CodeRow | statements.RefreshRow | backchannel_statements.BackchannelRow
Held = TypeVar(
    "Held", statements.CodeRow, statements.RefreshRow, backchannel_statements.BackchannelRow
)
_TOKEN_BYTES = bytes_for(refresh.TOKEN_DIGITS)
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class _Exchange:
    """One request at work: who asks, when, from where."""

    services: Services
    client: KnownClient
    now: int
    address: str

    @property
    def access_seconds(self) -> int:
        return self.services.number("connect.access_token_seconds")

    def token(self, prefix: str) -> str:
        return prefix + self.chance()

    def chance(self) -> str:
        return base62(self.services.random_bytes(_TOKEN_BYTES), refresh.TOKEN_DIGITS)

    def issue(self, scope: str) -> _Issue:
        """Return fresh tokens for ``scope``; a refresh token only for access that goes on."""
        offline = "offline_access" in scope.split()
        return _Issue(
            self.token(token.ACCESS_TOKEN_PREFIX),
            self.token(token.REFRESH_TOKEN_PREFIX) if offline else "",
            scope,
            self.now,
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
class _Issue:
    """The tokens of one answer, in clear."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    scope: str
    issued_at: int


def answer(request: HotRequest, services: Services) -> Response:
    """Answer a token request."""
    try:
        now = services.clock()
        asked = _read(request, services, now=now)

        def work(client: KnownClient) -> Body:
            return _issue(asked, _Exchange(services, client, now, request.address))

        body = acting_as(services, asked.credentials, work, request=request, now=now)
    except OAuthError as error:
        return refusal(error.answer())
    return json_response(200, body, NO_STORE)


def _read(request: HotRequest, services: Services, *, now: int) -> TokenRequest:
    """Return what is asked for; the owner of the application is told where that is nothing."""
    form, query = request.form(), request.query()
    try:
        return token.parse(request.authorization, form, query=query)
    except OAuthError as error:
        refusals.note_unread(services, request, form, error, now=now)
        raise


def _issue(asked: TokenRequest, exchange: _Exchange) -> Body:
    if isinstance(asked, token.CodeRequest):
        return _redeem(asked, exchange)
    if isinstance(asked, token.RefreshRequest):
        return _refresh(asked, exchange)
    if isinstance(asked, token.BackchannelRequest):
        return _fetch(asked, exchange)
    return _act_alone(asked, exchange)


# -- authorization codes -----------------------------------------------------------------------


def _redeem(asked: token.CodeRequest, exchange: _Exchange) -> Body:
    database, client, now = exchange.services.database, exchange.client, exchange.now
    code_hash = clients.secret_hash(asked.code)
    for _ in range(ATTEMPTS):
        with database.deciding() as connection:
            found = statements.code(connection, code_hash)
        decision = token.decide(asked, client.view, found.view if found else None, now=now)
        if isinstance(decision, token.Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        issue = exchange.issue(row.scope)
        signed = _id_token(exchange, row, issue)
        # The decision saw the row; the first statement makes it true, or finds another was first.
        steps = _added(exchange, issue, row.grant_id, row.scope)
        if database.guarded(statements.use_code(row.code_id, now=now), *steps):
            return _told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _added(exchange: _Exchange, issue: _Issue, grant: int, granted: str) -> list[Step]:
    now = exchange.now
    steps = [
        statements.add_token(
            clients.secret_hash(issue.access_token),
            "access",
            grant_id=grant,
            scope=issue.scope,
            now=now,
            expires_at=now + exchange.access_seconds,
        )
    ]
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
            )
        )
    return steps


def _id_token(exchange: _Exchange, row: Row, issue: _Issue) -> str:
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
    return signing.sign(claims)


def _added_claims(exchange: _Exchange, row: Row, *, has_groups: bool) -> dict[str, object]:
    """Return what the ``claims`` parameter and the scope ``groups`` add to the ID token."""
    services = exchange.services
    told = claims_request.stored(row.claims) if row.claims else claims_request.Told()
    groups: tuple[str, ...] = ()
    person = None
    with services.database.reading() as connection:
        if has_groups or scopes.GROUPS in told.id_token:
            groups = statements.grant_groups(connection, row.grant_id)
        if told.id_token:
            person = statements.grant_person(
                connection, row.grant_id, picture_url=services.picture_url
            )
    added = claims_request.id_token_claims(
        told,
        replace(person, groups=groups) if person else None,
        actual_acr=row.authentication.acr,
    )
    return added | {scopes.GROUPS: list(groups)} if has_groups else added


def _told(issue: _Issue, signed: str, expires_in: int) -> Body:
    return token.response(
        access_token=issue.access_token,
        expires_in=expires_in,
        scope=issue.scope,
        id_token=signed,
        refresh_token=issue.refresh_token,
    )


# -- refresh tokens ----------------------------------------------------------------------------


def _refresh(asked: token.RefreshRequest, exchange: _Exchange) -> Body:
    services, client, now = exchange.services, exchange.client, exchange.now
    retry_seconds = services.number("connect.refresh_retry_seconds")
    token_hash = clients.secret_hash(asked.refresh_token)
    for _ in range(ATTEMPTS):
        with services.database.deciding() as connection:
            found = statements.refresh(connection, token_hash)
        decision = refresh.decide(
            asked, client.view, found.view if found else None, now=now, retry_seconds=retry_seconds
        )
        if isinstance(decision, token.Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        if isinstance(decision, refresh.Repeat):
            return _repeat(asked, decision, row, exchange)
        salt = exchange.chance()
        following = refresh.successors(asked.refresh_token, salt, name=base62)
        issue = _Issue(following.access_token, following.refresh_token, decision.scope, now)
        signed = _id_token(exchange, row, issue)
        steps = _added(exchange, issue, row.grant_id, row.view.scope)
        if services.database.guarded(statements.rotate(row.token_id, salt, now=now), *steps):
            return _told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _repeat(
    asked: token.RefreshRequest,
    repeat: refresh.Repeat,
    row: statements.RefreshRow,
    exchange: _Exchange,
) -> Body:
    """Give the answer again that a client did not receive."""
    following = refresh.successors(asked.refresh_token, repeat.salt, name=base62)
    with exchange.services.database.deciding() as connection:
        access, successor = (
            statements.successor(connection, clients.secret_hash(value), kind)
            for value, kind in (
                (following.access_token, "access"),
                (following.refresh_token, "refresh"),
            )
        )
    decision = refresh.decide_repeat(asked, access, successor)
    if isinstance(decision, token.Denied):
        raise exchange.refuse(decision, row)
    issue = _Issue(
        following.access_token, following.refresh_token, decision.scope, repeat.rotated_at
    )
    left = (access.expires_at if access and access.expires_at else exchange.now) - exchange.now
    return _told(issue, _id_token(exchange, row, issue), max(left, 0))


# -- a YES on a phone --------------------------------------------------------------------------


def _fetch(asked: token.BackchannelRequest, exchange: _Exchange) -> Body:
    database, client, now = exchange.services.database, exchange.client, exchange.now
    auth_req_hash = clients.secret_hash(asked.auth_req_id)
    for _ in range(ATTEMPTS):
        with database.deciding() as connection:
            found = backchannel_statements.request(connection, auth_req_hash)
        decision = backchannel.decide(client.view, found.view if found else None, now=now)
        if isinstance(decision, token.Denied):
            raise exchange.refuse(decision, found)
        row = exchange.current(found)
        if isinstance(decision, backchannel.Wait):
            _note_question(exchange, row, decision)
            raise decision.error
        issue = exchange.issue(row.scope)
        signed = _id_token(exchange, row, issue)
        steps = _added(exchange, issue, row.grant_id, row.scope)
        if database.guarded(backchannel_statements.use(row.request_id, now=now), *steps):
            return _told(issue, signed, exchange.access_seconds)
    raise OAuthError("temporarily_unavailable", "Try again.")


def _note_question(
    exchange: _Exchange, row: backchannel_statements.BackchannelRow, wait: backchannel.Wait
) -> None:
    """Remember when the application asked; of hasty ones in one second it is written once."""
    if (row.view.polled_at, row.view.interval) == (exchange.now, wait.interval):
        return
    with exchange.services.database.writing() as connection:
        backchannel_statements.polled(
            connection, row.request_id, now=exchange.now, interval=wait.interval
        )


# -- client credentials ------------------------------------------------------------------------


def _act_alone(asked: token.MachineRequest, exchange: _Exchange) -> Body:
    services, client, now = exchange.services, exchange.client, exchange.now
    decision = token.decide_machine(asked, client.view)
    if isinstance(decision, token.Denied):
        raise exchange.refuse(decision, None)
    access_token = exchange.token(token.ACCESS_TOKEN_PREFIX)
    grant = services.clients.machine_grant(services, client, now=now)
    step = statements.add_machine_token(
        clients.secret_hash(access_token),
        grant_id=grant,
        revision=client.revision,
        now=now,
        expires_at=now + exchange.access_seconds,
    )
    if not services.database.guarded(step):
        services.clients.forget_grant(client)
        raise Stale
    return token.response(access_token=access_token, expires_in=exchange.access_seconds, scope="")
