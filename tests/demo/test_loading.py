from __future__ import annotations

import dataclasses
import json
import stat

import pytest
from django.conf import settings
from django.test import override_settings

from hospes.connect import queries
from hospes.connect.models import Application, ClientSecret, Consent
from hospes.connect.services.applications import hash_of
from hospes.demo import credentials, services
from hospes.demo.people import PASSWORD, PEOPLE
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account
from hospes.organizations.models import Membership, Organization


@pytest.fixture
def demo(tmp_path):
    values = dataclasses.replace(settings.HOSPES, demo=True, data_dir=tmp_path)
    with override_settings(HOSPES=values):
        yield tmp_path


def rows():
    return {
        model.__name__: model.objects.count()
        for model in (
            Account, Organization, Membership, Application, ClientSecret, Consent, AuditEntry,
        )
    }  # fmt: skip


def test_everybody_can_sign_in_with_what_is_printed(demo, site):
    for person in services.load():
        browser = site.another_browser()
        browser.get("/sign-in")
        browser.submit({"email": person.email, "password": person.password}, follow=True)

        assert browser.get("/settings/profile").status_code == 200, person
        assert person.email in str(person)
        assert PASSWORD in str(person)


def test_every_language_and_one_member_of_the_staff_are_there(demo):
    services.load()

    assert set(Account.objects.values_list("locale", flat=True)) == {"en", "fr", "de", "it", "es"}
    assert Account.objects.filter(is_staff=True).count() == 1
    assert Organization.objects.count() == len(PEOPLE)


def test_each_sign_in_names_the_language_and_a_customer_reads_english(demo):
    printed = {line.email: str(line) for line in services.load()}

    languages = {"en": "English", "fr": "French", "de": "German", "it": "Italian", "es": "Spanish"}
    for account in Account.objects.all():
        assert printed[account.email].endswith(f", in {languages[account.locale]}")
    assert Account.objects.filter(locale="en", is_staff=False).exists()


def test_a_demo_made_before_somebody_came_tells_nothing_of_them(demo):
    services.load()
    late = Account.objects.get(email="nora@whitfield-books.example")
    late.delete()

    told = {line.email for line in services.load()}
    assert told == {person.email for person in PEOPLE} - {late.email}


def test_loading_again_changes_nothing(demo):
    first = services.load()
    before, secret = rows(), credentials.read(demo)

    assert services.load() == first
    assert rows() == before
    assert credentials.read(demo) == secret


def test_the_demo_clients_secret_is_in_a_private_file_and_hashed_in_the_database(demo):
    services.load()

    file = demo / credentials.FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known = credentials.read(demo)
    application = Application.objects.get(client_id=known.client_id)
    working = queries.working_secrets(application).values_list("secret_hash", flat=True)
    assert list(working) == [hash_of(known.client_secret)]
    assert not [path for path in demo.iterdir() if path.name.startswith(".")]


def test_the_demo_client_answers_on_the_next_port(demo):
    with override_settings(
        HOSPES=dataclasses.replace(settings.HOSPES, base_url="http://127.0.0.1:9400")
    ):
        services.load()

        assert services.client_url() == "http://127.0.0.1:9401"
    application = Application.objects.get(client_id=credentials.read(demo).client_id)
    uris = set(application.redirect_uris.values_list("use", "uri"))
    assert ("sign_in", "http://127.0.0.1:9401/callback") in uris


def test_a_lost_file_is_written_again_with_a_new_secret(demo):
    services.load()
    before = credentials.read(demo)
    (demo / credentials.FILE_NAME).write_text("{broken")

    services.load()

    after = credentials.read(demo)
    assert after.client_id == before.client_id
    assert after.client_secret != before.client_secret


def test_deleted_applications_do_not_come_in_the_way(demo):
    services.load()
    Application.objects.all().delete()

    services.load()

    assert Application.objects.filter(client_id=credentials.read(demo).client_id).exists()


def test_a_person_whom_somebody_deleted_does_not_come_back(demo):
    services.load()
    Account.objects.get(email="mateo@barcode.example").delete()

    services.load()

    assert not Account.objects.filter(email="mateo@barcode.example").exists()


def test_an_installation_that_is_no_demo_gets_nothing(tmp_path):
    with (
        override_settings(HOSPES=dataclasses.replace(settings.HOSPES, data_dir=tmp_path)),
        pytest.raises(services.NotADemo),
    ):
        services.load()

    assert not Account.objects.exists()
    assert not list(tmp_path.iterdir())


def test_an_installation_with_accounts_of_its_own_gets_nothing(demo, make_account):
    make_account("anna@customer.example")
    before = rows()

    with pytest.raises(services.NotADemo):
        services.load()

    assert rows() == before
    assert not list(demo.iterdir())


def test_people_may_sign_up_on_a_loaded_demo(demo, make_account):
    services.load()
    make_account("anna@customer.example")

    services.load()

    assert Account.objects.count() == len(PEOPLE) + 1


@pytest.mark.parametrize("content", ["", "[]", "{}", json.dumps({"client_id": "x"}), "null"])
def test_an_unusable_file_counts_as_none(tmp_path, content):
    (tmp_path / credentials.FILE_NAME).write_text(content)

    assert credentials.read(tmp_path) is None
    assert credentials.read(tmp_path / "nowhere") is None


def test_everything_in_the_demo_is_made_up(demo):
    services.load()

    domains = {
        email.rpartition("@")[2] for email in Account.objects.values_list("email", flat=True)
    }
    assert all(domain.endswith(".example") for domain in domains)
