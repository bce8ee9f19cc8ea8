from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, Session, SignUp

EMAIL = "ben@customer.example"
PASSWORD = "seven quiet herons on the weir"
FORM = {"first_name": "Ben", "last_name": "Aebi", "email": EMAIL, "password": PASSWORD}


def begin(site, url="/sign-up", **changes):
    site.get(url)
    return site.submit({**FORM, **changes})


def path(link):
    return link.removeprefix("https://hospes.test")


def link_in(mailbox, email=EMAIL, which=-1):
    return path(mailbox.to(email)[which].links[0])


def test_an_account_exists_only_after_the_link_and_is_signed_in_in_the_same_browser(site, mailbox):
    response = begin(site, "/sign-up?next=/authorize%3Fclient_id%3Dx")
    assert site.location == "/sign-up/sent"
    assert response.status_code == 302
    assert EMAIL in site.get("/sign-up/sent").text
    assert not Account.objects.exists()
    site.get(link_in(mailbox))
    assert not Account.objects.exists()  # Mail scanners open links: looking does nothing.
    assert site.submit(button="Confirm and sign in").status_code == 302
    assert site.location == "/authorize?client_id=x"
    account = Account.objects.get()
    assert (account.name, account.email, account.locale) == ("Ben Aebi", EMAIL, "en")
    assert account.email_verified_at is not None
    assert Session.objects.get().account == account
    assert site.get("/sign-in/confirm").status_code == 200


def test_the_language_of_the_page_is_the_accounts(site, mailbox):
    german = site.another_browser(language="de")
    begin(german)
    assert SignUp.objects.get().locale == "de"


def test_a_known_address_gets_the_same_answer_and_another_mail(site, make_account, mailbox):
    """Advisory: enumeration by sign-up."""
    make_account("anna@customer.example")
    known = begin(site, email="anna@customer.example")
    known_page = site.get("/sign-up/sent").text.replace("anna@customer.example", "*")
    other = site.another_browser()
    unknown = begin(other)
    unknown_page = other.get("/sign-up/sent").text.replace(EMAIL, "*")
    assert (known.status_code, known.headers["location"]) == (
        unknown.status_code,
        unknown.headers["location"],
    )
    strip = lambda text: [line for line in text.split("\n") if "csrf" not in line]  # noqa: E731
    assert strip(known_page) == strip(unknown_page)
    letter = mailbox.to("anna@customer.example")[0]
    assert letter.subject == "You already have an account"
    assert [path(link) for link in letter.links][:2] == ["/sign-in", "/recover"] or set(
        map(path, letter.links)
    ) >= {"/sign-in", "/recover"}
    assert Account.objects.count() == 1


def test_both_answers_cost_one_hash(site, make_account, monkeypatch):
    """Advisory: enumeration by time."""
    from hospes.identity.gateways import hashing

    make_account("anna@customer.example")
    work = []
    genuine = hashing.hash_password
    monkeypatch.setattr(hashing, "hash_password", lambda text: work.append(1) or genuine(text))
    begin(site, email="anna@customer.example")
    assert len(work) == 1
    begin(site.another_browser())
    assert len(work) == 2


def test_another_browser_has_to_know_the_password_chosen(site, mailbox):
    """Advisory: account pre-hijack."""
    begin(site)
    phone = site.another_browser()
    phone.get(link_in(mailbox))
    assert "another browser" in phone.page.text
    assert phone.submit({"password": "not the one"}).status_code == 422
    assert not Account.objects.exists()
    assert phone.submit({"password": PASSWORD}).status_code == 302
    assert Account.objects.get().email == EMAIL


def test_guessing_the_chosen_password_is_throttled(site, mailbox):
    begin(site)
    phone = site.another_browser()
    link = link_in(mailbox)
    for _ in range(10):
        assert phone.post(link, {"password": "guess"}).status_code == 422
    assert phone.post(link, {"password": PASSWORD}).status_code == 429
    assert not Account.objects.exists()


def test_the_mails_reader_can_say_it_was_not_them(site, mailbox):
    """Advisory: account pre-hijack. What a stranger began cannot be finished by anybody."""
    begin(site)
    link = link_in(mailbox)
    reader = site.another_browser()
    reader.get(link)
    assert reader.submit(button="This was not me").status_code == 200
    assert site.post(link).status_code == 410
    assert not Account.objects.exists()


