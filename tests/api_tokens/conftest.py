from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.identity.models import Account


@pytest.fixture
def anna(make_account: Callable[..., Account]) -> Account:
    return make_account("anna@customer.example", first_name="Anna", last_name="Keller")


@pytest.fixture
def bruno(make_account: Callable[..., Account]) -> Account:
    return make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")


@pytest.fixture
def signed_in(site: Any, anna: Account, sign_in: Callable[..., Any]) -> Any:
    """Return a browser with Anna signed in."""
    sign_in(site, anna)
    return site
