"""Access tokens that are for certain resources, or that say something themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hospes.edge import resource_statements
from hospes.edge.signing import signer
from hospes.protocols.oauth import access_token, issuing, resources
from hospes.protocols.oauth.access_token import Content
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.issuing import Denied
from hospes.protocols.oauth.options import NONE

if TYPE_CHECKING:
    from hospes.edge.issuing import Exchange, Held, Issue
    from hospes.edge.services import Services
    from hospes.protocols.oauth.id_token import Authentication


def formed(exchange: Exchange, issue: Issue, row: Held) -> Issue:
    """Return the tokens as the request and the application want them.

    Raises:
        OAuthError: ``invalid_target``; what was granted stays as it is.

    """
    if exchange.client.view.options is NONE and not exchange.resources and not row.resources:
        return issue
    try:
        wanted = target(exchange, row.resources)
    except OAuthError as error:
        raise exchange.refuse(Denied(error), row) from None
    return spoken(exchange, replace(issue, resources=wanted), row.authentication)


def target(exchange: Exchange, granted: str) -> str:
    """Return the resources of a token, of those that were ``granted``.

    Raises:
        OAuthError: ``invalid_target``.

    """
    wanted = resources.narrowed(exchange.resources, granted)
    if exchange.resources and not granted:
        refuse_unknown(exchange.services, exchange.client.organization, exchange.resources)
    return wanted


def refuse_unknown(services: Services, organization: int, asked: tuple[str, ...]) -> None:
    """Let only resources pass that are there for the applications of ``organization``.

    Raises:
        OAuthError: ``invalid_target``.

    """
    with services.database.reading() as connection:
        known = resource_statements.registered(connection, organization)
    if resources.unknown(asked, issuer=services.issuer, registered=known):
        raise OAuthError("invalid_target", "There is no such resource for this application.")


def spoken(
    exchange: Exchange,
    issue: Issue,
    proof: Authentication | None,
    *,
    expires_at: int | None = None,
    actors: tuple[str, ...] = (),
    always: bool = False,
) -> Issue:
    """Return the tokens with one that says itself what it is, where the application wants that.

    ``actors`` act for the subject; ``always`` has the token speak whatever the application has. It
    is kept by its hash like all others, so that it ends like all others.
    """
    client = exchange.client.view
    if not always and client.options.access_token_format == NONE.access_token_format:
        return issue
    jti = issue.access_token.removeprefix(issuing.ACCESS_TOKEN_PREFIX)
    content = Content(
        client_id=client.client_id,
        jti=jti,
        scope=issue.scope,
        resources=issue.resources,
        bound_to=issue.bound_to,
        issued_at=issue.issued_at,
        expires_at=issue.issued_at + exchange.access_seconds if expires_at is None else expires_at,
        proof=proof,
        actors=actors,
    )
    claims = access_token.claims(content, issuer=exchange.services.issuer)
    signed = signer(exchange.services.keys, client.id_token_alg).sign(claims, access_token.TYPE)
    return replace(issue, access_token=signed, jti=jti)
