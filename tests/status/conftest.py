from __future__ import annotations

import pytest


@pytest.fixture
def staff(site, make_account, sign_in):
    """Return a member of the staff who is signed in on ``site``, with a token at hand."""
    account = make_account("robin@provider.example", first_name="Robin", is_staff=True)
    sign_in(site, account)
    site.get("/")
    return account


@pytest.fixture
def customer(site, make_account, sign_in):
    """Return a customer who is signed in on ``site``."""
    account = make_account("anna@customer.example")
    sign_in(site, account)
    site.get("/")
    return account


@pytest.fixture
def queries_of():
    """Return a function that counts the database queries of opening a page."""

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(site, url):
        with CaptureQueriesContext(connection) as asked:
            assert site.get(url).status_code == 200
        return len(asked)

    return count
