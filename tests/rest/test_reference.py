from __future__ import annotations

import pytest

from support.api import Api, data, error, faults


@pytest.fixture
def api(make_account):
    return Api(make_account("lea@bergblume.example"))


def test_languages_have_the_published_numbers(api):
    found = {each["short_name"]: each["id"] for each in data(api.get("/1/languages"))}

    assert found == {"fr": 1, "en": 2, "de": 3, "it": 4, "es": 5}
    assert data(api.get("/1/languages/1"))["locale"] == "fr_FR"


def test_countries_are_found_by_name_and_by_code(api):
    (found,) = data(api.get("/countries", search="switz"))

    assert found["short_name"] == "CH"
    assert found["is_enabled"] is True
    assert data(api.get(f"/1/countries/{found['id']}")) == found


def test_only_enabled_leaves_out_where_nobody_lives_but_for_the_exceptions(api):
    (antarctica,) = data(api.get("/1/countries", search="antarctica"))
    everything = data(api.get("/1/countries"))
    enabled = data(api.get("/1/countries", only_enabled="true"))
    kept = data(api.get("/1/countries", only_enabled="1", only_enabled_exception=antarctica["id"]))

    assert antarctica["is_enabled"] is False
    assert antarctica in everything
    assert antarctica not in enabled
    assert len(enabled) < len(everything)
    assert len(kept) == len(enabled) + 1
    assert antarctica in kept


def test_timezones_tell_their_distance_of_the_season(api, clock):
    from datetime import UTC, datetime

    clock.set(datetime(2026, 7, 1, 12, tzinfo=UTC))

    (found,) = data(api.get("/1/timezones", search="zurich"))

    assert found["name"] == "Europe/Zurich"
    assert found["gmt"] == "+02:00"
    assert data(api.get(f"/1/timezones/{found['id']}")) == found


def test_actions_are_those_of_the_logs_in_english(api):
    found = {each["code"]: each for each in data(api.get("/1/actions"))}

    assert found["foundation.number_changed"]["description"] == "A number was changed"
    assert len({each["id"] for each in found.values()}) == len(found)


@pytest.mark.parametrize("kind", ["languages", "countries", "timezones", "actions"])
def test_what_is_not_there_is_not_found(api, kind):
    for number in ("999999999999", "0", "-1", "abc", "99999999999999999999"):
        assert error(api.get(f"/1/{kind}/{number}")) == (404, "object_not_found")


def test_a_word_that_is_not_taken_is_told_with_those_that_are(api):
    answer = api.get("/1/languages", search="x", order_by="nope")

    assert error(answer) == (422, "validation_failed")
    assert faults(answer) == {
        ("search", "validation_rule_unknown"),
        ("order_by", "validation_rule_in"),
    }
    values = {
        each["context"]["attribute"]: each["context"]["values"]
        for each in answer.json()["error"]["errors"]
    }
    assert values["order_by"] == ["id", "name", "short_name"]
    assert "page" in values["search"]
