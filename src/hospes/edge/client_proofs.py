"""Applications that prove themselves with a key of theirs, not with a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hospes.protocols.oauth import assertions, certificates, clients, discovery
from hospes.protocols.oauth.errors import Unproved

if TYPE_CHECKING:
    from hospes.edge.known_clients import KnownClient
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.clients import ClientView, Credentials

# The rule's name under which a ``jti`` is counted, once.
JTI = "connect.assertion"


@dataclass(slots=True)
class Attempt:
    """One request's try to prove who sends it.

    It may be looked at again with the application loaded anew; its ``jti`` is used up once.
    """

    services: Services
    credentials: Credentials
    request: HotRequest
    now: int
    used: bool = False

    def by(self, known: KnownClient | None) -> ClientView:
        """Return the application, if the request proves to be its own.

        Raises:
            OAuthError: ``invalid_client``; as ``Unproved`` with the reason for its owner.

        """
        by_certificate = (
            known is not None
            and known.view.options.token_endpoint_auth_method in certificates.METHODS
        )
        if known is None or not (self.credentials.assertion or by_certificate):
            return clients.authenticate(self.credentials, known.view if known else None)
        client = known.view
        clients.refuse_other_method(self.credentials, client)
        if by_certificate:
            self._check_certificate(client)
        else:
            self._check_assertion(client, key=known.key)
        return client

    def _check_certificate(self, client: ClientView) -> None:
        services = self.services
        if services.mtls is None:
            raise Unproved("This installation takes no certificates.")
        certificates.check(
            self.request.certificate,
            client,
            lambda kid: services.client_keys(client, kid),
            trusted=services.mtls.trusted,
            now=self.now,
        )

    def _check_assertion(self, client: ClientView, *, key: int) -> None:
        services, number = self.services, self.services.number
        path = self.request.path
        rules = assertions.Rules(
            audiences=(
                services.issuer,
                *services.names_of(discovery.PATHS["token_endpoint"]),
                # RFC 9126 §2, CIBA §7.1: the endpoint itself will do as well.
                *services.names_of(path),
            ),
            skew=number("connect.clock_skew_seconds"),
            longest=number("connect.assertion_seconds"),
        )
        jti = assertions.check(
            self.credentials.assertion,
            client,
            lambda kid: services.client_keys(client, kid),
            rules=rules,
            now=self.now,
        )
        if self.used:
            return
        name = f"{key}:{clients.secret_hash(jti)}"
        if services.hit(JTI, name, 1, rules.remembered).retry_after:
            raise Unproved("The client assertion has been used already.")
        self.used = True
