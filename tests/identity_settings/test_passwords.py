from __future__ import annotations

import dataclasses
import hashlib
import unicodedata
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.domain.passwords import (
    PasswordRules,
    guessing_words,
    length_fault,
    normalize,
)
from hospes.identity.gateways.breached import BuiltInList, HashFile
from hospes.identity.gateways.strength import estimate
from hospes.identity.models import Account, Session
from hospes.identity.services.passwords import check_new_password
from support.people import PASSWORD

NEW = "seven violins under the glacier"
PAGE = "/settings/password"


def change(site, current=PASSWORD, new=NEW, **more):
    site.get(PAGE)
    return site.submit({"current_password": current, "new_password": new, **more})


def can_sign_in(site, account, password):
    other = site.another_browser()
    other.get("/sign-in")
    answer = other.post("/sign-in", {"email": account.email, "password": password})
    return answer.status_code == 302


def codes(password, *inputs):
    return {fault.code for fault in check_new_password(password, account_inputs=inputs)}


# -- the rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("", {"too_short"}),
        ("x7#kQ2mz9!b", {"too_short"}),
        ("x7#kQ2mz9!bW", set()),
        ("seven violins under the glacier", set()),
        ("zwölf Bären überqueren Straßen", set()),
        ("密码很长而且很难猜到的一句话呀", set()),
        ("password1234", {"breached", "too_weak"}),
        ("PASSWORD1234", {"breached", "too_weak"}),
        ("aaaaaaaaaaaaaaaaaaaaa", {"too_weak"}),
        ("qwerty", {"too_short", "too_weak"}),
        ("x7#kQ2mz9!bW" * 11, {"too_long"}),
    ],
)
def test_every_broken_rule_is_named_at_once(password, expected):
    assert codes(password) == expected


@pytest.mark.parametrize(
    "password", ["kellerhalsannabella", "Annabella.Kellerhals", "kellerhals1984"]
)
def test_the_persons_own_names_and_address_are_easy_guesses(password):
    assert codes(password) == set()
    inputs = ("Annabella", "Kellerhals", "annabella.kellerhals@zuerich.example")
    assert codes(password, *inputs) == {"too_weak"}


def test_length_is_counted_after_nfkc():
    # The ligature counts as the two letters it stands for.
    assert length_fault(normalize("\ufb01" * 6), PasswordRules()) == ""
    assert length_fault(normalize("\ufb01" * 5 + "x"), PasswordRules()) == "too_short"


def test_the_shortest_and_longest_password_follow_the_providers_numbers(make_account):
    from hospes.foundation.services import numbers as number_service
    from hospes.kit.origin import SYSTEM

    staff = make_account(is_staff=True)
    for key, value in (
        ("identity.password_minimum_length", 20),
        ("identity.password_minimum_strength", 0),
    ):
        number_service.change(key, value, acting_account_id=staff.pk, origin=SYSTEM)
    assert codes("x7#kQ2mz9!bW") == {"too_short"}
    assert codes("aaaaaaaaaaaaaaaaaaaaa") == set()


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=0, max_size=160))
def test_any_text_is_either_accepted_or_told_why(password):
    rules = PasswordRules()
    text = normalize(password)
    found = codes(password)
    assert (len(text) < rules.minimum_length) == ("too_short" in found)
    assert (len(text) > rules.maximum_length) == ("too_long" in found)
    assert found <= {"too_short", "too_long", "breached", "too_weak"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_the_same_password_typed_in_another_form_is_the_same(password):
    once = normalize(password)
    assert normalize(once) == once
    assert normalize(unicodedata.normalize("NFD", password)) == once


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=100), max_size=8))
def test_guessing_words_stay_few_and_short(inputs):
    words = guessing_words(tuple(inputs))
    assert len(words) <= 16
    assert all(3 <= len(word) <= 40 for word in words)


