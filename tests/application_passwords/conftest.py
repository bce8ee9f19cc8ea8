"""Somebody with application passwords, and a server program that is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.connect.models import Application
    from hospes.identity.models import Account


@dataclass
class MailServer:
    """An application that asks as a mail server does."""

    site: Any
    application: Application
    secret: str

    def ask(self, typed: str) -> dict[str, Any]:
        """Return the answer to whether ``typed`` is right."""
        answer = self.site.client.post(
            "/oauth2/introspect",
            data={"token": typed},
            auth=(self.application.client_id, self.secret),
        )
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def admits(self, typed: str) -> bool:
        """Return whether the person is let in."""
        return bool(self.ask(typed)["active"])


@pytest.fixture
def anna(make_account: Callable[..., Account]) -> Account:
    return make_account("anna@customer.example")


@pytest.fixture
def bruno(make_account: Callable[..., Account]) -> Account:
    return make_account("bruno@customer.example", first_name="Bruno", last_name="Rey")


@pytest.fixture
def signed_in(site: Any, anna: Account, sign_in: Callable[..., Any]) -> Any:
    """Return a browser with Anna signed in."""
    sign_in(site, anna)
    return site


@pytest.fixture
def make() -> Callable[..., str]:
    """Return a function that makes a password for an account and returns it as shown."""
    from hospes.identity.services.application_passwords import CreateApplicationPassword, create
    from hospes.kit.origin import SYSTEM

    def made(account: Account, name: str = "Mail on my phone") -> str:
        command = CreateApplicationPassword(name)
        return create(command, acting_account=account, origin=SYSTEM).value

    return made


@pytest.fixture
def server(site: Any, make_account: Callable[..., Account]) -> Callable[..., MailServer]:
    """Return a function that registers an application, trusted or not."""
    from hospes.connect.domain.registration import Draft
    from hospes.connect.services.applications import RegisterApplication, register_application
    from hospes.connect.services.password_trust import allow_passwords
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.queries import organizations_of

    def registered(name: str = "Mail server", *, trusted: bool = True) -> MailServer:
        operator = make_account()
        made = register_application(
            RegisterApplication(Draft(type="other", name=name), f"form-key-for-{operator.pk:020}"),
            organization=organizations_of(operator).get(),
            acting_account=operator,
            origin=SYSTEM,
        )
        if trusted:
            allow_passwords(made.application.client_id, origin=SYSTEM)
        return MailServer(site.another_browser(), made.application, made.secret)

    return registered


@pytest.fixture
def number() -> Callable[[str, int], None]:
    """Return a function that gives one of the product's numbers another value."""
    from hospes.foundation.services import numbers
    from hospes.kit.origin import SYSTEM

    def change(key: str, value: int) -> None:
        numbers.change(key, value, acting_account_id=1, origin=SYSTEM)

    return change
