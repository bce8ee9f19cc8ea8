"""Keys that tokens are bound to: shown where one is given, and where one is used.

By a proof in the header ``DPoP`` (RFC 9449), or by the certificate of the connection (RFC 8705).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.protocols.oauth import bearer, clients, dpop, profiles
from hospes.protocols.oauth.errors import BearerRefusal, OAuthError
from hospes.protocols.oauth.issuing import JKT, X5T

if TYPE_CHECKING:
    from hospes.edge.http import Headers
    from hospes.edge.requests import HotRequest
    from hospes.edge.services import Services
    from hospes.protocols.oauth.bearer import Presented
    from hospes.protocols.oauth.clients import ClientView
    from hospes.protocols.oauth.dpop import Proof

# The rule's name under which a ``jti`` is counted, once.
JTI = "connect.dpop_proof"


@dataclass(slots=True)
class Possession:
    """What one request proves to have.

    It may be looked at again with the application loaded anew; a ``jti`` is used up once.
    """

    services: Services
    request: HotRequest
    now: int
    access_token: str = field(default="", repr=False)
    _proof: Proof | None = None

    def given_to(self, client: ClientView) -> str:
        """Return what the tokens are bound to that ``client`` gets, "" for bearer tokens.

        Raises:
            OAuthError: the proof is wrong, or the application has to send one.

        """
        wanted = client.options
        if self.request.dpop:
            return self.proved(client).bound_to
        certificate = self.request.certificate_thumbprint
        strict = profiles.of(wanted).bound_tokens
        if certificate and (strict or wanted.tls_client_certificate_bound_access_tokens):
            return X5T + certificate
        if strict or wanted.dpop_bound_access_tokens:
            raise OAuthError(
                "invalid_dpop_proof", "Tokens of this application are bound to a key: send DPoP."
            )
        if wanted.tls_client_certificate_bound_access_tokens:
            raise OAuthError(
                "invalid_request", "Tokens of this application are bound to its certificate."
            )
        return ""

    def of_request(self, client: ClientView, dpop_jkt: str) -> str:
        """Return what the code of a pushed request is bound to (RFC 9449 §10.1), "" for nothing.

        ``dpop_jkt`` is the key that the request names, "" for none.

        Raises:
            OAuthError: the proof is wrong, or is another key's.

        """
        if not self.request.dpop:
            return JKT + dpop_jkt if dpop_jkt else ""
        proof = self.proved(client)
        if dpop_jkt not in {"", proof.thumbprint}:
            raise dpop.refused("dpop_jkt names another key")
        return proof.bound_to

    def proved(self, client: ClientView) -> Proof:
        """Return the request's proof, which is good once.

        Raises:
            OAuthError: ``invalid_dpop_proof`` or ``use_dpop_nonce``.

        """
        if self._proof is None:
            services = self.services
            rules = dpop.Rules(
                seconds=services.number("connect.dpop_proof_seconds"),
                skew=services.number("connect.clock_skew_seconds"),
            )
            proof = dpop.check(
                self.request.dpop,
                method=self.request.method,
                urls=services.names_of(self.request.path),
                rules=rules,
                now=self.now,
                access_token=self.access_token,
            )
            self._check_nonce(proof, client)
            name = f"{proof.thumbprint}:{clients.secret_hash(proof.jti)}"
            if services.hit(JTI, name, 1, rules.remembered).retry_after:
                raise dpop.refused("it has been used already")
            self._proof = proof
        return self._proof

    def _check_nonce(self, proof: Proof, client: ClientView) -> None:
        demanded = self._nonces_demanded_of(client)
        if not proof.nonce and not demanded:
            return
        if not dpop.is_fresh(
            proof.nonce, self.services.nonce_key, now=self.now, seconds=self._nonce_seconds
        ):
            raise dpop.wants_nonce(self._nonce())

    def _nonces_demanded_of(self, client: ClientView) -> bool:
        always = self.services.number("connect.dpop_nonces_always") == 1
        return always or profiles.of(client.options).nonces

    @property
    def _nonce_seconds(self) -> int:
        return self.services.number("connect.dpop_nonce_seconds")

    def _nonce(self) -> str:
        return dpop.nonce(self.services.nonce_key, now=self.now, seconds=self._nonce_seconds)

    @property
    def headers(self) -> Headers:
        """Return what a good answer tells besides: the next nonce, to whoever uses them."""
        if self._proof is None or not self._proof.nonce:
            return ()
        fresh = self._nonce()
        return () if fresh == self._proof.nonce else (("DPoP-Nonce", fresh),)


def held(
    services: Services,
    request: HotRequest,
    presented: Presented,
    bound_to: str,
    client_id: str,
    *,
    now: int,
) -> Headers:
    """Let a request pass that proves to have the key its token is bound to (RFC 9449 §7).

    ``client_id`` is the application that the token was given to. Return what the answer tells
    besides.

    Raises:
        BearerRefusal: it does not, or the token came under the other scheme.

    """
    if presented.dpop is not bound_to.startswith(JKT):
        # As a bearer token it would be worth the same to a thief.
        raise bearer.invalid()
    if not presented.dpop:
        if bound_to != X5T + request.certificate_thumbprint:
            raise bearer.invalid()
        return ()
    if not request.dpop:
        raise BearerRefusal("invalid_dpop_proof", "The request has no DPoP proof.")
    client = services.clients.kept(client_id, now=now) or services.clients.load(
        services, client_id, now=now
    )
    if client is None:
        raise bearer.invalid()
    possession = Possession(services, request, now, presented.token)
    try:
        proof = possession.proved(client.view)
    except OAuthError as error:
        raise BearerRefusal(error.code, error.description, headers=error.headers) from None
    if proof.bound_to != bound_to:
        raise bearer.invalid()
    return possession.headers
