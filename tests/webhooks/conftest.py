"""An organization with a webhook, and the server it leads to."""

from __future__ import annotations

import pytest

from hospes.kit.origin import Origin

ORIGIN = Origin(ip="192.0.2.77", user_agent="a browser")


@pytest.fixture
def receiver(tmp_path, monkeypatch):
    from webhooks.receiver import Receiver

    from hospes.api.gateways import webhooks as gateway

    with Receiver(tmp_path) as running:
        monkeypatch.setattr(gateway, "CLIENT", running.client())
        yield running


@pytest.fixture
def owner(make_account):
    return make_account(email="anna@customer.example")


@pytest.fixture
def organization(owner):
    from support.organizations import own

    return own(owner)


@pytest.fixture
def add(owner, organization):
    """Return a function that adds a webhook."""
    from webhooks.receiver import URL

    from hospes.api.domain.webhooks import Draft
    from hospes.api.services.webhooks import add_webhook

    def make(path="/hook", events=()):
        draft = Draft(URL.removesuffix("/hook") + path, "the shop", events)
        return add_webhook(draft, organization=organization, acting_account=owner, origin=ORIGIN)

    return make
