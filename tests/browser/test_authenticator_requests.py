"""The Authenticator on a phone: YES, NO, and every way in which an answer does not count."""

from __future__ import annotations

import time

import pytest

from support.authenticator_double import RFC_SEED

pytestmark = pytest.mark.browser

LEA = "Lea Amsler"


def test_yes_takes_the_number_of_the_browser(linked, double):
    challenge = double.ask()

    linked.heading("Is it you signing in?")
    shown = linked.page.locator(".request").inner_text()
    for part in (
        "lea@bergblume.example",
        "Shop Lindau",
        "Firefox on Windows",
        "Zürich",
        "192.0.2.44",
    ):
        assert part in shown
    linked.press("Yes")
    assert challenge["state"] == "open", "a yes without its number"
    linked.page.fill("#number", "4")
    linked.press("Confirm")
    assert linked.page.get_by_text("Type the two digits.").is_visible()
    assert challenge["wrong"] == 0
    linked.page.fill("#number", "17")
    linked.press("Confirm")
    linked.page.get_by_text("This is not the number shown in the browser. Tries left: 1").wait_for()
    assert challenge["state"] == "open"
    linked.page.fill("#number", "42")
    linked.press("Confirm")

    linked.heading("Confirmed")
    assert challenge["state"] == "approved"
    assert challenge["signed"], "not signed by the phone's key"
    linked.press("Go to your codes")
    linked.page.locator(".account").wait_for()


def test_two_wrong_numbers_refuse(linked, double):
    challenge = double.ask()
    linked.press("Yes")
    for number in ("17", "18"):
        linked.page.fill("#number", number)
        linked.press("Confirm")

    linked.heading("Refused: wrong number")
    assert challenge["state"] == "mismatched"
    assert linked.page.get_by_role("link", name="Change the password").is_visible()


def test_a_plain_yes_where_no_number_is_asked(linked, double):
    challenge = double.ask(number_required=False)
    linked.press("Yes")

    linked.heading("Confirmed")
    assert challenge["state"] == "approved"
    assert challenge["signed"]


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_an_applications_request_is_not_taken_for_a_sign_in(linked, double, answer):
    challenge = double.ask(number_required=False, purpose="request", message="Till 7: CHF 40.00")

    linked.heading("Do you approve this?")
    shown = linked.page.locator(".request").inner_text()
    assert "Till 7: CHF 40.00" in shown
    # They would be the till's own.
    assert "Firefox" not in shown
    assert "192.0.2.44" not in shown
    meaning = "Say yes only if you are dealing with Shop Lindau right now"
    assert linked.page.get_by_text(meaning).is_visible()
    linked.press(answer)
    if answer == "Yes":
        linked.heading("Confirmed")
        assert linked.page.get_by_text("Shop Lindau goes on by itself.").is_visible()
        assert challenge["state"] == "approved"
    else:
        linked.heading("Refused")
        assert linked.page.get_by_text("Shop Lindau was told no and got nothing.").is_visible()
        assert challenge["state"] == "refused"
    assert challenge["signed"]
    # Nobody knows a password because of this.
    assert not linked.page.get_by_text("somebody knows your password").is_visible()


def test_no_refuses_and_tells_what_to_do(linked, double):
    challenge = double.ask()
    linked.press("No")

    linked.heading("Refused")
    assert challenge["state"] == "refused"
    assert challenge["signed"]
    assert linked.page.get_by_text("somebody knows your password").is_visible()
    assert linked.page.evaluate("document.activeElement.textContent") == "Refused"


