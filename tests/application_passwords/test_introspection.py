"""What a mail server learns of an application password, and who else learns nothing."""

from __future__ import annotations

import pytest

from hospes.connect.services.password_trust import allow_passwords, forbid_passwords
from hospes.foundation import clock as product_clock
from hospes.foundation.models import AuditEntry
from hospes.identity.models import Account, ApplicationPassword
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.kit.stand_ins import is_one

INACTIVE = {"active": False}


def test_a_trusted_application_is_told_whose_it_is(server, make, anna):
    value = make(anna)
    row = ApplicationPassword.objects.get()

    told = server().ask(value)
    assert told == {
        "active": True,
        "iss": "https://hospes.test",
        "iat": row.created_at,
        "sub": anna.public_id,
        "username": "anna@customer.example",
        "scope": "application_password",
    }


def test_it_may_be_typed_in_any_way(server, make, anna):
    mail, value = server(), make(anna)
    bare = value.replace("-", "")

    for typed in (bare, value.upper(), value.replace("-", " "), f"{bare[:10]} {bare[10:].upper()}"):
        assert mail.admits(typed)
    for typed in (bare[:-1], f"{bare}a", f"{bare[:-1]}{'a' if bare[-1] != 'a' else 'b'}", ""):
        assert not typed or mail.ask(typed) == INACTIVE


def test_every_other_application_is_answered_as_for_an_unknown_one(server, make, anna):
    value, stranger = make(anna), server("Flower shop", trusted=False)

    known = stranger.site.client.post(
        "/oauth2/introspect",
        data={"token": value},
        auth=(stranger.application.client_id, stranger.secret),
    )
    unknown = stranger.site.client.post(
        "/oauth2/introspect",
        data={"token": "abcd-efgh-jkmn-pqrs-tuvw"},
        auth=(stranger.application.client_id, stranger.secret),
    )
    assert known.json() == unknown.json() == INACTIVE
    varying = {"x-request-id", "date"}
    assert {k: v for k, v in known.headers.items() if k not in varying} == {
        k: v for k, v in unknown.headers.items() if k not in varying
    }
    assert ApplicationPassword.objects.get().last_used_at is None


def test_who_cannot_prove_itself_is_told_nothing(server, make, anna):
    mail, value = server(), make(anna)

    answer = mail.site.client.post(
        "/oauth2/introspect",
        data={"token": value},
        auth=(mail.application.client_id, "not the secret"),
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert ApplicationPassword.objects.get().last_used_at is None


def test_trust_counts_from_the_very_next_question(server, make, anna):
    mail, value = server(trusted=False), make(anna)
    client_id = mail.application.client_id
    seen = [mail.admits(value)]
    for change in (allow_passwords, forbid_passwords, allow_passwords):
        change(client_id, origin=SYSTEM)
        seen.append(mail.admits(value))

    assert seen == [False, True, False, True]
    actions = list(
        AuditEntry.objects.filter(target=client_id, action__contains="passwords")
        .order_by("pk")
        .values_list("action", "organization_id")
    )
    owner = mail.application.organization_id
    assert actions == [
        ("connect.passwords_allowed", owner),
        ("connect.passwords_forbidden", owner),
        ("connect.passwords_allowed", owner),
    ]
    with pytest.raises(Refused):
        allow_passwords(client_id, origin=SYSTEM)


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({}, True),
        ({"state": Account.State.LOCKED}, False),
        ({"state": Account.State.LOCKED, "locked_by_staff": True}, False),
        ({"state": Account.State.DELETED}, False),
        ({"email": "ak1234@temporary.invalid"}, None),
    ],
)
def test_where_nobody_signs_in_it_opens_nothing(server, make, anna, change, right):
    mail, value = server(), make(anna)
    Account.objects.filter(pk=anna.pk).update(**change)

    expected = not is_one(change["email"]) if right is None else right
    assert mail.admits(value) is expected


def test_the_last_use_is_noted_once_a_minute_and_with_whom(server, make, anna, clock):
    from datetime import timedelta

    mail, calendar, value = server(), server("Calendar"), make(anna)
    begun = product_clock.timestamp()
    mail.ask(value)
    calendar.ask(value)
    row = ApplicationPassword.objects.get()
    assert begun <= row.last_used_at <= begun + 5
    assert row.last_used_by == "Mail server"

    clock.move(timedelta(seconds=61))
    calendar.ask(value)
    after = ApplicationPassword.objects.get()
    assert after.last_used_at >= row.last_used_at + 60
    assert after.last_used_by == "Calendar"


def test_it_opens_nothing_else(server, make, anna, site):
    value = make(anna)
    mail = server()

    assert not site.client.post(
        "/sign-in", data={"email": anna.email, "password": value}
    ).headers.get("location")
    headers = {"Authorization": f"Bearer {value}"}
    assert site.client.get("/api/2/profile", headers=headers).status_code == 401
    assert site.client.get("/oauth2/userinfo", headers=headers).status_code == 401
    # The application may ask about it, and not end it.
    mail.site.client.post(
        "/oauth2/revoke", data={"token": value}, auth=(mail.application.client_id, mail.secret)
    )
    assert mail.admits(value)
    assert value.replace("-", "") not in str(ApplicationPassword.objects.values().get())
