"""The rules, without a database: moves, languages, what may be written."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.status.domain import moves
from hospes.status.domain.drafts import Draft, faults_of, tidy
from hospes.status.domain.texts import Said, said

NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
LANGUAGES = ("en", "fr", "de", "it", "es")

ALLOWED = {
    ("incident", "ongoing", "monitored"),
    ("incident", "ongoing", "resolved"),
    ("incident", "ongoing", "cancelled"),
    ("incident", "monitored", "ongoing"),
    ("incident", "monitored", "resolved"),
    ("incident", "resolved", "ongoing"),
    ("incident", "cancelled", "ongoing"),
    ("maintenance", "planned", "ongoing"),
    ("maintenance", "planned", "cancelled"),
    ("maintenance", "ongoing", "monitored"),
    ("maintenance", "ongoing", "resolved"),
    ("maintenance", "ongoing", "cancelled"),
    ("maintenance", "monitored", "ongoing"),
    ("maintenance", "monitored", "resolved"),
    ("maintenance", "resolved", "ongoing"),
    ("maintenance", "cancelled", "planned"),
}


def test_exactly_these_moves_are_legal():
    every = itertools.product(moves.KINDS, moves.STATUSES, moves.STATUSES)

    assert {each for each in every if moves.may_move(*each)} == ALLOWED
    assert not moves.may_move("party", "ongoing", "resolved")


@pytest.mark.parametrize("kind", moves.KINDS)
def test_whatever_begins_can_end_and_be_taken_up_again(kind):
    reached, open_ = set(), list(moves.BEGINNINGS[kind])
    while open_:
        status = open_.pop()
        if status not in reached:
            reached.add(status)
            open_ += moves.moves(kind, status)

    assert reached >= {"ongoing", "monitored", "resolved", "cancelled"}
    assert ("planned" in reached) == (kind == "maintenance")
    assert all(moves.moves(kind, status) for status in reached)


def test_readers_get_their_language_then_english_then_any():
    texts = {"it": "ciao", "en": "hello", "de": "hallo"}

    assert said(texts, "de") == Said("hallo", "de")
    assert said(texts, "es") == Said("hello", "en")
    assert said({"it": "ciao", "en": ""}, "es") == Said("ciao", "it")
    assert said({}, "es") == Said("", "")


@given(st.dictionaries(st.sampled_from(LANGUAGES), st.text(max_size=5)), st.sampled_from(LANGUAGES))
def test_a_text_that_there_is_is_never_withheld(texts, language):
    found = said(texts, language)

    assert bool(found.text) == any(texts.values())
    assert found == Said() or texts[found.language] == found.text
    if texts.get(language):
        assert found.language == language


def draft(**values):
    return Draft(**{"titles": {"en": "Mail is late"}, "starts_at": NOW - HOUR, **values})


def codes(made, kind="incident", status="ongoing"):
    found = faults_of(tidy(made), kind=kind, status=status, languages=LANGUAGES, now=NOW)
    return {(fault.field, fault.code) for fault in found}


def test_a_whole_draft_has_no_fault():
    assert codes(draft()) == set()
    assert codes(draft(descriptions={"en": "One\r\ntwo\tthree"}, services=("Mail",))) == set()
    assert codes(draft(ends_at=NOW + HOUR)) == set()
    planned = draft(starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    assert codes(planned, "maintenance", "planned") == set()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"titles": {}}, ("titles", "required")),
        ({"titles": {"en": " \n"}}, ("titles", "required")),
        ({"titles": {"en": "x" * 201}}, ("title_en", "too_long")),
        ({"titles": {"en": "a\nb"}}, ("title_en", "characters")),
        ({"titles": {"en": "a\u202eb"}}, ("title_en", "characters")),
        ({"titles": {"en": "a", "pt": "b"}}, ("title_pt", "unknown_language")),
        ({"descriptions": {"de": "Text"}}, ("title_de", "required")),
        ({"descriptions": {"en": "x" * 10_001}}, ("description_en", "too_long")),
        ({"descriptions": {"en": "a\x00b"}}, ("description_en", "characters")),
        ({"services": tuple(str(n) for n in range(21))}, ("services", "too_many")),
        ({"services": ("x" * 61,)}, ("services", "too_long")),
        ({"services": ("a\u200bb",)}, ("services", "characters")),
        ({"starts_at": NOW + HOUR}, ("starts_at", "not_yet")),
        ({"ends_at": NOW - 2 * HOUR}, ("ends_at", "before_start")),
    ],
)
def test_each_fault_is_named(values, fault):
    assert codes(draft(**values)) == {fault}


def test_all_faults_come_at_once():
    bad = draft(titles={}, services=("x" * 61,), ends_at=NOW - 2 * HOUR, is_cyberattack=True)

    assert codes(bad, "maintenance") == {
        ("titles", "required"),
        ("services", "too_long"),
        ("ends_at", "before_start"),
        ("is_cyberattack", "maintenance"),
    }
    assert codes(draft(ends_at=NOW + HOUR), status="resolved") == {("ends_at", "not_yet")}


def test_tidying_leaves_what_is_read():
    tidied = tidy(
        draft(
            titles={"en": " Mail  is late ", "de": ""},
            descriptions={"en": "a\r\nb\n"},
            services=("Mail ", " Mail", "", "Web  hosting"),
        )
    )

    assert tidied.titles == {"en": "Mail  is late"}
    assert tidied.descriptions == {"en": "a\nb"}
    assert tidied.services == ("Mail", "Web hosting")
    assert tidy(tidied) == tidied
