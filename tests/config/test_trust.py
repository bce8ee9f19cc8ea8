"""``hospes application``, as an operator runs it."""

from __future__ import annotations

import itertools

import pytest

from hospes.config.cli import main
from hospes.connect.domain.registration import Draft
from hospes.connect.models import Application
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.foundation.models import AuditEntry
from hospes.kit.origin import SYSTEM
from support.organizations import make_organization

_keys = itertools.count(1)


@pytest.fixture
def register(make_account):
    def registered(**values):
        account = make_account()
        return register_application(
            RegisterApplication(Draft(**values), f"form-key-of-trust-{next(_keys):04}"),
            organization=make_organization(account, "Haus AG"),
            acting_account=account,
            origin=SYSTEM,
        ).application

    return registered


def test_an_application_is_trusted_and_no_longer(register, capsys):
    application = register(type="other", name="Mail server")

    def trusted():
        return Application.objects.get(pk=application.pk).accepts_application_passwords

    assert not trusted()
    assert main(["application", "allow-passwords", application.client_id]) == 0
    assert trusted()
    assert "Mail server (Haus AG) may now ask" in capsys.readouterr().out
    assert main(["application", "allow-passwords", application.client_id]) == 1
    assert "It is so already." in capsys.readouterr().err
    assert main(["application", "forbid-passwords", application.client_id]) == 0
    assert not trusted()
    assert main(["application", "forbid-passwords", application.client_id]) == 1
    entries = AuditEntry.objects.filter(target=application.client_id).order_by("pk")
    assert [entry.action for entry in entries][-2:] == [
        "connect.passwords_allowed",
        "connect.passwords_forbidden",
    ]


def test_what_cannot_be_trusted_is_told(register, capsys):
    phone = register(type="mobile", name="App", redirect_uris=("com.example.app:/cb",))
    assert main(["application", "allow-passwords", phone.client_id]) == 1
    assert "has no secret" in capsys.readouterr().err
    assert main(["application", "allow-passwords", "nobody"]) == 1
    assert "There is no such application." in capsys.readouterr().err
    assert not Application.objects.get(pk=phone.pk).accepts_application_passwords
