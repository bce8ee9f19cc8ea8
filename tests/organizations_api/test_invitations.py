"""Invitations over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.organizations.models import Invitation
from support.api import data, error, faults

NORA = {
    "email": "nora@books.example",
    "first_name": "Nora",
    "last_name": "Whitfield",
    "locale": "fr_FR",
    "role_type": "normal",
}


@pytest.fixture
def path(house):
    return f"/1/accounts/{house.organization.pk}/invitations"


def test_somebody_is_invited_and_the_link_shown_once(api, house, path, mailbox):
    team = house.organization.teams.create(
        name="Web", name_key="web", created_at="2026-01-01T00:00Z", updated_at="2026-01-01T00:00Z"
    )
    body = {
        **NORA,
        "teams": [team.pk],
        "notifications": {"billing": False},
        "permissions": {
            "billing": True,
            "products": [{"product_id": house.shop.pk, "rights": ["technical"]}],
        },
    }
    answer = api().request("POST", path, json=body, params={"with": "team_ids,permissions"})

    assert answer.status_code == 201, answer.text
    made = data(answer)
    assert made["locale"] == "fr_FR"
    assert made["strict"] is True
    assert made["team_ids"] == [team.pk]
    assert made["has_billing"] is True
    assert made["has_billing_mailing"] is False
    assert made["permissions"][0]["product_id"] == house.shop.pk
    assert made["url_accept"].startswith("https://")
    assert made["qr_code"].startswith("data:image/svg+xml")
    later = data(api().get(f"{path}/{made['id']}"))
    assert "url_accept" not in later
    assert made["url_accept"].rsplit("/", 1)[1] not in str(Invitation.objects.values())
    assert len(mailbox.to("nora@books.example")) == 1


def test_a_silent_invitation_sends_no_mail(api, path, mailbox):
    assert data(api().post(path, {**NORA, "silent": True}))["sent_at"] is None
    assert not mailbox.to("nora@books.example")


def test_an_address_is_asked_once(api, house, path):
    data(api().post(path, NORA))

    assert error(api().post(path, NORA)) == (409, "object_already_exists")
    member = api().post(path, {**NORA, "email": "normal@house.example"})
    assert error(member) == (409, "object_already_exists")
    assert Invitation.objects.count() == 1


def test_every_fault_is_told_at_once(api, path):
    answer = api().post(path, {"email": "a", "locale": "tlh", "role_type": "king", "x": 1})

    assert {attribute for attribute, _ in faults(answer)} >= {
        "email", "first_name", "last_name", "role_type", "x",
    }  # fmt: skip
    assert not Invitation.objects.exists()


def test_an_invitation_is_changed_sent_again_and_cancelled(api, house, path):
    made = data(api().post(path, NORA))
    there = f"{path}/{made['id']}"

    changed = data(api().patch(there, {"role_type": "client", "language_id": 3}))
    assert (changed["role_type"], changed["locale"]) == ("client", "de_DE")
    assert faults(api().patch(there, {"language_id": 77})) == {
        ("language_id", "validation_rule_in")
    }
    again = data(api().post(f"{there}/resend"))
    assert again["url_accept"] != made["url_accept"]
    assert data(api().delete(there)) is True
    assert data(api().get(there))["status"] == "cancelled"
    assert error(api().delete(there))[0] == 422


def test_lists_are_narrowed_by_state(api, path, clock):
    first = data(api().post(path, NORA))
    clock.move(timedelta(days=15))
    data(api().post(path, {**NORA, "email": "other@books.example"}))

    waiting = data(api().get(path, **{"filter[status]": "pending"}))
    assert [each["email"] for each in waiting] == ["other@books.example"]
    expired = data(api().get(path, **{"filter[status]": "expired"}))
    assert [each["id"] for each in expired] == [first["id"]]


def test_an_administrator_invites_no_legal_representative(api, path):
    answer = api("admin").post(path, {**NORA, "role_type": "owner"})

    assert answer.status_code in {403, 422}
    assert not Invitation.objects.exists()
    assert api("owner").post(path, {**NORA, "role_type": "owner"}).status_code == 201


@pytest.mark.parametrize(("role", "told"), [("normal", 403), ("client", 403), ("stranger", 404)])
def test_only_those_who_lead_invite(api, path, role, told):
    made = data(api().post(path, NORA))
    before = list(Invitation.objects.values())
    client = api(role)

    for answer in (
        client.get(path),
        client.post(path, {**NORA, "email": "x@books.example"}),
        client.patch(f"{path}/{made['id']}", {"role_type": "client"}),
        client.post(f"{path}/{made['id']}/resend"),
        client.delete(f"{path}/{made['id']}"),
    ):
        assert answer.status_code == told
    assert list(Invitation.objects.values()) == before