def test_a_request_that_expired_meanwhile(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.frozen = True
    challenge["state"] = "expired"
    linked.press("Yes")

    linked.heading("Too late")
    assert challenge["state"] == "expired"


def test_a_request_runs_out_on_the_screen(linked, double):
    double.ask(expires_at=int(time.time()) + 3)
    linked.heading("Is it you signing in?")

    linked.heading("Too late")
    assert linked.page.get_by_text("Then somebody knows your password.").is_visible()
    assert linked.page.get_by_role("link", name="Change the password").is_visible()


def test_a_request_answered_on_another_phone(linked, double):
    challenge = double.ask()
    linked.heading("Is it you signing in?")
    challenge["state"] = "approved"

    linked.heading("No longer needed")
    assert ("PATCH", f"2fa/push/challenges/{challenge['uuid']}") not in double.asked


def test_two_phones_answer_at_once_and_one_is_told_so(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.frozen = True
    challenge["state"] = "refused"
    linked.press("Yes")

    linked.heading("No longer needed")
    assert challenge["state"] == "refused"


def test_an_answer_that_does_not_get_through_is_given_again(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.unreachable = True
    linked.press("Yes")
    linked.page.get_by_text("Your answer did not get through: there is no connection.").wait_for()
    linked.page.get_by_text("No network", exact=True).wait_for()
    assert challenge["state"] == "open"

    double.unreachable = False
    linked.press("Yes")

    linked.heading("Confirmed")
    assert challenge["state"] == "approved"


def test_a_key_that_does_not_match(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.wrong_key = True
    linked.press("Yes")

    linked.heading("The answer was not accepted")
    assert challenge["state"] == "open"


def test_a_removed_phone_says_so_and_asks_no_more(linked, double):
    double.remove()

    linked.page.get_by_text("The link was removed on the web.").wait_for()
    assert linked.page.locator(".account__digits").count() == 0
    count = len(double.asked)
    linked.page.wait_for_timeout(2500)
    assert len(double.asked) == count, "a removed phone goes on asking"
    (kept,) = linked.kept()
    assert [kept[name] for name in ("privateKey", "token", "seed")] == [None] * 3
    linked.page.locator(".account__head").click()
    linked.press("Delete from this phone")
    linked.page.locator("dialog").get_by_role("button", name="Cancel").click()
    assert len(linked.kept()) == 1
    linked.press("Delete from this phone")
    linked.page.locator("dialog").get_by_role("button", name="Delete from this phone").click()
    linked.heading("No account yet")
    assert linked.kept() == []


def test_a_phone_removed_while_its_owner_answers(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.frozen = True
    double.remove()
    linked.press("Yes")

    linked.heading("This phone is no longer linked")
    assert challenge["state"] == "open"


def test_a_locked_account_loses_nothing_on_the_phone(linked, double):
    challenge = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    double.locked = True
    linked.press("Yes")
    linked.page.get_by_text("The provider does not accept this phone at present.").wait_for()
    assert challenge["state"] == "open"

    linked.go("codes")
    assert linked.shows_the_code_of(RFC_SEED, LEA)
    double.locked = False
    linked.open()
    linked.heading("Is it you signing in?")
    linked.press("Yes")
    linked.heading("Confirmed")


def test_a_hidden_app_asks_seldom(linked, double):
    other = linked.page.context.new_page()
    other.goto("about:blank")
    linked.page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    linked.page.wait_for_timeout(1500)
    count = len(double.asked)
    linked.page.wait_for_timeout(4000)
    assert len(double.asked) - count <= 1


def test_a_request_does_not_take_the_backup_codes_away(app, double):
    app.open(f"#link={double.invite()[0]}")
    app.press("Link this phone")
    app.heading("Your backup codes")
    double.ask()

    bar = app.page.locator("#waiting")
    bar.get_by_text("A request is waiting for your answer.").wait_for()
    assert app.page.locator(".backup").is_visible()
    app.press("I have kept the codes")
    app.page.locator(".account").wait_for()
    app.go("requests")
    app.heading("Is it you signing in?")


def test_a_request_that_came_after_an_answer_is_seen_from_everywhere(linked, double):
    double.ask(number_required=False)
    linked.press("Yes")
    linked.heading("Confirmed")
    second = double.ask(number_required=False, application="Till 7")

    # The next one is the way on, and stays in sight for who goes elsewhere.
    main = linked.page.locator("main .button--primary")
    linked.page.get_by_role("button", name="Look at the next request").wait_for(timeout=2500)
    assert main.all_inner_texts() == ["Look at the next request"]
    linked.press("Go to your codes")
    linked.page.locator(".account").wait_for()
    for screen in ("codes", "settings", "add"):
        linked.go(screen)
        linked.page.locator(f".app-main--{screen}").wait_for()
        bar = linked.page.locator("#waiting")
        bar.get_by_text("A request is waiting for your answer.").wait_for(timeout=2500)
        assert linked.page.locator("[data-tab=requests] .app-tab__count").is_visible()
    linked.press("Look")
    linked.heading("Is it you signing in?")
    assert not linked.page.locator("#waiting").is_visible()
    linked.press("No")
    linked.heading("Refused")
    assert second["state"] == "refused"
    assert main.all_inner_texts() == ["Go to your codes"]
    linked.page.locator(".app-tab__count").wait_for(state="detached")


def test_two_requests_at_once_are_told_apart(linked, double):
    now = int(time.time())
    first = double.ask(created_at=now - 7)
    linked.heading("Is it you signing in?")
    shown = linked.page.locator(".request").inner_text()
    second = double.ask(created_at=now)

    # The first one stays under the finger, though the provider tells of the second from now on.
    linked.page.get_by_text("Request 1 of 2").wait_for(timeout=2500)
    assert linked.page.get_by_text("Type only the number that the browser shows").is_visible()
    told = [
        each.rsplit("Time", 1)[1] for each in (shown, linked.page.locator(".request").inner_text())
    ]
    assert told[0] == told[1]
    assert told[0].count(":") == 2, "a time without its seconds"
    linked.press("No")
    linked.heading("Refused")
    assert (first["state"], second["state"]) == ("refused", "open")
    linked.press("Look at the next request")
    linked.heading("Is it you signing in?")
    assert not linked.page.get_by_text("of 2").is_visible()
    linked.press("Yes")
    linked.page.fill("#number", "42")
    linked.press("Confirm")
    linked.heading("Confirmed")
    assert second["state"] == "approved"


def test_a_request_that_hid_another_leaves_it_to_be_answered(linked, double):
    first = double.ask(number_required=False)
    linked.heading("Is it you signing in?")
    # Instants are whole seconds: both may be of one.
    second = double.ask(number_required=False, created_at=first["created_at"])
    linked.page.get_by_text("Request 1 of 2").wait_for()
    # The newer one ends elsewhere.
    second["state"] = "refused"
    linked.page.get_by_text("Request 1 of 2").wait_for(state="detached")
    linked.press("Yes")
    linked.heading("Confirmed")
    assert first["state"] == "approved"
