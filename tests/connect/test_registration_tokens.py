"""The page of tokens with which programs register applications; and who may."""

from __future__ import annotations

import pytest
from connect.test_managing import member
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.connect.models import Application, InitialAccessToken
from hospes.connect.services import initial_tokens
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import numbers as numbers_service
from hospes.kit.origin import SYSTEM

FILLED = {"name": "Installer", "uses": "5", "days": "30"}
PAGE = "/auth/applications/registration"


def create(site, **changes):
    site.get(f"{PAGE}/new")
    return site.submit({**FILLED, **changes}, button="Create token")


@pytest.fixture
def owners(site, owner, sign_in):
    sign_in(site, owner)
    return site


def test_an_empty_list_offers_to_create_one(owners):
    assert owners.get(PAGE).status_code == 200
    assert "No token yet" in owners.page.text
    assert owners.page.link("Create token").href == f"{PAGE}/new"
    assert "https://hospes.test/oauth2/register" in owners.page.text


def test_a_token_is_shown_once_and_listed(owners, owner):
    response = create(owners)
    assert response.status_code == 200
    assert "no-store" in response.headers["cache-control"]
    value = owners.page.all("span", class_="kept__value")[0].text
    kept = InitialAccessToken.objects.get()
    assert kept.token_hash == initial_tokens.hash_of(value)
    assert (kept.name, kept.uses_left, kept.created_by) == ("Installer", 5, owner)
    assert kept.expires_at - kept.created_at == 30 * 86_400
    owners.get(PAGE)
    assert value not in owners.page.html
    assert f"…{value[-4:]}" in owners.page.text
    entry = AuditEntry.objects.get(action="connect.initial_token_created")
    assert value not in str(entry.detail)


def test_the_same_form_makes_one_token(owners):
    owners.get(f"{PAGE}/new")
    again = {**FILLED, **owners.page.form(button="Create token").fields, "name": "Installer"}
    assert owners.post(f"{PAGE}/new", again).status_code == 200
    assert owners.post(f"{PAGE}/new", again).status_code == 302
    assert InitialAccessToken.objects.count() == 1


def test_all_faults_are_told_at_once(owners):
    response = create(owners, name=" ", uses="0")
    assert response.status_code == 422
    assert "Give the token a name." in owners.page.text
    assert "Enter a number from 1 to 1000." in owners.page.text
    for uses in ("1001", "-1", "ten", "٣", "1" * 19):
        assert create(owners, uses=uses).status_code == 422
    assert not InitialAccessToken.objects.exists()


def test_there_are_only_so_many(owners):
    numbers_service.change(
        "connect.registration_tokens_per_organization", 1, acting_account_id=None, origin=SYSTEM
    )
    assert create(owners).status_code == 200
    assert create(owners).status_code == 422
    assert "as it may have: 1." in owners.page.text
    InitialAccessToken.objects.update(uses_left=0)
    assert create(owners).status_code == 200


def test_revoking_asks_and_ends_it_at_once(owners):
    create(owners)
    kept = InitialAccessToken.objects.get()
    owners.get(f"{PAGE}/{kept.pk}/revoke")
    assert owners.submit(button="Revoke").status_code == 302
    kept.refresh_from_db()
    assert kept.revoked_at is not None
    owners.follow()
    assert "Revoked" in owners.page.text
    assert AuditEntry.objects.filter(action="connect.initial_token_revoked").count() == 1


def test_the_list_takes_the_same_queries_for_one_and_for_many(owners):
    create(owners)
    with CaptureQueriesContext(connection) as one:
        owners.get(PAGE)
    for _ in range(4):
        create(owners)
    with CaptureQueriesContext(connection) as many:
        owners.get(PAGE)
    assert len(one) == len(many)


@pytest.fixture
def programs(register):
    application = register().application
    Application.objects.update(
        origin="program", registration_token_hash=initial_tokens.hash_of("hsp_ra_x")
    )
    return application


def test_an_application_of_a_program_says_so_and_the_access_can_be_ended(owners, programs):
    owners.get("/auth/applications")
    assert "Registered by a program" in owners.page.text
    owners.get(f"/auth/applications/{programs.client_id}")
    owners.click("End the program's access")
    assert owners.submit(button="End the access").status_code == 302
    programs.refresh_from_db()
    assert programs.registration_token_hash == ""
    assert owners.get(f"/auth/applications/{programs.client_id}/program/end").status_code == 404
    assert AuditEntry.objects.filter(action="connect.program_ended").count() == 1


@pytest.fixture
def another(site, owner, make_account, sign_in):
    """Return a function that gives a browser of a member with that role, or of a stranger."""

    def made(role):
        found = site.another_browser()
        sign_in(found, member(make_account, owner, role) if role else make_account())
        return found

    return made


@pytest.mark.parametrize(
    ("role", "status"),
    [("normal", 403), ("client", 403), (None, 404)],
)
def test_nobody_else_may(owners, programs, another, role, status):
    create(owners)
    kept = InitialAccessToken.objects.get()
    other = another(role)
    before = list(InitialAccessToken.objects.values()), list(Application.objects.values())
    pages = [
        (f"{PAGE}/{kept.pk}/revoke", {}, status),
        (f"/auth/applications/{programs.client_id}/program/end", {}, status),
    ]
    if role:
        pages.append((f"{PAGE}/new", {**FILLED, "form_key": "k" * 43}, status))
    for path, fields, expected in pages:
        assert other.get(path).status_code == expected
        assert other.post(path, fields).status_code == expected
    assert other.get(PAGE).status_code == (403 if role else 200)
    assert kept.hint not in other.page.text
    assert before == (list(InitialAccessToken.objects.values()), list(Application.objects.values()))
