"""Approval on the phone: telling the application of answers, and its owner's setting."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from connect.till import ASK, Till, consent, tables

from hospes.connect.gateways import notifications
from hospes.connect.models import (
    Application,
    BackchannelRequest,
)
from hospes.connect.services import backchannel as service
from hospes.foundation.models import AuditEntry, Job
from support.push_service import HOST, PushService

ENDPOINT = f"https://{HOST}/answers"
TOKEN = "8d67dc78-7faa-4d41-aabd-67707b374255"


class Notified(PushService):
    """The application's own server, which is told of answers."""

    def verified(self, authorization):
        """Return who says that it calls."""
        scheme, _, token = authorization.partition(" ")
        return {"scheme": scheme}, token


@pytest.fixture
def server(tmp_path, monkeypatch):
    with Notified(tmp_path) as running:
        monkeypatch.setattr(notifications, "CLIENT", running.client())
        yield running


@pytest.fixture
def pinged(register, payer):
    till = Till(register(backchannel_mode="ping", backchannel_notification_endpoint=ENDPOINT))
    consent(payer, till.application)
    return till


def pings():
    return list(
        Job.objects.filter(task=service.PING).order_by("pk").values_list("state", flat=True)
    )


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_application_is_told_that_there_is_an_answer(pinged, phone, server, mailbox, answer):
    assert pinged.ask(client_notification_token=TOKEN).status_code == 200
    row = BackchannelRequest.objects.get()
    assert TOKEN not in row.notification_sealed
    assert pinged.auth_req_id not in row.notification_sealed
    mailbox.deliver()
    assert server.received == []
    shown = phone.challenge()
    (phone.approve if answer == "yes" else phone.refuse)(shown)
    mailbox.deliver()
    (message,) = server.received
    assert (message.path, message.claims["scheme"], message.key) == ("/answers", "Bearer", TOKEN)
    assert message.headers["content-type"] == "application/json"
    assert json.loads(message.body) == {"auth_req_id": pinged.auth_req_id}
    assert pings() == ["done"]
    # The secrets are not needed any more.
    row.refresh_from_db()
    assert row.notification_sealed == ""
    assert str(Job.objects.filter(task=service.PING).get().payload) == f"{{'request_id': {row.pk}}}"
    if answer == "yes":
        assert pinged.fetch().status_code == 200
    else:
        assert pinged.error() == "access_denied"


def test_without_a_token_to_prove_ourselves_with_nobody_is_asked(pinged, phone):
    before = tables()
    assert pinged.ask().json()["error"] == "invalid_request"
    assert tables() == before


def test_what_may_pass_is_tried_again(pinged, phone, server, mailbox, clock):
    server.answers = [503, "hang up", 429, 204]
    pinged.ask(client_notification_token=TOKEN)
    phone.approve(phone.challenge())
    for _ in range(5):
        mailbox.deliver()
        clock.move(timedelta(seconds=45))
    assert pings() == ["done"]
    assert len(server.received) == 4


@pytest.mark.parametrize("fault", [400, 401, 404, "redirect"])
def test_what_will_never_pass_is_given_up_and_no_redirect_followed(
    pinged, phone, server, mailbox, fault
):
    server.answers = [fault]
    pinged.ask(client_notification_token=TOKEN)
    phone.approve(phone.challenge())
    mailbox.deliver()
    assert pings() == ["dead"]
    assert [message.path for message in server.received] == ["/answers"]
    # It may still ask by itself.
    assert pinged.fetch().status_code == 200


@pytest.mark.parametrize("why", ["fetched", "too late", "switched off"])
def test_what_is_of_no_use_any_more_is_not_told(pinged, phone, server, mailbox, clock, why):
    pinged.ask(client_notification_token=TOKEN)
    phone.approve(phone.challenge())
    if why == "fetched":
        assert pinged.fetch().status_code == 200
    elif why == "too late":
        clock.move(timedelta(minutes=6))
    else:
        Application.objects.update(backchannel_mode="poll")
    mailbox.deliver()
    assert server.received == []
    assert pings() == ["done"]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1"])
