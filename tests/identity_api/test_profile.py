"""``/profile`` over the whole stack behind the token gate."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from hospes.identity.models import Account
from hospes.identity.services import credentials
from support import two_step
from support.api import Api, data, error, faults
from support.organizations import make_organization
from support.people import PASSWORD

KNOWN = {"current_password": PASSWORD}


@pytest.fixture
def anna(make_account):
    return make_account("anna@customer.example")


@pytest.fixture
def api(anna):
    return Api(anna, "profile:read", "profile:write")


def stored(account):
    return Account.objects.get(pk=account.pk)


def test_the_same_under_every_address_of_it(api, anna):
    for path in ("/2/profile", "/1/profile", "/profile"):
        found = data(api.get(path))
        assert (found["id"], found["email"]) == (anna.pk, "anna@customer.example")
    assert "security" not in found
    found = data(api.get("/2/profile", **{"with": "security,emails"}))
    assert found["security"]["double_auth"] is False
    assert [each["type"] for each in found["emails"]] == ["primary"]


def test_what_a_person_has_settled_is_told_by_subject(api, anna):
    Account.objects.filter(pk=anna.pk).update(
        locale="de", timezone="Asia/Kathmandu", mail_on_sign_in=True, lock_after_failures=9
    )
    found = data(api.get("/2/profile"))

    assert (found["first_name"], found["last_name"]) == (anna.first_name, anna.last_name)
    settled = found["preferences"]
    assert settled["account"]["last_login_at"] is None
    assert settled["connection"] == {
        "successful_notification": True,
        "unsuccessful_notification": anna.mail_on_failed_sign_in,
        "unsuccessful_limit": True,
        "unsuccessful_rate_limit": 9,
    }
    assert (settled["language"]["id"], settled["language"]["name"]) == (3, "Deutsch")
    assert settled["timezone"]["gmt"] == "+05:45"
    assert "security" not in settled


def test_the_current_organization_is_the_tokens_or_the_one_joined_first(anna):
    first, second = anna.memberships.get().organization, make_organization(anna, "Second")

    def current(**limits):
        found = data(Api(anna, "profile:read", **limits).get("/2/profile"))
        return found["preferences"]["account"]["current_account_id"]

    assert current() == first.pk
    assert current(organization_id=second.pk) == second.pk
    assert current(organization_id=second.pk + 1000) is None
    anna.memberships.all().delete()
    assert current() is None


def test_each_protection_is_a_point(api, anna):
    def security():
        found = data(api.get("/2/profile", **{"with": "security", "no_avatar_default": "1"}))
        assert found["preferences"]["security"] == found["security"]
        return found["security"]

    bare = security()
    assert (bare["double_auth"], bare["otp"], bare["double_auth_method"]) == (False, False, "")
    changes = {
        "recovery_email": "anna@elsewhere.example",
        "recovery_email_verified_at": anna.created_at,
        "recovery_phone": "+41791234567",
        "recovery_phone_verified_at": anna.created_at,
    }
    Account.objects.filter(pk=anna.pk).update(**changes)
    two_step.add_method(anna)
    better = security()
    assert (better["double_auth"], better["otp"], better["double_auth_method"]) == (
        True, True, "totp",
    )  # fmt: skip
    assert better["sms"] is better["passkey"] is better["authenticator"] is False
    has_codes = better["remaining_rescue_code"] > 0
    assert better["score"] == bare["score"] + 3 + has_codes


def test_a_token_needs_the_scope(anna):
    reading = Api(anna, "profile:read")

    answer = reading.patch("/2/profile", {"firstname": "Eve"})
    assert error(answer) == (403, "forbidden")
    assert "profile:write" in answer.text
    assert error(Api(anna, "accounts:read").get("/2/profile")) == (403, "forbidden")
    assert stored(anna).first_name == "Anna"


def test_names_language_and_zone_are_changed(api, anna):
    body = {"firstname": "Anne", "language_id": 1, "timezone": "Europe/Zurich"}

    found = data(api.patch("/2/profile", body))
    assert (found["firstname"], found["locale"], found["timezone"]) == (
        "Anne", "fr_FR", "Europe/Zurich",
    )  # fmt: skip
    zone = data(api.patch("/2/profile", {"timezone": "Europe/Paris"}))["timezone_id"]
    api.patch("/2/profile", {"timezone": "UTC"})
    assert data(api.patch("/2/profile", {"timezone_id": zone}))["timezone"] == "Europe/Paris"
    assert error(api.patch("/2/profile", {"firstname": "Anne"})) == (422, "nothing_changed")


def test_every_fault_is_told_at_once(api, anna):
    answer = api.patch(
        "/2/profile", {"language_id": 77, "timezone_id": 5, "locale": "fr_FR", "firstname": "Eve"}
    )

    assert faults(answer) >= {
        ("language_id", "validation_rule_in"),
        ("timezone_id", "validation_rule_exists"),
        ("language_id", "validation_rule_conflict"),
    }
    assert stored(anna).first_name == "Anna"


def test_a_dry_run_changes_nothing(api, anna):
    answer = api.request("PATCH", "/2/profile", json={"firstname": "Eve"}, params={"dry_run": 1})

    assert data(answer)["firstname"] == "Eve"
    assert stored(anna).first_name == "Anna"


def test_a_new_password_takes_the_present_one(api, anna):
    new = "seven herons above the weir 52"

    assert faults(api.patch("/2/profile", {"password": new})) == {
        ("current_password", "validation_rule_required")
    }
    wrong = api.patch("/2/profile", {"password": new, "current_password": "not it at all"})
    assert {attribute for attribute, _ in faults(wrong)} == {"current_password"}
    assert credentials.verify_password(stored(anna), PASSWORD)
    weak = api.patch("/2/profile", {"password": "short", "current_password": PASSWORD})
    assert "password" in {attribute for attribute, _ in faults(weak)}
    assert (
        api.patch("/2/profile", {"password": new, "current_password": PASSWORD}).status_code == 200
    )
    assert credentials.verify_password(stored(anna), new)


def test_a_new_address_counts_once_its_link_was_used(api, anna, mailbox):
    body = {"email": "anna.new@customer.example"}

    assert error(api.patch("/2/profile", body))[0] == 422
    answer = api.patch("/2/profile", {**body, "current_password": PASSWORD})
    assert data(answer)["email"] == "anna@customer.example"
    assert len(mailbox.to("anna.new@customer.example")) == 1


def test_rules_of_signing_in(api, anna):
    found = data(api.patch("/2/profile", {"unsuccessful_connexion_rate_limit": 7, **KNOWN}))
    assert (found["unsuccessful_connexion_limit"], stored(anna).lock_after_failures) == (True, 7)
    found = data(api.patch("/2/profile", {"unsuccessful_connexion_limit": False, **KNOWN}))
    assert found["unsuccessful_connexion_rate_limit"] is None
    assert error(api.patch("/2/profile", {"unsuccessful_connexion_rate_limit": 101}))[0] == 422


def test_recovery_contacts(api, anna, mailbox):
    body = {
        "reminder_phone": "+41791234567",
        "reminder_email": "other@mail.example",
        "current_password": PASSWORD,
    }
    assert api.patch("/2/profile", body).status_code == 200
    assert len(mailbox.to("other@mail.example")) == 1
    assert data(api.get("/2/profile/phones"))[0]["phone"] == "+41791234567"
    assert data(api.get("/2/profile/phones/1"))["checked_at"] is None
    assert data(api.delete("/2/profile/phones/1", KNOWN)) is True
    assert error(api.delete("/2/profile/phones/1", KNOWN))[0] == 404
    assert error(api.delete("/2/profile/emails/primary/1", KNOWN))[0] == 422
    assert stored(anna).email == "anna@customer.example"


def test_the_avatar_comes_and_goes(api, anna):
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "PNG")
    picture = base64.b64encode(file.getvalue()).decode()

    found = data(api.post("/2/profile/avatar", {"avatar": picture, "encoding": "base64"}))
    assert found["avatar"].startswith("https://")
    broken = api.post("/2/profile/avatar", {"avatar": "%%%", "encoding": "base64"})
    assert {attribute for attribute, _ in faults(broken)} == {"avatar"}
    assert data(api.delete("/2/profile/avatar")) is True
    assert error(api.delete("/2/profile/avatar"))[0] == 404
    assert stored(anna).picture == ""


def test_a_refusal_leaves_nothing_and_a_guess_counts(api, anna):
    wrong = {"firstname": "Eve", "email": "new@customer.example", "current_password": "no"}

    assert error(api.patch("/2/profile", wrong))[0] == 422
    mixed = {"firstname": "Eve", "email": "nonsense", **KNOWN}
    assert error(api.patch("/2/profile", mixed))[0] == 422
    assert stored(anna).first_name == "Anna"
    assert stored(anna).failed_passwords == 1
    # A dry run guesses no more cheaply.
    for _ in range(30):
        answer = api.request("PATCH", "/2/profile", json=wrong, params={"dry_run": 1})
    assert error(answer) == (429, "too_many_request")
    assert answer.json()["error"]["context"]["reason"] == "throttled"
    assert int(answer.headers["retry-after"]) >= 60


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"unsuccessful_connexion_limit": True}),
        ("PATCH", "", {"reminder_phone": ""}),
        ("DELETE", "/phones/1", None),
        ("DELETE", "/emails/recovery/2", None),
    ],
)
def test_what_could_lock_the_owner_out_takes_the_password(api, anna, method, path, body):
    Account.objects.filter(pk=anna.pk).update(
        recovery_phone="+41791234567", recovery_email="r@mail.example"
    )

    answer = api.request(method, f"/2/profile{path}", json=body)
    assert ("current_password", "validation_rule_required") in faults(answer)
    kept = stored(anna)
    assert (kept.recovery_phone, kept.recovery_email) == ("+41791234567", "r@mail.example")
    assert kept.lock_after_failures is None