def test_a_long_awkward_password_is_measured_quickly():
    import time

    awkward = "4@8({[<369&#!/|1!|$5+7%2" * 5
    begin = time.perf_counter()
    assert estimate(awkward, words=(), enough=3) >= 3
    assert time.perf_counter() - begin < 3


def test_one_persons_words_do_not_leak_into_anothers_estimate():
    assert estimate("kellerhalskellerhals", words=("kellerhals",), enough=3) < 3
    assert estimate("kellerhalsbrunnenweg", words=(), enough=3) >= 3


# -- the list of leaked passwords ------------------------------------------------------------------


def hash_line(password, count=3):
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    return f"{digest}:{count}"


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.text(min_size=1, max_size=20), min_size=0, max_size=60),
    st.text(min_size=1, max_size=20),
    st.sampled_from(["\r\n", "\n"]),
    st.booleans(),
)
def test_a_password_is_found_in_the_sorted_file_exactly_if_it_is_there(
    tmp_path_factory, listed, other, line_end, ends_with_line_end
):
    path = tmp_path_factory.mktemp("list") / "hashes.txt"
    listed = {text for text in listed if text.isprintable()}
    lines = sorted(hash_line(text, 1 + 10 ** (len(text) % 7)) for text in listed)
    text = line_end.join(lines) + (line_end if ends_with_line_end and lines else "")
    path.write_bytes(text.encode())
    known = HashFile(path)
    assert all(known.contains(password) for password in listed)
    if other.isprintable():
        assert known.contains(other) == (other in listed)


def test_the_providers_file_counts(tmp_path, monkeypatch):
    path = tmp_path / "hashes.txt"
    path.write_text("\r\n".join(sorted([hash_line(NEW), hash_line("x"), hash_line("y")])))
    configured = dataclasses.replace(django_settings.HOSPES, breached_passwords_file=path)
    monkeypatch.setattr(django_settings, "HOSPES", configured)
    assert codes(NEW) == {"breached"}
    assert codes(f"{NEW}s") == set()


def test_the_built_in_list_ignores_case():
    assert BuiltInList().contains("QwertyUiop123")
    assert not BuiltInList().contains(NEW)


# -- changing it -----------------------------------------------------------------------------------


def test_a_new_password_replaces_the_old(site, make_account, sign_in, mailbox):
    account = make_account()
    sign_in(site, account)
    assert change(site).status_code == 302
    assert site.follow().status_code == 200
    assert "Your password was changed." in site.page.text
    assert can_sign_in(site, account, NEW)
    assert not can_sign_in(site, account, PASSWORD)
    letter = next(m for m in mailbox.to(account.email) if m.subject == "Your password was changed")
    assert "192.0.2.10" in letter.text
    assert "Firefox" in letter.text
    assert "https://hospes.test/settings/secure" in letter.links
    entry = AuditEntry.objects.get(action="identity.password_changed")
    assert (entry.actor_account_id, entry.subject_account_id) == (account.pk, account.pk)
    assert OutboxEvent.objects.filter(name="identity.password_changed").count() == 1


def test_the_page_says_that_mailboxes_have_other_passwords(site, make_account, sign_in):
    sign_in(site, make_account())
    site.get(PAGE)
    assert "Mailboxes have passwords of their own" in site.page.text


def test_a_wrong_present_password_changes_nothing_and_counts_like_a_failed_sign_in(
    site, make_account, sign_in
):
    account = make_account()
    before = account.password_hash
    sign_in(site, account)
    assert change(site, current="not the one at all").status_code == 422
    assert "not your present password" in site.page.errors("current_password")
    account.refresh_from_db()
    assert account.password_hash == before
    assert account.failed_passwords == 1
    assert AuditEntry.objects.filter(action="identity.sign_in_failed").count() == 1
    assert not OutboxEvent.objects.filter(name="identity.password_changed").exists()


