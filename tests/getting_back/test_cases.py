"""Guide 6: no way back at all, a case, and staff who decide it."""

from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.domain import cases as rules
from hospes.identity.models import Account, MailLink, RecoveryCase
from hospes.identity.services.getting_back import cases
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin
from support import two_step
from support.people import PASSWORD

NEW = "nine copper kettles in the attic"
CONTACT = "anna@reachable.example"
HERE = Origin(ip="192.0.2.9", user_agent="")


def ask(site, **values):
    site.get("/recover/help")
    return site.submit(
        {"kind": "no_access", "login": "", "contact_email": CONTACT, "words": "", **values}
    )


@pytest.fixture
def staff(site, make_account, sign_in):
    person = make_account("robin@provider.example", first_name="Robin", is_staff=True)
    browser = site.another_browser()
    sign_in(browser, person)
    browser.person = person
    return browser


def decide(staff, case, **values):
    staff.get(f"/staff/recovery/{case.public_id}")
    return staff.submit(
        {"note": "Showed an identity card.", "decision": "grant", **values}, button="Decide"
    )


def test_a_case_is_opened_seen_and_granted(site, make_account, staff, mailbox):
    account = make_account()
    response = ask(site, login=account.email, words="I ordered two domains.")
    page = response.headers["location"]
    site.get(page)
    case = RecoveryCase.objects.get()
    assert case.reference in site.page.text
    assert case.account == account
    assert [letter.subject for letter in mailbox.to(CONTACT)] == [
        f"We look into it: {case.reference}"
    ]
    assert "Somebody asks for help" in mailbox.to(account.email)[0].subject

    staff.get("/staff/recovery")
    assert case.reference in staff.page.text
    assert decide(staff, case).status_code == 302
    granted = mailbox.to(CONTACT)[-1]
    assert "helped somebody" in mailbox.to(account.email)[-1].subject
    link = granted.links[0].removeprefix("https://hospes.test")
    site.get(link)
    assert site.submit({"password": NEW}).status_code == 302
    site.get(page)
    assert "You can get back in" in site.page.text


def test_a_refused_case_changes_nothing(site, make_account, staff, mailbox):
    account = make_account()
    ask(site, login=account.email)
    case = RecoveryCase.objects.get()
    assert decide(staff, case, decision="refuse").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.decided_by) == ("refused", staff.person)
    assert "could not help" in mailbox.to(CONTACT)[-1].subject
    assert not MailLink.objects.exists()
    assert Account.objects.get(pk=account.pk).password_hash == account.password_hash


def test_unlocking_and_withdrawing(site, make_account, staff, mailbox, clock):
    account = make_account(state="locked", locked_at=clock.now())
    ask(site, kind="unlock", login=account.email)
    decide(staff, RecoveryCase.objects.get())
    account.refresh_from_db()
    assert account.state == "active"
    page = ask(site, login=account.email).headers["location"]
    site.get(page)
    site.submit({})
    case = RecoveryCase.objects.order_by("-pk").first()
    assert case.state == "withdrawn"
    staff.get(f"/staff/recovery/{case.public_id}")
    assert "How did you make sure" not in staff.page.text
    assert not MailLink.objects.exists()


def test_the_answer_is_the_same_for_an_unknown_login(site, make_account):
    """Advisory: enumeration by recovery."""
    account = make_account()
    pages = []
    for login in (account.email, "nobody@customer.example"):
        browser = site.another_browser()
        browser.get(ask(browser, login=login).headers["location"])
        case = RecoveryCase.objects.order_by("-pk").first()
        pages.append(browser.page.text.replace(case.reference, "R"))
    assert pages[0] == pages[1]


def test_a_stranger_cannot_keep_the_owner_from_asking(site, make_account):
    account = make_account()
    ask(site, login=account.email, contact_email="stranger@elsewhere.example")
    assert ask(site, login=account.email).status_code == 302
    second = RecoveryCase.objects.order_by("-pk").first()
    assert second.account is None
    assert cases.account_of(second) == account


