"""The pages of application passwords as a person uses them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospes.foundation.models import AuditEntry
from hospes.identity.models import ApplicationPassword
from hospes.kit import application_passwords as form

PAGE = "/settings/application-passwords"
NEW = f"{PAGE}/new"


def create(site, name="Mail on my phone"):
    site.get(NEW)
    return site.submit({"name": name}, button="Create the password")


def value_on(page):
    return re.search(r"<code>((?:[a-z2-9]{4}-){4}[a-z2-9]{4})</code>", page.html)[1]


def rows():
    return list(ApplicationPassword.objects.filter(revoked_at=None).order_by("pk"))


def test_created_shown_once_and_it_works(signed_in, anna, server, mailbox):
    mail = server()
    assert "No application password yet" in signed_in.get(PAGE).text
    assert create(signed_in).status_code == 200
    value = value_on(signed_in.page)
    assert "no-store" in signed_in.response.headers["Cache-Control"]
    assert anna.email in signed_in.page.text
    assert mail.ask(value)["username"] == anna.email

    signed_in.get(PAGE)
    assert "Mail on my phone" in signed_in.page.text
    assert "Mail server" in signed_in.page.text
    assert value not in signed_in.page.html
    [letter] = [m for m in mailbox.to(anna.email) if "application password" in m.subject]
    assert value not in letter.text
    assert f"https://hospes.test{PAGE}" in letter.links
    signed_in.get("/settings/activity")
    assert "The application password “Mail on my phone” was created." in signed_in.page.text
    assert "1 for a program" in signed_in.get("/settings/login").text


def test_the_same_form_makes_one(signed_in):
    signed_in.get(NEW)
    key = re.search(r'name="form_key" value="([^"]+)"', signed_in.page.html)[1]
    values = {"name": "Twice", "form_key": key}
    assert signed_in.post(NEW, values).status_code == 200
    again = signed_in.post(NEW, values)
    assert again.headers["location"] == PAGE
    signed_in.follow()
    assert "A password is shown only once" in signed_in.page.text
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Give it a name"),
        ("x" * 101, "100 characters"),
        ("a\u202eb", "characters that cannot be seen"),
    ],
)
def test_a_name_that_is_none_is_refused(signed_in, name, told):
    assert create(signed_in, name).status_code == 422
    assert told in signed_in.page.text
    assert not rows()


def test_there_are_only_so_many(signed_in, anna, make, number):
    number("identity.application_passwords", 2)
    make(anna, "One")
    make(anna, "Two")
    assert create(signed_in).status_code == 422
    assert "You have 2 application passwords" in signed_in.page.text
    number("identity.application_passwords", 3)
    assert create(signed_in).status_code == 200


def test_and_only_so_many_an_hour(signed_in, anna, number, mailbox):
    number("identity.application_passwords_per_hour", 1)
    assert create(signed_in).status_code == 200
    assert create(signed_in, "Another").status_code == 422
    assert "Please try again in" in signed_in.page.text
    assert len([m for m in mailbox.to(anna.email) if "application password" in m.subject]) == 1


def test_creating_and_renaming_ask_for_the_password_of_just_now(signed_in, anna, make, clock):
    make(anna)
    [row] = rows()
    clock.move(timedelta(minutes=20))
    for path in (NEW, f"{PAGE}/{row.pk}/rename"):
        assert "/sign-in/confirm" in signed_in.get(path, follow=False).headers["location"]
    answer = signed_in.post(NEW, {"name": "Sneaked in"})
    assert answer.status_code != 200
    assert [each.name for each in rows()] == ["Mail on my phone"]


def test_renamed(signed_in, anna, make):
    make(anna)
    [row] = rows()
    signed_in.get(f"{PAGE}/{row.pk}/rename")
    assert signed_in.submit({"name": " Tablet  mail "}).headers["location"] == PAGE
    assert [each.name for each in rows()] == ["Tablet mail"]
    entry = AuditEntry.objects.get(action="identity.application_password_renamed")
    assert entry.detail == {"name": "Tablet mail", "old_name": "Mail on my phone"}


def test_revoked_after_a_question(signed_in, anna, make, server):
    mail, first, second = server(), make(anna, "First"), make(anna, "Second")
    row = rows()[0]
    signed_in.get(f"{PAGE}/{row.pk}/revoke")
    assert "Revoke the password “First”?" in signed_in.page.text
    assert mail.admits(first)
    signed_in.submit(button="Revoke", follow=True)
    assert "The password “First” was revoked." in signed_in.page.text
    assert (mail.admits(first), mail.admits(second)) == (False, True)
    assert signed_in.get(f"{PAGE}/{row.pk}/revoke").status_code == 404


def test_all_revoked_at_once(signed_in, anna, bruno, make, server):
    mail = server()
    mine, others = [make(anna, name) for name in ("A", "B")], make(bruno)
    signed_in.get(f"{PAGE}/revoke")
    assert "Revoke 2 passwords?" in signed_in.page.text
    signed_in.submit(button="Revoke", follow=True)
    assert "2 passwords were revoked." in signed_in.page.text
    assert not any(mail.admits(value) for value in mine)
    assert mail.admits(others)
    signed_in.get(f"{PAGE}/revoke", follow=True)
    assert "There was no password to revoke." in signed_in.page.text


def test_somebody_elses_are_not_there(signed_in, bruno, make, server):
    value, mail = make(bruno), server()
    [row] = rows()
    signed_in.get(PAGE)
    assert "Mail on my phone" not in signed_in.page.text
    for what in ("rename", "revoke"):
        assert signed_in.get(f"{PAGE}/{row.pk}/{what}").status_code == 404
        assert signed_in.post(f"{PAGE}/{row.pk}/{what}", {"name": "Mine"}).status_code == 404
    assert [each.name for each in rows()] == ["Mail on my phone"]
    assert mail.admits(value)


def test_nobody_comes_here_without_signing_in(site):
    for path in (PAGE, NEW, f"{PAGE}/revoke", f"{PAGE}/1/revoke", f"{PAGE}/1/rename"):
        assert "/sign-in" in site.get(path).headers["location"]


def test_the_list_takes_as_many_queries_for_many_as_for_one(signed_in, anna, make):
    make(anna)
    signed_in.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        signed_in.get(PAGE)
    for number in range(5):
        make(anna, f"Device {number}")
    with CaptureQueriesContext(connection) as many:
        signed_in.get(PAGE)
    assert len(one) == len(many)


def test_the_applications_page_says_that_it_may_ask(server, site, sign_in):
    trusted, other = server(), server("Shop", trusted=False)
    for each, told in ((trusted, True), (other, False)):
        browser = site.another_browser()
        sign_in(browser, each.application.created_by)
        browser.get(f"/auth/applications/{each.application.client_id}")
        assert ("may find out by introspection" in browser.page.text) is told


def test_what_is_stored_is_the_hash_alone(signed_in):
    create(signed_in)
    value = value_on(signed_in.page)
    [row] = rows()
    assert form.read(value) not in str(ApplicationPassword.objects.values().get())
    assert len(row.password_hash) == 64
