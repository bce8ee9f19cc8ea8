"""Guide 6: an account whose hosted address vanished, and its temporary login ID."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from getting_back.test_forgotten_password import PHONE, texts
from hypothesis import given
from hypothesis import strategies as st

from hospes.identity.domain import temporary_logins
from hospes.identity.models import Account, MailLink, Session, TemporaryLogin
from hospes.identity.services.getting_back import orphans
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support.people import PASSWORD

ELSEWHERE = "anna@elsewhere.example"
NOWHERE = Origin(ip="", user_agent="")


@pytest.fixture
def owner(make_account, clock):
    return make_account(
        "anna@assoc.example",
        recovery_phone=PHONE,
        recovery_phone_verified_at=clock.now(),
        recovery_email=ELSEWHERE,
        recovery_email_verified_at=clock.now(),
    )


def orphan(account):
    return orphans.orphan_login(account, acting_account=None, origin=NOWHERE)


def enter(site, login, password=PASSWORD):
    site.get("/sign-in?add=1")
    return site.submit({"email": login, "password": password})


def test_the_whole_way(site, owner, mailbox, make_account):
    made = orphan(owner)
    assert re.fullmatch(r"AK\d{5}", made.login)
    [letter] = mailbox.to(ELSEWHERE)
    assert made.login in letter.text
    assert made.login in texts(mailbox)[0]
    assert mailbox.to("anna@assoc.example") == []

    assert enter(site, "anna@assoc.example").status_code == 422
    assert enter(site, made.login.lower()).status_code == 302
    assert site.get("/").headers["location"] == "/sign-in/new-address?next=%2F"
    assert site.get("/settings/profile").status_code == 302
    site.get("/sign-in/new-address")
    assert site.submit({"email": "anna@new.example"}).status_code == 302
    link = mailbox.to("anna@new.example")[0].links[0].removeprefix("https://hospes.test")
    site.get(link)
    site.submit({})

    owner.refresh_from_db()
    assert owner.email == "anna@new.example"
    assert owner.email_verified_at is not None
    assert TemporaryLogin.objects.get().used_at is not None
    assert site.get("/settings/profile").status_code == 200
    stranger = site.another_browser()
    assert enter(stranger, made.login).status_code == 422
    assert enter(stranger, "anna@new.example").status_code == 302
    # No link gives the vanished address its place back.
    assert not MailLink.objects.filter(purpose="email_change_cancel", used_at=None).exists()


def test_the_old_address_is_free_for_somebody_else(owner, make_account):
    orphan(owner)
    assert make_account("anna@assoc.example").pk != owner.pk


def test_the_stand_in_is_no_login(site, owner):
    made = orphan(owner)
    assert enter(site, temporary_logins.placeholder(made.login)).status_code == 422
    assert Session.objects.count() == 0


def test_a_wrong_password_and_a_run_out_id_open_nothing(site, owner, clock):
    made = orphan(owner)
    assert enter(site, made.login, "a wrong one altogether").status_code == 422
    clock.move(timedelta(days=31))
    assert enter(site, made.login).status_code == 422
    assert Session.objects.count() == 0


def test_links_that_went_to_the_vanished_address_end(site, owner, mailbox):
    site.get("/recover")
    site.submit({"email": owner.email, "way": "mail"})
    link = mailbox.to(owner.email)[0].links[0].removeprefix("https://hospes.test")
    orphan(owner)
    assert site.get(link).status_code == 410


def test_an_account_gets_one_at_a_time_and_a_deleted_one_none(owner, make_account):
    orphan(owner)
    with pytest.raises(Refused):
        orphan(Account.objects.get(pk=owner.pk))
    with pytest.raises(Refused):
        orphan(make_account(state="deleted"))
    assert TemporaryLogin.objects.count() == 1


def test_an_open_session_is_led_to_the_new_address(site, owner, sign_in):
    sign_in(site, owner)
    orphan(owner)
    assert site.get("/authorize?client_id=x").headers["location"].startswith("/sign-in/new-address")
    assert site.get("/sign-out").status_code == 200


@given(st.text(max_size=20), st.text(max_size=20), st.integers(1, temporary_logins.LARGEST))
def test_every_name_makes_a_login_that_is_read_as_it_is_told(first, last, number):
    login = temporary_logins.make(first, last, number)
    assert re.fullmatch(r"[A-Z]{2}\d{5}", login)
    assert temporary_logins.read(f" {login[:2].lower()} {login[2:]} ") == login
    assert temporary_logins.is_placeholder(temporary_logins.placeholder(login))


@pytest.mark.parametrize("typed", ["", "AN123", "A100123", "anna@assoc.example", "AN001234"])
def test_other_texts_are_no_login_ids(typed):
    assert temporary_logins.read(typed) == ""


def test_letters_lose_their_accents():
    assert temporary_logins.make("Élodie", "Öztürk", 7) == "EO00007"
    assert temporary_logins.make("", "李", 7) == "XX00007"
