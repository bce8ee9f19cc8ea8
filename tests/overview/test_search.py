from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hospes.overview.domain import matching
from tests.overview.test_home import own, register


def test_pages_are_found_by_their_name(site, customer):
    site.get("/search", params={"q": "profile"})

    assert site.page.link("Profile").href == "/settings/profile"


@pytest.mark.parametrize("words", ["two-step", "2FA", "passkey", "backup codes"])
def test_the_page_of_two_step_verification_is_found(site, customer, words):
    site.get("/search", params={"q": words})

    assert site.page.link("Two-step verification").href == reverse("two_step")


def test_what_search_alone_finds_has_no_entry_in_the_menu(site, customer):
    site.get("/settings/profile")

    assert reverse("two_step") not in {link.href for link in site.page.links}


def test_staff_pages_are_found_by_staff_only(site, customer, make_account, sign_in):
    site.get("/search", params={"q": "audit log"})
    assert not [link for link in site.page.links if link.href == "/staff/audit"]

    browser = site.another_browser()
    sign_in(browser, make_account(is_staff=True))
    browser.get("/search", params={"q": "audit log"})
    assert [link for link in browser.page.links if link.href == "/staff/audit"]


def test_applications_are_found_without_accents_and_within_the_organization(
    site, customer, make_account
):
    register(own(customer), "Café Zürich", 1)
    register(own(make_account("other@customer.example")), "Café Basel", 2)

    site.get("/search", params={"q": "cafe ZUR"})
    assert "Café Zürich" in site.page.text

    site.get("/search", params={"q": "cafe"})
    assert "Café Basel" not in site.page.text


def test_nothing_found_says_so_and_keeps_the_words(site, customer):
    site.get("/search", params={"q": "<b>xylophone"})

    assert "Nothing found" in site.page.text
    assert "0 results for “<b>xylophone”" in site.page.text
    (field,) = site.page.all("input", id="search-page-words")
    assert field.attributes["value"] == "<b>xylophone"


def test_an_empty_search_explains_itself(site):
    for query in ("", "   "):
        site.get("/search", params={"q": query})

        assert "Search pages, applications and guides" in site.page.text


def test_visitors_find_guides_and_nothing_private(site):
    site.get("/search", params={"q": "firefox"})

    assert site.page.link("Cookies and JavaScript in Firefox").href == "/help/browser/firefox"
    assert "Pages" not in [heading.text for heading in site.page.all("h2")]


def test_a_very_long_search_is_cut(site, customer):
    assert site.get("/search", params={"q": "ä" * 900}).status_code == 200


def test_a_search_takes_a_fixed_number_of_queries(site, customer, queries_of):
    register(own(customer), "Shop 1")
    few = queries_of(site, "/search?q=shop")
    for number in range(2, 30):
        register(own(customer), f"Shop {number}", number)

    assert queries_of(site, "/search?q=shop") == few


def test_more_than_twenty_say_so(site, customer):
    for number in range(1, 25):
        register(own(customer), f"Shop {number:02}", number)

    site.get("/search", params={"q": "shop"})

    assert "There are more" in site.page.text
    assert "Shop 20" in site.page.text
    assert "Shop 21" not in site.page.text


@given(st.text(max_size=300))
def test_every_text_finds_itself(text):
    words = matching.words(text)

    assert matching.matches(words, text) is bool(words)


@given(st.text(max_size=50), st.text(max_size=50))
def test_folding_twice_changes_nothing_more(left, right):
    folded = matching.fold(left + right)

    assert matching.fold(folded) == folded
    assert matching.fold("É") == "e"


def test_titles_that_begin_with_the_word_come_first():
    found = [
        matching.Found("My shop", "/1"),
        matching.Found("Shop of Anna", "/2"),
        matching.Found("Other", "/3", note="shop"),
    ]

    ordered = matching.best_first(("shop",), found)

    assert [each.url for each in ordered] == ["/2", "/1", "/3"]
