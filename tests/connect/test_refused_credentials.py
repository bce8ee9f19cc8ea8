"""What an application's owner reads of requests that did not prove to be the application's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from connect.till import Machine

from hospes.connect.domain import events
from hospes.connect.models import ApplicationEvent, Token
from hospes.foundation import clock as product_clock

WRONG = "hsp_cs_wrong-and-never-to-be-written-down"


@pytest.fixture
def machine(register):
    return Machine(register(type="other", name="Nightly job", redirect_uris=()))


@pytest.fixture
def owners(site, owner, sign_in):
    """Return the owner's browser."""
    sign_in(site, owner)
    return site


def written(application):
    found = ApplicationEvent.objects.filter(application=application).order_by("pk")
    return [(event.kind, event.detail, event.address) for event in found]


def read(owners, application):
    owners.get(f"/auth/applications/{application.client_id}/log")
    return owners.page.text


@pytest.mark.parametrize("path", ["/token", "/oauth2/introspect", "/oauth2/revoke"])
@pytest.mark.parametrize("kept", [True, False])
def test_a_wrong_secret_stands_in_the_log_and_is_not_written_down(owners, machine, path, kept):
    # Also where the hot plane has the application in memory.
    if kept:
        assert machine.token(machine.secret).status_code == 200
    before = Token.objects.count()
    answer = machine.send(path, WRONG, grant_type="client_credentials", token="hsp_at_x")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "wrong" not in answer.text
    detail = {
        "endpoint": path,
        "error": "invalid_client",
        "reason": "The client secret is wrong.",
    }
    assert written(machine.application) == [("client_refused", detail, "203.0.113.7")]
    assert Token.objects.count() == before
    told = read(owners, machine.application)
    assert "Credentials refused" in told
    assert f"{path}: invalid_client: The client secret is wrong." in told
    assert WRONG not in owners.page.html


def test_a_secret_that_has_ended_is_named_by_its_last_characters(
    owners, owner, machine, clock, sign_in
):
    first = machine.secret
    owners.get(f"/auth/applications/{machine.application.client_id}/secret")
    owners.submit({"old": "keep"})
    assert machine.token(first).status_code == 200
    clock.move(timedelta(hours=25))
    assert machine.token(first).status_code == 401
    sign_in(owners, owner)
    assert f"The client secret …{first[-4:]} has ended" in read(owners, machine.application)
    assert first not in owners.page.html


def test_a_secret_ended_at_once_is_told_from_a_wrong_one(owners, machine):
    owners.get(f"/auth/applications/{machine.application.client_id}/secret")
    owners.submit({"old": "end"})
    assert machine.token(machine.secret).status_code == 401
    (event,) = written(machine.application)
    assert event[1]["reason"] == (
        f"The client secret …{machine.secret[-4:]} has ended: it was replaced."
    )


def test_a_request_without_a_secret_is_told_from_a_wrong_one(machine):
    form = {"client_id": machine.application.client_id, "grant_type": "client_credentials"}
    assert machine.client.post("/token", data=form).status_code == 401
    (event,) = written(machine.application)
    assert event[1]["reason"] == "No client secret was sent."


def test_an_app_that_sends_a_secret_or_asks_about_tokens_reads_why(register):
    app = Machine(register(type="mobile", redirect_uris=("com.example.app:/cb",)))
    form = {"code": "x", "redirect_uri": "com.example.app:/cb"}
    app.send("/token", WRONG, grant_type="authorization_code", **form)
    app.client.post(
        "/oauth2/introspect", data={"client_id": app.application.client_id, "token": "hsp_at_x"}
    )
    assert [
        (kind, detail["endpoint"], detail["reason"]) for kind, detail, _ in written(app.application)
    ] == [
        ("client_refused", "/token", "A secret was sent, and a Mobile application has none."),
        (
            "client_refused",
            "/oauth2/introspect",
            "A Mobile application has no secret to prove itself with.",
        ),
    ]


def test_a_phone_request_with_a_wrong_secret_stands_in_the_log(till):
    till.secret = WRONG
    assert till.ask().status_code == 401
    (event,) = written(till.application)
    assert event[0] == "client_refused"
    assert event[1]["endpoint"] == "/oauth2/backchannel-authenticate"


def test_a_grant_type_that_does_not_exist_stands_in_the_log(owners, machine):
    answer = machine.token(machine.secret, "password")
    assert answer.json()["error"] == "unsupported_grant_type"
    (event,) = written(machine.application)
    assert (event[0], event[1]["error"]) == ("token_refused", "unsupported_grant_type")
    assert machine.secret not in str(event)
    assert "unsupported_grant_type: grant_type must be one of" in read(owners, machine.application)


def test_who_names_no_application_leaves_nothing(machine):
    form = {"grant_type": "client_credentials", "client_secret": WRONG}
    for client_id in ("nobody", "", machine.application.client_id + "x"):
        answer = machine.client.post("/token", data={**form, "client_id": client_id})
        assert answer.status_code in {400, 401}
    machine.client.post("/token", data=form | {"grant_type": "password", "client_id": "nobody"})
    machine.client.post("/token", data=form, headers={"Authorization": "Basic ???"})
    assert not ApplicationEvent.objects.exists()


def test_a_flood_of_wrong_secrets_leaves_a_bounded_number_of_rows(machine, clock):
    clock.move(timedelta(seconds=60 - product_clock.timestamp() % 60))
    for number in range(events.REFUSALS_KEPT_PER_MINUTE + 5):
        grant_type = "password" if number % 2 else "client_credentials"
        machine.token(WRONG, grant_type)
    kinds = [kind for kind, _detail, _address in written(machine.application)]
    kept = events.REFUSALS_KEPT_PER_MINUTE
    assert kinds.count("client_refused") + kinds.count("token_refused") == kept
    assert kinds.count("not_kept") == 1
    assert machine.token(machine.secret).status_code == 200


def test_a_success_writes_no_line(till, machine):
    assert machine.token(machine.secret).status_code == 200
    assert machine.send("/oauth2/revoke", machine.secret, token="hsp_at_x").status_code == 200
    assert not ApplicationEvent.objects.exists()
