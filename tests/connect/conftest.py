"""A customer with an application, and a browser in which somebody is signed in."""

from __future__ import annotations

import itertools

import pytest

from support.authorizing import CALLBACK

_keys = itertools.count(1)


@pytest.fixture
def owner(make_account):
    return make_account("owner@shop.example", first_name="Olga", last_name="Owner")


@pytest.fixture
def register(owner):
    """Return a function that registers an application of ``owner``'s organization."""
    from hospes.connect.domain.registration import Draft
    from hospes.connect.services.applications import RegisterApplication, register_application
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.queries import organizations_of

    def made(account=None, **values):
        account = account or owner
        given = {"type": "web", "name": "Flower shop", "redirect_uris": (CALLBACK,), **values}
        return register_application(
            RegisterApplication(Draft(**given), f"form-key-number-{next(_keys):08}"),
            organization=organizations_of(account).get(),
            acting_account=account,
            origin=SYSTEM,
        )

    return made


@pytest.fixture
def application(register):
    return register().application


@pytest.fixture
def anna(make_account, site, sign_in):
    """Return a customer who is signed in on ``site``."""
    account = make_account("anna@customer.example")
    sign_in(site, account)
    return account


@pytest.fixture
def payer(make_account):
    """Return a customer without a browser: what there is of her is a phone."""
    return make_account("anna@customer.example", first_name="Anna", last_name="Meier")


@pytest.fixture
def phone(payer):
    from support.phones import give_phone

    return give_phone(payer)


@pytest.fixture
def till(register):
    """Return the software of an application that may have people asked on their phones."""
    from connect.till import Till

    return Till(register(backchannel_mode="poll"))


@pytest.fixture
def allowed(payer, till):
    """Let the customer have allowed the application something before, in a browser."""
    from connect.till import consent

    return consent(payer, till.application)