def test_wrong_present_passwords_lock_by_the_owners_rule(site, make_account, sign_in):
    account = make_account(lock_after_failures=2)
    sign_in(site, account)
    for _ in range(2):
        change(site, current="not the one at all")
    account.refresh_from_db()
    assert account.state == Account.State.LOCKED
    assert change(site).status_code == 422
    assert Account.objects.get(pk=account.pk).password_hash == account.password_hash


def test_too_many_wrong_ones_have_to_wait(site, make_account, sign_in, clock):
    sign_in(site, make_account())
    for _ in range(10):
        change(site, current="not the one at all")
    change(site)
    assert "Too many attempts" in site.page.errors("current_password")
    clock.move(timedelta(minutes=16))
    site.post("/sign-in/confirm", {"password": PASSWORD})
    assert change(site).status_code == 302


def test_all_faults_are_told_together_and_named(site, make_account, sign_in):
    sign_in(site, make_account())
    change(site, current="", new="password123")
    assert "Enter your present password" in site.page.errors("current_password")
    told = site.page.errors("new_password")
    assert "Length:" in told
    assert "Strength:" in told
    change(site, current="wrong", new="password1234")
    assert "not your present password" in site.page.errors("current_password")
    assert "Leaked:" in site.page.errors("new_password")


def test_the_old_password_is_no_new_one(site, make_account, sign_in):
    sign_in(site, make_account())
    change(site, new=PASSWORD)
    assert "New:" in site.page.errors("new_password")


def test_passwords_are_never_sent_back(site, make_account, sign_in):
    sign_in(site, make_account())
    response = change(site, current="my wrong guess here", new="password1234")
    assert "my wrong guess here" not in response.text
    assert "password1234" not in response.text


def test_other_devices_are_signed_out_except_those_kept(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    kept, gone = site.another_browser(), site.another_browser()
    kept_session = sign_in(kept, account)
    sign_in(gone, account)
    site.get(PAGE)
    offered = site.page.form(button="Save the new password").choices["keep_sessions"]
    assert len(offered) == 2
    change(site, keep_sessions=[kept_session.public_id])
    assert site.get(PAGE).status_code == 200
    assert kept.get(PAGE).status_code == 200
    assert gone.get(PAGE).status_code == 302
    assert Session.objects.get(end_reason="password_changed").browser != kept_session.browser


def test_a_session_of_somebody_else_cannot_be_named(site, make_account, sign_in):
    account, stranger = make_account(), make_account()
    sign_in(site, account)
    other = site.another_browser()
    mine = site.another_browser()
    foreign = sign_in(other, stranger)
    sign_in(mine, account)
    assert change(site, keep_sessions=[foreign.public_id]).status_code == 422
    account.refresh_from_db()
    assert mine.get(PAGE).status_code == 200


def test_the_browser_gets_a_new_cookie(site, make_account, sign_in):
    sign_in(site, make_account())
    before = site.cookie("browser")
    change(site)
    assert site.cookie("browser") not in {before, None}


def test_a_mailed_reset_link_is_void_after_the_change(site, make_account, sign_in, mailbox):
    account = make_account()
    other = site.another_browser()
    other.get("/recover")
    other.submit({"email": account.email})
    link = next(url for url in mailbox.to(account.email)[-1].links if "/recover/" in url)
    sign_in(site, account)
    change(site)
    assert other.get(link.removeprefix("https://hospes.test")).status_code >= 400


def test_whoever_is_not_signed_in_is_sent_to_sign_in(site):
    assert site.get(PAGE).status_code == 302
    assert site.location.startswith("/sign-in?next=")
    assert site.post(PAGE, {"current_password": PASSWORD, "new_password": NEW}).status_code == 302


def test_a_form_from_another_site_is_refused(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    response = site.post(PAGE, {"current_password": PASSWORD, "new_password": NEW}, csrf=False)
    assert response.status_code == 403
    assert Account.objects.get(pk=account.pk).password_hash == account.password_hash


def test_password_managers_find_the_page(site):
    assert site.get("/.well-known/change-password").status_code == 302
    assert site.location == PAGE
