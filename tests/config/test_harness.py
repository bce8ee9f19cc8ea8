"""The tests' own tools do what the other tests rely on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.pages import Page


def test_a_page_is_read_as_a_browser_without_scripts_reads_it():
    page = Page(
        "<html lang=fr><title>T</title><h1>Your  name</h1><form method=post action=/x>"
        "<input type=hidden name=a value=1><input name=b value=two>"
        "<input type=checkbox name=c checked><input type=radio name=d value=p>"
        "<input type=radio name=d value=q checked><select name=e><option value=1>One"
        "<option value=2 selected>Two</select><textarea name=f>Text</textarea>"
        "<button name=g value=go>Go on</button></form><a href=/y>There</a></html>"
    )
    assert page.language == "fr"
    assert page.heading == "Your name"
    assert page.link("There").href == "/y"
    form = page.form(button="Go on")
    assert form.fields == {"a": "1", "b": "two", "c": "on", "d": "q", "e": "2", "f": "Text"}
    assert form.choices["d"] == ["p", "q"]


def test_the_clock_moves_and_goes_right_again(clock):
    before = clock.now()
    clock.move(timedelta(days=3))
    assert clock.now() - before >= timedelta(days=3)


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_do_not_outlive_their_test(make_account, turn):
    from hospes.identity.models import Account

    make_account(email="only@customer.example")
    assert Account.objects.count() == 1