def test_a_forgotten_login_is_found_by_staff(site, make_account, staff, mailbox):
    account = make_account()
    ask(site, kind="forgotten_login")
    case = RecoveryCase.objects.get()
    assert decide(staff, case).status_code == 422
    assert decide(staff, case, login="nobody@customer.example").status_code == 422
    assert RecoveryCase.objects.get().state == "open"
    assert decide(staff, case, login=account.email).status_code == 302
    assert account.email in mailbox.to(CONTACT)[-1].text
    assert RecoveryCase.objects.get().account == account


def test_only_staff_decide_and_only_once(site, make_account, sign_in, staff, mailbox):
    account = make_account()
    ask(site, login=account.email)
    case = RecoveryCase.objects.get()
    customer = site.another_browser()
    sign_in(customer, make_account())
    assert customer.get("/staff/recovery").status_code == 404
    assert customer.get(f"/staff/recovery/{case.public_id}").status_code == 404
    assert site.get("/staff/recovery").status_code == 404
    yes = cases.Decision(granted=True, note="Called back.")
    stale = RecoveryCase.objects.get()
    cases.decide(case, yes, acting_account=staff.person, origin=HERE)
    with pytest.raises(Refused):
        cases.decide(stale, yes, acting_account=staff.person, origin=HERE)
    assert MailLink.objects.filter(purpose="password_reset").count() == 1
    assert AuditEntry.objects.filter(action="identity.recovery_case_granted").count() == 1


def test_staff_do_not_decide_about_themselves(site, staff):
    ask(site, login=staff.person.email)
    case = RecoveryCase.objects.get()
    assert decide(staff, case).status_code == 422
    case.refresh_from_db()
    assert case.state == "open"


def test_faults_are_told_together_and_open_nothing(site):
    assert ask(site, login="x", contact_email="y", phone="12").status_code == 422
    for field in ("login", "contact_email", "phone"):
        assert site.page.errors(field)
    assert RecoveryCase.objects.count() == 0


def test_a_flood_is_stopped(site):
    answers = [ask(site, login="a@b.example").status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert RecoveryCase.objects.count() == 5


def test_a_page_nobody_was_given_is_not_there(site):
    assert site.get("/recover/help/not-a-token-that-was-ever-sent").status_code == 404


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"kind": "elsewise"}, ("kind", "unknown")),
        ({"login": ""}, ("login", "required")),
        ({"contact_email": "a@b.example"}, ("contact_email", "same_as_login")),
        ({"words": "x" * 2001}, ("words", "too_long")),
    ],
)
def test_the_rules(values, fault):
    usual = {"kind": "no_access", "login": "a@b.example", "contact_email": CONTACT, "words": ""}
    [found] = rules.faults(**{**usual, **values})
    assert (found.field, found.code) == fault
    assert rules.faults(**usual) == []
    assert rules.faults(**{**usual, "kind": "unlock", "contact_email": "a@b.example"}) == []


def test_a_lost_second_step_is_switched_off_but_the_password_stays(
    site, make_account, staff, mailbox
):
    account = two_step.make_account()
    ask(site, kind="second_step_lost", login=account.email)
    decide(staff, RecoveryCase.objects.get())
    account.refresh_from_db()
    assert account.two_step_since is None
    # One mail tells it, and nothing of where the staff member sits.
    told = [letter for letter in mailbox.to(account.email) if "asks for help" not in letter.subject]
    assert [letter.subject for letter in told] == ["Our support switched two-step verification off"]
    assert "When" in told[0].text
    assert "IP address" not in told[0].text
    assert "Device" not in told[0].text
    assert "Two-step verification is off" in mailbox.to(CONTACT)[-1].text
    site.get("/sign-in")
    assert site.submit({"email": account.email, "password": "not it"}).status_code == 422
    assert site.submit({"email": account.email, "password": PASSWORD}).status_code == 302