def test_the_mails_reader_can_replace_the_password_a_stranger_chose(site, mailbox):
    """Advisory: account pre-hijack."""
    begin(site)
    reader = site.another_browser()
    reader.get(link_in(mailbox))
    reader.click("do not know this password")
    assert reader.submit({"password": "short"}).status_code == 422
    assert not Account.objects.exists()
    own = "nine copper kettles in the attic"
    assert reader.submit({"password": own}).status_code == 302
    stranger = site.another_browser()
    stranger.get("/sign-in")
    assert stranger.submit({"email": EMAIL, "password": PASSWORD}).status_code == 422
    stranger.get("/sign-in")
    assert stranger.submit({"email": EMAIL, "password": own}).status_code == 302


def test_the_link_works_for_24_hours(site, mailbox, clock):
    begin(site)
    link = link_in(mailbox)
    clock.move(timedelta(hours=23, minutes=59))
    assert site.get(link).status_code == 200
    clock.move(timedelta(minutes=2))
    assert site.get(link).status_code == 410
    assert "Sign up again" in site.page.text
    assert site.post(link).status_code == 410
    assert not Account.objects.exists()


def test_a_second_click_by_the_same_person_just_goes_on(site, mailbox):
    begin(site)
    link = link_in(mailbox)
    site.post(link)
    assert site.post(link).status_code == 302
    assert site.get(link).status_code == 302
    assert site.another_browser().get(link).status_code == 410
    assert Account.objects.count() == 1


def test_sending_again_voids_the_earlier_link(site, mailbox):
    begin(site)
    first = link_in(mailbox)
    site.get("/sign-up/sent")
    site.submit(button="Send the mail again", follow=True)
    assert "sent again" in site.page.text
    assert site.get(first).status_code == 410
    assert site.get(link_in(mailbox)).status_code == 200


def test_five_mails_an_hour_go_to_one_address(site, mailbox, clock):
    begin(site)
    for _ in range(4):
        assert site.post("/sign-up/sent").status_code == 302
    assert site.post("/sign-up/sent").status_code == 429
    assert "60 min" in site.page.text
    assert len(mailbox.to(EMAIL)) == 5
    clock.move(timedelta(hours=1, seconds=1))
    assert site.post("/sign-up/sent").status_code == 302


def test_twenty_sign_ups_an_hour_come_from_one_network(site):
    for number in range(20):
        assert begin(site, email=f"p{number}@customer.example").status_code == 302
    assert begin(site).status_code == 429
    assert not SignUp.objects.filter(email=EMAIL).exists()


def test_all_faults_are_told_at_once_and_what_was_typed_stays(site):
    response = begin(site, first_name="www.win.example", email="nope", password="short")
    assert response.status_code == 422
    for field in ("first_name", "email", "password"):
        assert site.page.errors(field), field
    assert site.page.form().fields["email"] == "nope"
    assert site.page.form().fields.get("password", "") == ""
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("host", ["evil.example", "hospes.test.evil.example", "hospes.test@evil"])
def test_a_forged_host_never_gets_into_a_mail(site, mailbox, host):
    """Advisory: links poisoned by the Host header."""
    site.get("/sign-up")
    for headers in ({"Host": host}, {"X-Forwarded-Host": host}, {"Forwarded": f"host={host}"}):
        site.post("/sign-up", {**FORM, "timezone": ""}, headers=headers)
    for letter in mailbox.all():
        assert "evil" not in letter.text + letter.html
        assert letter.links[0].startswith("https://hospes.test/")


def test_a_link_clicked_twice_at_once_makes_one_account(site, mailbox):
    begin(site)
    link = link_in(mailbox)
    browsers = [site.another_browser() for _ in range(2)]
    for browser in browsers:
        browser.get(link)
    start = threading.Barrier(2)
    statuses = []

    def click(browser):
        from django.db import connections

        start.wait()
        statuses.append(browser.post(link, {"password": PASSWORD}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 410]
    assert Account.objects.count() == Session.objects.count() == 1


def test_two_sign_ups_for_one_address_make_one_account(site, mailbox):
    begin(site)
    other = site.another_browser()
    begin(other)
    first, second = (path(letter.links[0]) for letter in mailbox.to(EMAIL))
    assert site.post(first).status_code == 302
    assert other.post(second).status_code == 410
    assert Account.objects.count() == 1


def test_what_is_stored_is_hashed(site, mailbox):
    begin(site)
    token = link_in(mailbox).rsplit("/", 1)[1]
    row = SignUp.objects.get()
    stored = str(SignUp.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert token not in stored
    assert PASSWORD not in stored
    assert row.password_hash.startswith("$argon2id$")
    site.post(f"/sign-up/confirm/{token}")
    row.refresh_from_db()
    assert row.password_hash == ""
