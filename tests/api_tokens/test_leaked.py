"""Reporting tokens that were found in the open."""

from __future__ import annotations

import pytest

from hospes.api.models import ApiToken
from hospes.foundation import numbers
from support.api_tokens import Program, make_token, row_of


def report(content, **options):
    return Program().post("/1/tokens/leaked", content, **options)


def test_revoked_and_told_with_one_answer_for_all(anna, bruno, mailbox):
    token, other, unlisted = make_token(anna, name="CI"), make_token(bruno), make_token(bruno)
    answer = report({"tokens": [token, other, "hsp_pat_" + "0" * 36, "nothing", "\0"]})
    assert (answer.status_code, answer.json()["data"]) == (200, True)
    nothing = report({"tokens": ["hsp_pat_" + "x" * 36]})
    assert (nothing.status_code, nothing.content) == (200, answer.content)
    assert [Program(t).get("/1/ping").status_code for t in (token, other, unlisted)] == [
        401, 401, 200,
    ]  # fmt: skip
    [letter] = mailbox.to(anna.email)
    assert letter.subject == "An API token was found in the open and revoked"
    assert "CI" in letter.text
    assert token not in letter.text
    report({"tokens": [token]})
    assert len(mailbox.to(anna.email)) == 1


@pytest.mark.parametrize(
    "content",
    [{}, {"tokens": []}, {"tokens": "x"}, {"tokens": [1, None]}, {"tokens": ["x"] * 101},
     {"tokens": ["x"], "more": 1}],
)  # fmt: skip
def test_what_is_no_report(anna, content):
    token = make_token(anna)
    answer = report(content)
    assert answer.status_code == 422
    assert answer.json()["error"]["errors"]
    assert row_of(token).revoked_at is None


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"\xff", b"[" * 30000])
def test_what_is_no_json(body):
    answer = Program().request("POST", "/1/tokens/leaked", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_json"


def test_other_methods_and_scripts_of_other_origins():
    assert Program().get("/1/tokens/leaked").status_code == 405
    preflight = Program().request("OPTIONS", "/1/tokens/leaked")
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Methods"] == "POST"


def test_at_most_so_many_reports_of_a_network(anna):
    limit = numbers.get("api.leak_reports_per_network")
    for _ in range(limit):
        assert report({"tokens": ["x"]}).status_code == 200
    token = make_token(anna)
    refused = report({"tokens": [token]})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert row_of(token).revoked_at is None
    elsewhere = Program(ip="198.51.100.9").post("/tokens/leaked", {"tokens": [token]})
    assert elsewhere.status_code == 200
    assert ApiToken.objects.get().revoked_at
