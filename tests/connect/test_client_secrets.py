"""Replacing a secret: every promise of time is kept, and the owner may end an old one early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from connect.till import Machine

from hospes.connect import queries
from hospes.connect.models import ClientSecret
from hospes.connect.services.client_secrets import ReplaceSecret, replace_secret
from hospes.connect.services.purge import purge
from hospes.foundation.models import AuditEntry
from hospes.kit.origin import SYSTEM
from support.racing import race


@pytest.fixture
def machine(register):
    return Machine(register(type="other", name="Nightly job", redirect_uris=()))


@pytest.fixture
def owners(site, owner, sign_in, machine):
    """Return the owner's browser."""
    sign_in(site, owner)
    return site


def page_of(machine, part=""):
    return f"/auth/applications/{machine.application.client_id}{part}"


def replaced(owners, machine, old="keep"):
    """Replace the secret through the form and return the new one, as the page shows it."""
    owners.get(page_of(machine, "/secret"))
    assert owners.submit({"old": old}).status_code == 200
    return owners.page.all("span", class_="kept__value")[1].text


def works(machine, secret):
    return machine.token(secret).status_code == 200


def ending(owners, machine, hint):
    """Return where the application's page leads for ending that secret."""
    owners.get(page_of(machine))
    pk = ClientSecret.objects.get(hint=hint).pk
    return page_of(machine, f"/secret/{pk}/end")


def test_a_second_replacement_keeps_what_the_first_promised(owners, owner, machine, clock, sign_in):
    first = machine.secret
    second = replaced(owners, machine)
    clock.move(timedelta(hours=10))
    sign_in(owners, owner)
    third = replaced(owners, machine)
    assert [works(machine, each) for each in (first, second, third)] == [True, True, True]
    clock.move(timedelta(hours=15))
    assert [works(machine, each) for each in (first, second, third)] == [False, True, True]
    clock.move(timedelta(hours=10))
    assert [works(machine, each) for each in (first, second, third)] == [False, False, True]


def test_the_page_of_a_new_secret_says_until_when_the_old_one_works(owners, machine):
    hint = machine.secret[-4:]
    replaced(owners, machine)
    assert f"The old secret …{hint} works until" in owners.page.text
    replaced(owners, machine, "end")
    assert "works until" not in owners.page.text
    assert "No other secret works any longer." in owners.page.text


def test_beyond_three_the_form_names_the_secret_that_ends(owners, machine):
    first = machine.secret
    second, third = replaced(owners, machine), replaced(owners, machine)
    owners.get(page_of(machine, "/secret"))
    assert f"the old secret …{first[-4:]} ends at once" in owners.page.text
    assert second[-4:] not in owners.page.text
    fourth = replaced(owners, machine)
    answers = [works(machine, each) for each in (first, second, third, fourth)]
    assert answers == [False, True, True, True]
    entry = AuditEntry.objects.filter(action="connect.secret_replaced").latest("pk")
    assert entry.detail["ended_early"] == [first[-4:]]


def test_a_replacement_without_overlap_ends_every_secret_so_far(owners, machine):
    first, second = machine.secret, replaced(owners, machine)
    owners.get(page_of(machine, "/secret"))
    assert "they all end at once" in owners.page.text
    third = replaced(owners, machine, "end")
    assert [works(machine, each) for each in (first, second, third)] == [False, False, True]


def test_the_owner_ends_an_old_secret_in_its_overlap(owners, machine):
    first, second = machine.secret, replaced(owners, machine)
    address = ending(owners, machine, first[-4:])
    owners.click("End now")
    assert f"End the old secret …{first[-4:]} now?" in owners.page.text
    assert works(machine, first)
    owners.submit({}, action="/end", follow=True)
    assert f"The secret …{first[-4:]} has ended." in owners.page.text
    assert [works(machine, each) for each in (first, second)] == [False, True]
    assert AuditEntry.objects.get(action="connect.secret_ended").detail["hint"] == first[-4:]
    assert owners.get(address).status_code == 404


def test_the_secret_in_use_is_not_ended_by_this(owners, machine):
    address = ending(owners, machine, machine.secret[-4:])
    assert "End now" not in owners.page.text
    assert owners.get(address).status_code == 404
    owners.get(page_of(machine, "/secret"))  # a page with a form, for its token
    assert owners.post(address).status_code == 404
    assert owners.get(page_of(machine, f"/secret/{'9' * 40}/end")).status_code == 404
    assert works(machine, machine.secret)


def test_who_may_not_manage_ends_no_secret(owners, machine, make_account, sign_in):
    first = machine.secret
    replaced(owners, machine)
    address = ending(owners, machine, first[-4:])
    stranger = owners.another_browser()
    sign_in(stranger, make_account("stranger@example.net"))
    assert stranger.get(address).status_code == 404
    stranger.get("/auth/applications/new")  # a page with a form, for its token
    assert stranger.post(address).status_code == 404
    assert works(machine, first)


def test_ending_asks_for_the_password_after_a_while(owners, machine, clock):
    first = machine.secret
    replaced(owners, machine)
    address = ending(owners, machine, first[-4:])
    clock.move(timedelta(minutes=16))
    assert owners.get(address).status_code == 302
    assert owners.location.startswith("/sign-in/confirm?next=")
    owners.post(address)
    assert works(machine, first)


def test_an_ended_secret_is_forgotten_with_the_log(owners, machine, clock):
    replaced(owners, machine, "end")
    assert ClientSecret.objects.count() == 2
    clock.move(timedelta(days=89))
    purge()
    assert ClientSecret.objects.count() == 2
    clock.move(timedelta(days=2))
    purge()
    assert ClientSecret.objects.get().expires_at is None


def test_replacements_at_once_leave_one_secret_in_use_and_three_working(owner, machine):
    def replace(number):
        command = ReplaceSecret(
            machine.application, keep_old=True, form_key=f"racing-form-number-{number:04}"
        )
        return replace_secret(command, acting_account=owner, origin=SYSTEM)

    secrets = race(replace)
    assert all(isinstance(each, str) for each in secrets), secrets
    working = queries.working_secrets(machine.application)
    assert working.count() == 3
    assert working.filter(expires_at__isnull=True).count() == 1
    assert sum(works(machine, each) for each in secrets) == 3
