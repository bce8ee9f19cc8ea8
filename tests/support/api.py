"""A client of the REST API within this process, with or without the token gate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from support.run import BASE_URL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hospes.identity.models import Account


class Api:
    """Calls the API as ``account`` with a token of these ``scopes``; nothing goes over a socket.

    The principal is put where the token gate puts it, so that endpoints can be tried without
    making tokens. ``account=None`` calls without one.
    """

    def __init__(
        self,
        account: Account | None,
        *scopes: str,
        organization_id: int | None = None,
        product_ids: Iterable[int] | None = None,
        token_id: int = 1,
    ) -> None:
        from hospes.config.wsgi import django_application
        from hospes.kit.principal import ENVIRON, Principal

        principal = account and Principal(
            token_id=token_id,
            account_id=account.pk,
            scopes=frozenset(scopes),
            organization_id=organization_id,
            product_ids=None if product_ids is None else frozenset(product_ids),
        )

        def application(environ: dict[str, Any], start_response: Any) -> Any:
            if principal is not None:
                environ[ENVIRON] = principal
            return django_application(environ, start_response)

        transport = httpx.WSGITransport(app=application, remote_addr="192.0.2.10")
        self.client = httpx.Client(transport=transport, base_url=f"{BASE_URL}/api")

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send one request; ``path`` is below ``/api``: ``/1/countries``."""
        return self.client.request(method, f"{BASE_URL}/api{path}", **options)

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Read; ``params`` are the query's words."""
        return self.request("GET", path, params=params or None)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Create."""
        return self.request("POST", path, json={} if json is None else json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Change."""
        return self.request("PATCH", path, json={} if json is None else json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Replace."""
        return self.request("PUT", path, json={} if json is None else json, **options)

    def delete(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Delete."""
        return self.request("DELETE", path, json=json, **options)


def data(response: httpx.Response) -> Any:
    """Return what a successful answer holds."""
    told = response.json()
    assert told["result"] == "success", told
    return told["data"]


def error(response: httpx.Response) -> tuple[int, str]:
    """Return a refusal's status and code."""
    told = response.json()
    assert told["result"] == "error", told
    return response.status_code, told["error"]["code"]


def faults(response: httpx.Response) -> set[tuple[str, str]]:
    """Return the attribute and the code of every fault of a refusal."""
    errors = response.json()["error"].get("errors", [])
    return {(each["context"]["attribute"], each["code"]) for each in errors}
