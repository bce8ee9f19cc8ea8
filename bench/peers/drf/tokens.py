"""Whose token it is, whether it holds, what it is for and how often it may ask."""

from __future__ import annotations

import hashlib
import ipaddress
import time
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from rest_framework import exceptions  # type: ignore[import-not-found,unused-ignore]
from rest_framework.authentication import (  # type: ignore[import-not-found,unused-ignore]
    BaseAuthentication,
    get_authorization_header,
)
from rest_framework.permissions import (  # type: ignore[import-not-found,unused-ignore]
    BasePermission,
)
from rest_framework.throttling import (  # type: ignore[import-not-found,unused-ignore]
    SimpleRateThrottle,
)

from bench.peers.drf.models import ApiToken, Membership

if TYPE_CHECKING:
    from bench.peers.drf.models import Account

KEYWORD = b"bearer"
UNUSED_SECONDS = 365 * 86_400
# A use is written down at most so often.
USE_SECONDS = 60


class TokenAuthentication(BaseAuthentication):  # type: ignore[misc,unused-ignore]
    """Looks a token up by its SHA-256."""

    def authenticate(self, request: Any) -> tuple[Account, ApiToken] | None:
        """Return the account and its token; None where the request carries none."""
        words = get_authorization_header(request).split()
        if len(words) != 2 or words[0].lower() != KEYWORD:  # noqa: PLR2004 - scheme and value
            return None
        now, address = int(time.time()), request.META.get("REMOTE_ADDR", "")
        token_hash = hashlib.sha256(words[1]).hexdigest()
        token = ApiToken.objects.select_related("account").filter(token_hash=token_hash).first()
        if token is None or token.account.state != "active" or not _holds(token, now):
            raise exceptions.AuthenticationFailed
        if token.networks and not _admits(token.networks, address):
            raise exceptions.PermissionDenied
        _note_use(token, now, address)
        if (
            token.organization_id is not None
            and not Membership.objects.filter(
                organization_id=token.organization_id, account_id=token.account_id
            ).exists()
        ):
            raise exceptions.PermissionDenied
        return token.account, token

    def authenticate_header(self, _request: Any) -> str:
        """Return what a 401 asks for."""
        return "Bearer"


def _holds(token: ApiToken, now: int) -> bool:
    ended = token.revoked_at is not None or token.deactivated_at is not None
    expired = token.expires_at is not None and token.expires_at <= now
    silent = (token.last_used_at or token.created_at) + UNUSED_SECONDS <= now
    return not (ended or expired or silent)


def _admits(networks: str, address: str) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in ipaddress.ip_network(network) for network in networks.split())


def _note_use(token: ApiToken, now: int, address: str) -> None:
    before = now - USE_SECONDS
    if token.last_used_at is None or token.last_used_at <= before:
        ApiToken.objects.filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lte=before),
            pk=token.pk,
            deactivated_at__isnull=True,
            revoked_at__isnull=True,
        ).update(last_used_at=now, last_used_ip=address, warned_at=None)


class ReadsProducts(BasePermission):  # type: ignore[misc,unused-ignore]
    """Lets in tokens of the scope ``products:read``."""

    def has_permission(self, request: Any, _view: Any) -> bool:
        """Return whether the token has it."""
        return request.auth is not None and "products:read" in request.auth.scope.split()


class TokenThrottle(SimpleRateThrottle):  # type: ignore[misc,unused-ignore]
    """So many requests in any span of so long, for each token."""

    scope = "token"

    def get_cache_key(self, request: Any, _view: Any) -> str | None:
        """Return what is counted."""
        return None if request.auth is None else f"throttle_token_{request.auth.pk}"
