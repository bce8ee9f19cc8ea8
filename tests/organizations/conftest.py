from __future__ import annotations

import pytest
from django.test import RequestFactory


@pytest.fixture
def rf_request():
    """Return a function that makes a request of an account (None: a visitor)."""

    def make(account):
        request = RequestFactory().get("/")
        request.account = account
        request.sign_in = None
        return request

    return make
