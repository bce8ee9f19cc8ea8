"""What the frame does for every endpoint: repeated requests, entity tags, dry runs, bodies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.organizations.models import Tag
from hospes.rest import idempotency, replies
from hospes.rest.models import IdempotentAnswer
from support.api import data, error, faults
from support.api_tokens import Program, make_token
from support.organizations import make_organization


def set_number(key: str, value: int) -> None:
    NumberSetting.objects.update_or_create(
        key=key, defaults={"value": value, "updated_at": product_clock.now()}
    )
    numbers.forget()


@pytest.fixture
def lea(make_account):
    return make_account("lea@bergblume.example")


@pytest.fixture
def program(lea) -> Program:
    return Program(make_token(lea))


@pytest.fixture
def tags(lea) -> str:
    return f"/1/accounts/{make_organization(lea).pk}/tags"


def names() -> list[str]:
    return sorted(Tag.objects.values_list("name", flat=True))


# ---- repeated requests -----------------------------------------------------------------------


def test_a_repeated_write_is_done_once_and_answered_alike(program, tags):
    key = {"Idempotency-Key": "a-key"}
    first = program.post(tags, {"name": "Shop"}, headers=key)
    second = program.post(tags, {"name": "Shop"}, headers=key)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert names() == ["Shop"]


def test_a_key_belongs_to_one_request_of_one_token(program, tags, lea):
    key = {"Idempotency-Key": "a-key"}
    program.post(tags, {"name": "Shop"}, headers=key)

    other = program.post(tags, {"name": "Mail"}, headers=key)
    assert error(other) == (422, "idempotency_key_reused")
    assert names() == ["Shop"]

    another = Program(make_token(lea)).post(tags, {"name": "Mail"}, headers=key)
    assert another.status_code == 201
    assert names() == ["Mail", "Shop"]


def test_what_the_frame_refuses_claims_no_key(program, tags):
    key = {"Idempotency-Key": "a-key"}
    refused = program.post(tags, {"name": ""}, headers=key)

    assert error(refused) == (422, "validation_failed")
    assert IdempotentAnswer.objects.count() == 0
    assert program.post(tags, {"name": "Shop"}, headers=key).status_code == 201


def test_what_a_room_refuses_is_repeated_too(program, tags):
    key = {"Idempotency-Key": "a-key"}
    program.post(tags, {"name": "Shop"})
    first = program.post(tags, {"name": "Shop"}, headers=key)
    Tag.objects.all().delete()
    again = program.post(tags, {"name": "Shop"}, headers=key)

    assert first.status_code == again.status_code == 422
    assert first.content == again.content
    assert names() == []


def test_a_failure_of_ours_is_not_kept(program, tags, monkeypatch):
    key = {"Idempotency-Key": "a-key"}
    real = replies.success

    def fails(*_args):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(replies, "success", fails)
    failed = program.post(tags, {"name": "Shop"}, headers=key)
    assert error(failed) == (500, "unexpected_error")
    assert names() == []
    assert IdempotentAnswer.objects.count() == 0

    monkeypatch.setattr(replies, "success", real)
    assert program.post(tags, {"name": "Shop"}, headers=key).status_code == 201


def test_a_request_that_runs_holds_its_key_for_the_lease(program, tags, clock):
    set_number("api.idempotency_lease_seconds", 40)
    key = {"Idempotency-Key": "a-key"}
    program.post(tags, {"name": "Shop"}, headers=key)
    IdempotentAnswer.objects.update(status=None)
    Tag.objects.all().delete()

    clock.move(timedelta(seconds=39))
    held = program.post(tags, {"name": "Shop"}, headers=key)
    assert error(held) == (409, "request_in_progress")
    assert held.headers["retry-after"] == "1"
    assert names() == []

    clock.move(timedelta(seconds=2))
    assert program.post(tags, {"name": "Shop"}, headers=key).status_code == 201


def test_answers_are_kept_for_their_hours(program, tags, clock):
    set_number("api.idempotency_hours", 3)
    key = {"Idempotency-Key": "a-key"}
    program.post(tags, {"name": "Shop"}, headers=key)

    clock.move(timedelta(hours=3, seconds=-5))
    idempotency.purge({})
    assert IdempotentAnswer.objects.count() == 1
    clock.move(timedelta(seconds=10))
    idempotency.purge({})
    assert IdempotentAnswer.objects.count() == 0


# ---- entity tags, dry runs, writes without effect --------------------------------------------


def test_what_is_at_hand_already_is_not_sent_again(program):
    first = program.get("/1/countries")
    again = program.get("/1/countries", headers={"If-None-Match": first.headers["etag"]})
    other = program.get("/1/countries", headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_a_write_can_depend_on_what_was_read(program):
    before = program.get("/2/profile")
    told = {"If-Match": before.headers["etag"]}

    assert program.patch("/2/profile", {"firstname": "Lena"}, headers=told).status_code == 200
    late = program.patch("/2/profile", {"firstname": "Lisa"}, headers=told)
    assert error(late) == (412, "precondition_failed")
    assert data(program.get("/2/profile"))["firstname"] == "Lena"


def test_a_dry_run_tells_what_would_be_and_leaves_nothing(program, tags):
    would = program.post(tags, {"name": "Shop"}, params={"dry_run": "true"})

    assert would.status_code == 200
    assert would.json()["dry_run"] is True
    assert data(would)["name"] == "Shop"
    assert names() == []


def test_a_write_that_changes_nothing_says_so(program):
    name = data(program.get("/2/profile"))["firstname"]

    assert error(program.patch("/2/profile", {"firstname": name})) == (422, "nothing_changed")


# ---- tokens, bodies, methods -----------------------------------------------------------------


def test_a_signed_in_browser_is_nobody_here(site, sign_in, lea):
    sign_in(site, lea)

    answer = site.get("/api/2/profile")
    assert error(answer) == (401, "not_authorized")


def test_forms_are_read_like_json(program, tags):
    made = program.request("POST", tags, data={"name": "Shop", "color_id": "3"})

    assert data(made)["color_id"] == 3


def test_only_a_post_can_mean_another_method(program, tags):
    made = data(program.post(tags, {"name": "Shop"}))
    one = f"{tags}/{made['id']}"
    override = {"X-HTTP-METHOD-OVERRIDE": "DELETE"}

    program.get(tags, headers=override)
    assert names() == ["Shop"]
    wrong = program.post(one, headers={"X-HTTP-METHOD-OVERRIDE": "GET"})
    assert faults(wrong) == {("_method", "validation_rule_in")}
    assert program.post(one, headers=override).status_code == 200
    assert names() == []


def test_a_body_has_its_limit(program, tags):
    answer = program.post(tags, {"name": "x" * (1024 * 1024)})

    assert error(answer) == (413, "body_too_large")
    assert names() == []


# ---- pages -----------------------------------------------------------------------------------


def test_pages_are_as_large_as_the_numbers_say(program):
    set_number("api.page_size", 7)
    told = program.get("/1/countries", params={"page": 1}).json()
    assert (len(told["data"]), told["items_per_page"]) == (7, 7)

    set_number("api.largest_page", 5)
    answer = program.get("/1/countries", params={"per_page": 6})
    assert faults(answer) == {("per_page", "validation_rule_max")}
    assert len(data(program.get("/1/countries", params={"per_page": 5}))) == 5


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
def test_pages_and_cursors_cut_a_list_without_gap_or_overlap(program, tags, lea, size):
    from hospes.organizations.models import Organization

    set_number("api.requests", 10000)
    organization = Organization.objects.get(pk=int(tags.split("/")[3]))
    Tag.objects.bulk_create(
        Tag(organization=organization, name=f"Tag {number % 3} {number}") for number in range(9)
    )
    words = {"order_by": "name", "order": "desc"}
    everything = [each["id"] for each in data(program.get(tags, params=words))]

    paged: list[int] = []
    first = program.get(tags, params={**words, "page": 1, "per_page": size}).json()
    for page in range(1, first["pages"] + 1):
        part = data(program.get(tags, params={**words, "page": page, "per_page": size}))
        paged += [each["id"] for each in part]

    told = program.get(tags, params={**words, "limit": size}).json()
    followed = [each["id"] for each in told["data"]]
    while told["cursor"]:
        params = {**words, "limit": size, "cursor": told["cursor"]}
        told = program.get(tags, params=params).json()
        followed += [each["id"] for each in told["data"]]

    assert len(everything) == first["total"] == 9
    assert paged == everything
    assert followed == everything
