"""``/profile/applications/passwords`` over the whole stack behind the token gate."""

from __future__ import annotations

import pytest

from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, ApplicationPassword
from support.api import Api, data, error, faults
from support.people import PASSWORD

PATH = "/2/profile/applications/passwords"
BODY = {"name": "Calendar", "current_password": PASSWORD}


@pytest.fixture
def api(anna):
    return Api(anna, "profile:read", "profile:write")


def test_made_listed_shown_and_revoked(api, anna, server, mailbox):
    mail = server()
    answer = api.post(PATH, BODY)
    assert answer.status_code == 201
    made = data(answer)
    value = made.pop("password")
    assert mail.admits(value)
    assert (made["name"], made["last_used_at"], made["last_used_by"]) == ("Calendar", None, None)
    told = mailbox.to(anna.email)[-1]
    assert told.subject == "An application password was created"
    assert "“Calendar”" in told.text
    assert value not in told.text

    seen = data(api.get(f"{PATH}/{made['id']}"))
    assert seen["last_used_by"] == "Mail server"
    assert data(api.get(PATH)) == [seen]
    assert "password" not in seen
    assert data(api.delete(f"{PATH}/{made['id']}")) is True
    assert not mail.admits(value)
    assert data(api.get(PATH)) == []
    for method in ("GET", "DELETE"):
        assert error(api.request(method, f"{PATH}/{made['id']}")) == (404, "object_not_found")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "identity.application_password_created",
        "identity.application_password_revoked",
    ]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"name": "Calendar"}, {("current_password", "validation_rule_required")}),
        ({"current_password": PASSWORD}, {("name", "validation_rule_required")}),
        ({**BODY, "name": "  "}, {("name", "validation_rule_required")}),
        ({**BODY, "name": "x" * 101}, {("name", "validation_rule_max")}),
        ({**BODY, "name": "a\u202eb"}, {("name", "validation_rule_characters")}),
        ({**BODY, "current_password": "no"}, {("current_password", "validation_rule_wrong")}),
        (
            {"name": "x", "current_password": PASSWORD, "password": "mine"},
            {("password", "validation_rule_unknown")},
        ),
    ],
)
def test_what_is_wrong_makes_nothing(api, body, wrong):
    answer = api.post(PATH, body)
    assert answer.status_code == 422, answer.text
    assert {attribute for attribute, _ in faults(answer)} == {name for name, _ in wrong}
    assert not ApplicationPassword.objects.exists()


def test_a_wrong_password_counts_like_one_at_the_sign_in(api, anna):
    before = Account.objects.get(pk=anna.pk).failed_passwords
    api.post(PATH, {**BODY, "current_password": "no, not this"})
    assert Account.objects.get(pk=anna.pk).failed_passwords == before + 1


def test_others_ones_are_not_there(api, bruno, make, server):
    value, mail = make(bruno), server()
    foreign = ApplicationPassword.objects.get().pk
    for method in ("GET", "DELETE"):
        assert error(api.request(method, f"{PATH}/{foreign}")) == (404, "object_not_found")
    assert data(api.get(PATH)) == []
    assert mail.admits(value)


def test_a_token_needs_the_scope(anna, make):
    make(anna)
    number = ApplicationPassword.objects.get().pk
    reading = Api(anna, "profile:read")
    assert error(reading.post(PATH, BODY)) == (403, "forbidden")
    assert error(reading.delete(f"{PATH}/{number}")) == (403, "forbidden")
    assert error(Api(anna, "profile:write").get(PATH)) == (403, "forbidden")
    assert ApplicationPassword.objects.get().revoked_at is None