def test_an_address_within_ones_own_network_is_not_asked(
    pinged, phone, server, mailbox, monkeypatch, address
):
    import dataclasses

    client = dataclasses.replace(server.client(), resolve=lambda _host, _port: [address])
    monkeypatch.setattr(notifications, "CLIENT", client)
    pinged.ask(client_notification_token=TOKEN)
    phone.approve(phone.challenge())
    mailbox.deliver()
    assert server.received == []
    assert pings() == ["dead"]


def test_keys_are_turned_and_what_is_sealed_still_opens(pinged, phone):
    from hospes.foundation import sealing

    pinged.ask(client_notification_token=TOKEN)
    row = BackchannelRequest.objects.get()
    labels = {(each.model_label, each.field) for each in sealing.columns()}
    assert ("connect.BackchannelRequest", "notification_sealed") in labels
    with pytest.raises(sealing.CannotOpen):
        sealing.open_sealed(row.notification_sealed, context=service.SEALING_CONTEXT.format(pk=0))


def test_the_owner_switches_it_on(register, owner, site, sign_in):
    application = register().application
    sign_in(site, owner)
    page = f"/auth/applications/{application.client_id}"
    site.get(f"{page}/edit")
    assert "have people asked on their phone" in site.page.text
    site.submit({"backchannel_mode": "ping", "backchannel_notification_endpoint": f" {ENDPOINT} "})
    application.refresh_from_db()
    assert (application.backchannel_mode, application.backchannel_notification_endpoint) == (
        "ping",
        ENDPOINT,
    )
    site.get(page)
    assert ENDPOINT in site.page.text
    assert f"https://hospes.test{ASK}" in site.page.text
    changed = AuditEntry.objects.filter(action="connect.application_changed").get()
    assert changed.detail["changed"] == ["backchannel_mode", "backchannel_notification_endpoint"]
    # Off again, and the address goes with it.
    site.get(f"{page}/edit")
    site.submit({"backchannel_mode": ""})
    application.refresh_from_db()
    assert (application.backchannel_mode, application.backchannel_notification_endpoint) == ("", "")


@pytest.mark.parametrize(
    ("mode", "endpoint", "words"),
    [
        ("ping", "", "Enter the address that is told of answers"),
        ("ping", "http://shop.example/answers", "Use https"),
        ("ping", "http://localhost/answers", "Use https and its usual port"),
        ("ping", "https://shop.example:8443/answers", "Use https and its usual port"),
        ("ping", "https://me@shop.example/answers", "Leave out the part before @"),
        ("ping", "https://shop.example/#a", "Leave out the part from # on"),
        ("ping", "com.example.app:/answers", "A site's address begins with https://"),
        ("push", ENDPOINT, "Select a valid choice"),
    ],
)
def test_faults_are_shown_and_nothing_saved(register, owner, site, sign_in, mode, endpoint, words):
    application = register().application
    sign_in(site, owner)
    site.get(f"/auth/applications/{application.client_id}/edit")
    answer = site.submit({"backchannel_mode": mode, "backchannel_notification_endpoint": endpoint})
    assert answer.status_code == 422
    assert words in site.page.text
    application.refresh_from_db()
    assert (application.backchannel_mode, application.backchannel_notification_endpoint) == ("", "")


@pytest.mark.parametrize("kind", ["mobile", "other"])
def test_others_cannot_have_it(register, owner, site, sign_in, kind):
    application = register(type=kind, backchannel_mode="poll").application
    assert application.backchannel_mode == ""
    sign_in(site, owner)
    page = f"/auth/applications/{application.client_id}"
    site.get(f"{page}/edit")
    assert "have people asked on their phone" not in site.page.text
    site.post(f"{page}/edit", {"name": "Other", "backchannel_mode": "poll"})
    application.refresh_from_db()
    assert application.backchannel_mode == ""
