"""API tokens for tests, and a client that sends them over the whole WSGI stack."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from hospes.foundation import clock
from hospes.kit import api_tokens
from support.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

    from hospes.identity.models import Account
    from hospes.organizations.models import Organization, Product

EVERY_SCOPE = (
    "accounts:read", "accounts:write", "products:read", "products:write", "profile:read",
    "profile:write",
)  # fmt: skip


def make_token(
    account: Account,
    scopes: Iterable[str] = EVERY_SCOPE,
    organization: Organization | None = None,
    products: Iterable[Product] | None = None,
    **values: Any,
) -> str:
    """Make a living token without the page, and return it. ``values`` are columns of its row."""
    from hospes.api.models import ApiToken

    token = api_tokens.make(secrets.token_bytes(api_tokens.RANDOM_BYTES))
    row = ApiToken.objects.create(
        account=account,
        token_hash=api_tokens.hash_of(token),
        hint=token[-4:],
        scope=" ".join(sorted(scopes)),
        organization=organization,
        only_products=products is not None,
        **{"name": "A test's", "created_at": clock.timestamp(), **values},
    )
    row.products.set(products or ())
    return token


def row_of(token: str) -> Any:
    """Return the row of a token as it is now."""
    from hospes.api.models import ApiToken

    return ApiToken.objects.get(token_hash=api_tokens.hash_of(token))


class Program:
    """A program with a token; paths are as published: ``/1/ping``, ``/profile``."""

    def __init__(self, site: Site | str = "", token: str = "", *, ip: str = "192.0.2.10") -> None:
        if isinstance(site, str):
            token, site = site or token, Site(ip=ip, user_agent="a-program/1.0")
        self.site = site
        self.token = token

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; ``json=``, ``params=``, ``headers=`` as httpx takes them."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers.update(options.pop("headers", {}))
        return self.site.client.request(method, f"/api{path}", headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return self.request("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Create."""
        return self.request("POST", path, json={} if json is None else json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Replace."""
        return self.request("PUT", path, json={} if json is None else json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Change in part."""
        return self.request("PATCH", path, json={} if json is None else json, **options)

    def delete(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Delete."""
        return self.request("DELETE", path, json={} if json is None else json, **options)
