"""The pages of webhooks: those who lead the organization, and nobody else."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from webhooks.conftest import ORIGIN
from webhooks.receiver import URL

from hospes.api.models import Webhook, WebhookDelivery
from hospes.api.services import webhooks as service
from hospes.api.services.webhooks_messages import send_test
from hospes.foundation import clock as product_clock
from hospes.foundation import worker
from support.organizations import join, look_at, make_organization


@pytest.fixture
def here(organization):
    return f"/organizations/{organization.public_id}/webhooks"


@pytest.fixture
def as_anna(site, sign_in, owner, organization, here):
    look_at(sign_in(site, owner), organization)
    site.get(here)
    return site


def secret_on(page):
    return next(word for word in page.text.split() if word.startswith("whsec_"))


def rows():
    return (list(Webhook.objects.order_by("pk").values()),
            list(WebhookDelivery.objects.order_by("pk").values()))  # fmt: skip


def test_adding_shows_the_secret_once_and_the_events_are_kept(as_anna, here):
    assert "No webhook yet" in as_anna.page.text
    as_anna.get(f"{here}/new")
    event = "organizations.team_created"
    as_anna.submit({"url": URL, "description": " the  shop ", "which": "some", "events": event})
    assert as_anna.response.status_code == 200
    assert "no-store" in as_anna.response.headers["cache-control"]
    webhook = Webhook.objects.get()
    assert (webhook.url, webhook.description, webhook.events) == (URL, "the shop", [event])
    secret = secret_on(as_anna.page)
    assert service.secrets_of(webhook) == (secret,)
    for path in (here, f"{here}/{webhook.public_id}"):
        assert as_anna.get(path).status_code == 200
        assert URL in as_anna.page.text
        assert secret not in as_anna.response.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"url": ""}, "Enter the address of the receiver."),
        ({"url": "http://shop.example/hook"}, "has to begin with https://"),
        ({"url": "https://10.0.0.1/hook"}, "the whole Internet can reach"),
        ({"url": "https://a:b@shop.example/"}, "a user name or a password"),
        ({"which": "some"}, "Choose at least one event."),
        ({"which": "some", "events": "organizations.nothing"}, "Choose from the list."),
        ({"description": "x" * 101}, "Use at most 100 characters."),
    ],
)
def test_what_will_not_do_is_refused(as_anna, here, typed, said):
    as_anna.get(f"{here}/new")
    as_anna.post(f"{here}/new", {"url": URL, "which": "all", **typed})
    assert as_anna.response.status_code == 422
    assert said in as_anna.page.text
    assert not Webhook.objects.exists()


def test_every_fault_of_the_form_is_told_at_once(as_anna, here):
    as_anna.get(f"{here}/new")
    typed = {"url": "ftp://shop.example/", "which": "some", "description": "x" * 101}
    as_anna.post(f"{here}/new", typed)
    assert as_anna.response.status_code == 422
    for said in ("begin with https://", "Choose at least one event.", "at most 100 characters"):
        assert as_anna.page.text.count(said) >= 1, said
    assert not Webhook.objects.exists()


def test_an_address_is_there_once(as_anna, here, add):
    add()
    as_anna.get(f"{here}/new")
    as_anna.post(f"{here}/new", {"url": URL, "which": "all"})
    assert as_anna.response.status_code == 422
    assert "already" in as_anna.page.text
    assert Webhook.objects.count() == 1


def test_changing_switching_and_deleting(as_anna, here, add):
    webhook = add(events=("organizations.team_created",)).webhook
    one = f"{here}/{webhook.public_id}"
    as_anna.get(f"{one}/edit")
    as_anna.submit({"description": "new words", "which": "all"}, follow=True)
    webhook.refresh_from_db()
    assert (webhook.description, webhook.events) == ("new words", [])
    as_anna.get(f"{one}/off")
    as_anna.submit(button="Switch off", follow=True)
    webhook.refresh_from_db()
    assert webhook.disabled_at is not None
    assert as_anna.post(f"{one}/test", {}).status_code == 422
    assert "Switch it on first" in as_anna.page.text
    as_anna.get(one)
    as_anna.submit(button="Switch on", follow=True)
    webhook.refresh_from_db()
    assert webhook.disabled_at is None
    as_anna.get(f"{one}/delete")
    as_anna.submit(button="Delete", follow=True)
    assert not Webhook.objects.exists()
    assert as_anna.get(one).status_code == 404


@pytest.mark.parametrize("keep", [True, False])
def test_replacing_the_secret(as_anna, here, add, keep):
    added = add()
    one = f"{here}/{added.webhook.public_id}"
    as_anna.get(f"{one}/secret")
    as_anna.post(f"{one}/secret", {"keep_old": "on"} if keep else {})
    new = secret_on(as_anna.page)
    added.webhook.refresh_from_db()
    assert service.secrets_of(added.webhook) == ((new, added.secret) if keep else (new,))
    as_anna.get(one)
    assert ("signs too until" in as_anna.page.text) is keep


def test_a_test_event_its_delivery_and_sending_again(as_anna, here, add, receiver):
    webhook = add().webhook
    one = f"{here}/{webhook.public_id}"
    receiver.answers["/hook"] = [410]
    as_anna.get(one)
    as_anna.submit(button="Send test event", follow=True)
    delivery = WebhookDelivery.objects.get()
    assert as_anna.url.endswith(f"{one}/messages/{delivery.pk}")
    assert as_anna.response.headers["refresh"] == "2"
    worker.drain()
    as_anna.get(as_anna.url)
    assert "refresh" not in as_anna.response.headers
    for text in ("webhooks.test", "Answer 410", "thank you", "Failed", "anna@customer.example"):
        assert text in as_anna.page.text
    as_anna.post(f"{one}/messages/{delivery.pk}/replay", {})
    assert as_anna.response.status_code == 422
    assert len(receiver.got) == 1
    as_anna.post(f"{one}/on", {})
    as_anna.get(f"{one}/messages/{delivery.pk}")
    as_anna.submit(button="Send again", follow=True)
    assert as_anna.response.headers["refresh"] == "2"
    worker.drain()
    assert [got.headers["webhook-id"] for got in receiver.got] == [delivery.message.message_id] * 2
    as_anna.get(as_anna.url)
    assert "Delivered" in as_anna.page.text


def test_all_that_failed_goes_again_and_the_log_is_filtered(as_anna, here, add, owner, receiver):
    webhook = add().webhook
    for _ in range(3):
        send_test(webhook, acting_account=owner, origin=ORIGIN)
    service.disable(webhook, acting_account=owner, origin=ORIGIN)
    one = f"{here}/{webhook.public_id}"
    as_anna.post(f"{one}/replay", {})
    assert as_anna.response.status_code == 422
    as_anna.post(f"{one}/on", {})
    as_anna.get(f"{one}?state=failed")
    assert as_anna.page.text.count("Test event") >= 3
    assert len(as_anna.get(f"{one}/messages.csv?state=failed").text.splitlines()) == 4
    as_anna.get(f"{one}/replay")
    assert "Send 3 failed messages again?" in as_anna.page.text
    as_anna.submit(button="Send again", follow=True)
    assert "3 messages are on their way again." in as_anna.page.text
    worker.drain()
    assert len(receiver.got) == 3
    assert len(as_anna.get(f"{one}/messages.csv?state=failed").text.splitlines()) == 1
    assert as_anna.get(f"{one}?state=nonsense").status_code == 422
    assert as_anna.get(f"{one}?event=organizations.team_created").status_code == 200
    assert "Nothing found" in as_anna.page.text


def test_the_pages_take_a_fixed_number_of_queries(as_anna, here, add, owner):
    def asked(path):
        with CaptureQueriesContext(connection) as queries:
            assert as_anna.get(path).status_code == 200
        return len(queries)

    webhook = add().webhook
    one = f"{here}/{webhook.public_id}"
    send_test(webhook, acting_account=owner, origin=ORIGIN)
    before = (asked(here), asked(one))
    add("/another")
    for _ in range(5):
        send_test(webhook, acting_account=owner, origin=ORIGIN)
    assert (asked(here), asked(one)) == before


READ = ("", "/new", "/{0}", "/{0}/messages.csv", "/{0}/edit", "/{0}/secret", "/{0}/off",
        "/{0}/delete", "/{0}/replay", "/{0}/messages/{1}")  # fmt: skip
WRITE = ("/new", "/{0}/edit", "/{0}/secret", "/{0}/on", "/{0}/off", "/{0}/delete", "/{0}/test",
         "/{0}/replay", "/{0}/messages/{1}/replay")  # fmt: skip


@pytest.fixture
def sent(add, owner):
    """Return a webhook and what it was told."""
    webhook = add().webhook
    return webhook, send_test(webhook, acting_account=owner, origin=ORIGIN)


@pytest.fixture(params=["normal", "client", None])
def as_nosy(request, site, sign_in, organization, make_account):
    """Return the browser of somebody who must not come in, and the answer to that."""
    person = make_account(email="nosy@customer.example")
    session = sign_in(site, person)
    if request.param:
        join(organization, person, request.param)
        look_at(session, organization)
    return site, 403 if request.param else 404


def test_only_those_who_lead_come_in(as_nosy, here, sent):
    site, wanted = as_nosy
    webhook, delivery = sent
    before = rows()
    for path in READ:
        assert site.get(here + path.format(webhook.public_id, delivery.pk)).status_code == wanted
    values = {"url": "https://evil.example/", "which": "all"}
    for path in WRITE:
        address = here + path.format(webhook.public_id, delivery.pk)
        assert site.post(address, values).status_code == wanted
    assert rows() == before


def test_another_organizations_webhook_is_not_found(site, sign_in, sent, make_account):
    webhook, delivery = sent
    other = make_account(email="other@else.example")
    own = make_organization(other, "Else")
    look_at(sign_in(site, other), own)
    before = rows()
    values = {"url": "https://evil.example/", "which": "all"}
    base = f"/organizations/{own.public_id}/webhooks"
    assert site.get(base).status_code == 200
    for path in READ[2:]:
        assert site.get(base + path.format(webhook.public_id, delivery.pk)).status_code == 404
    for path in WRITE[1:]:
        address = base + path.format(webhook.public_id, delivery.pk)
        assert site.post(address, values).status_code == 404
    assert site.get(f"{base}/{uuid.uuid4()}/messages/{10**30}").status_code == 404
    assert rows() == before


@pytest.fixture
def three(add):
    """The shop's is on, the till's fails, the archive's is off."""
    found = {}
    for name in ("shop", "till", "archive"):
        found[name] = add(f"/{name}").webhook
    Webhook.objects.filter(pk=found["till"].pk).update(
        failing_since=product_clock.now(), description="Kasse"
    )
    Webhook.objects.filter(pk=found["archive"].pk).update(disabled_at=product_clock.now())
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"shop", "till", "archive"}),
        ("state=on", {"shop"}),
        ("state=failing", {"till"}),
        ("state=off", {"archive"}),
        ("q=kasse", {"till"}),
        ("q=HOOKS+arch", set()),
        ("q=push+arch", {"archive"}),
        ("q=push&state=on", {"shop"}),
    ],
)
def test_the_list_and_its_file_are_filtered(as_anna, here, three, query, expected):
    as_anna.get(f"{here}?{query}")
    assert as_anna.response.status_code == 200
    listed = {name for name, each in three.items() if str(each.public_id) in as_anna.response.text}
    assert listed == expected
    assert ("Nothing found" in as_anna.page.text) is not bool(expected)
    lines = as_anna.get(f"{here}.csv?{query}").text.splitlines()[1:]
    assert {line.split(",")[0].rpartition("/")[2] for line in lines} == expected


def test_a_state_that_there_is_not_finds_nothing(as_anna, here, three):
    assert as_anna.get(f"{here}?state=nothing").status_code == 422
    assert len(as_anna.get(f"{here}.csv?state=nothing").text.splitlines()) == 1


def test_the_file_tells_what_the_list_tells(as_anna, here, add, owner, receiver):
    webhook = add(events=("organizations.team_created",)).webhook
    receiver.answers["/hook"] = [500]
    send_test(webhook, acting_account=owner, origin=ORIGIN)
    worker.drain()
    _head, line = as_anna.get(f"{here}.csv").text.splitlines()
    assert line.startswith(f"{URL},the shop,Work team created,Failing,1,0,,20")
