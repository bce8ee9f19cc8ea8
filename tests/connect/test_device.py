"""A person types the code of a device, and lets it in or not."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from hospes.connect.models import ApplicationEvent, Consent, DeviceRequest, Grant, Token
from hospes.connect.services import devices, purge
from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import AuditEntry, NumberSetting
from hospes.identity.models import Session
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Organization
from hospes.protocols.oauth.grants.device import DEVICE
from support import two_step
from support.organizations import join
from support.site import Site

CODE = "BCDFGHJK"


class Television:
    """A device of an application: it speaks HTTP and shows what it is told."""

    def __init__(self, application, ip="203.0.113.9", scope="openid email"):
        self.application = application
        self.client = Site(user_agent="television/1.0", ip=ip).client
        answer = self.client.post(
            "/oauth2/device", data={"client_id": application.client_id, "scope": scope}
        )
        assert answer.status_code == 200, answer.text
        self.told = answer.json()
        self.shown = self.told["user_code"]

    def poll(self):
        return self.client.post(
            "/token",
            data={
                "grant_type": DEVICE,
                "device_code": self.told["device_code"],
                "client_id": self.application.client_id,
            },
        )

    @property
    def error(self):
        answer = self.poll()
        assert answer.status_code == 400, answer.text
        return answer.json()["error"]


@pytest.fixture
def application(register):
    return register(type="mobile", name="Film box", device_grant=True, redirect_uris=()).application


@pytest.fixture
def television(application):
    return Television(application)


def type_code(site, text):
    site.get("/device")
    return site.submit({"user_code": text}, button="Continue")


def nothing_happened():
    return (
        Consent.objects.count() == Grant.objects.count() == Token.objects.count() == 0
        and DeviceRequest.objects.filter(grant=None, refused_at=None, used_at=None).exists()
    )


# ---- the way through -------------------------------------------------------------------------


@pytest.mark.standard("RFC 8628", "3.3")
@pytest.mark.parametrize("how", ["{}", "lower", "bare"])
def test_a_device_is_signed_in(site, anna, television, how):
    text = {"lower": television.shown.lower(), "bare": television.shown.replace("-", " ")}.get(
        how, television.shown
    )
    type_code(site, text)
    site.follow()
    assert site.page.heading == "Sign a device in to Film box"
    assert television.shown in site.page.text
    assert "203.0.113.9" in site.page.text
    assert "See your e-mail address" in site.page.text
    assert anna.email in site.page.text
    assert nothing_happened()
    site.submit({}, button="Yes, sign it in", action="device/answer", follow=True)
    assert site.page.heading == "The device is being signed in"
    answer = television.poll()
    assert answer.status_code == 200
    told = television.client.get(
        "/oauth2/userinfo", headers={"Authorization": f"Bearer {answer.json()['access_token']}"}
    ).json()
    assert (told["sub"], told["email"]) == (anna.public_id, anna.email)
    grant = Grant.objects.get()
    assert (grant.account, grant.scope, grant.session) == (
        anna,
        "email openid",
        anna.sessions.get(),
    )
    assert Consent.objects.get().scope == "email openid"
    entry = AuditEntry.objects.get(action="connect.device_allowed")
    assert (entry.subject_account_id, entry.detail["address"]) == (anna.pk, "203.0.113.9")
    event = ApplicationEvent.objects.get()
    # The owner reads where the device is, and not where the person is.
    assert (event.kind, event.account, event.address) == (
        "device_approved",
        anna,
        "203.0.113.9",
    )


def test_a_device_is_turned_away(site, anna, television):
    type_code(site, television.shown)
    site.follow()
    site.submit({}, button="No", action="device/answer", follow=True)
    assert site.page.heading == "The device was turned away"
    assert television.error == "access_denied"
    assert Consent.objects.count() == Grant.objects.count() == 0
    event = ApplicationEvent.objects.get(kind="device_refused")
    assert event.account is None
    assert AuditEntry.objects.get(action="connect.device_refused").subject_account_id == anna.pk


def test_a_visitor_types_the_code_signs_in_and_comes_back(site, make_account, television):
    account = make_account("eve@customer.example")
    type_code(site, television.shown)
    site.follow()
    assert site.url.startswith("/sign-in?")
    # Not even whether somebody waits with the code is told to visitors.
    assert "Film box" not in site.page.text
    back = parse_qs(urlsplit(site.url).query)["next"][0]
    assert back == f"/device?user_code={television.shown}"
    assert account.sessions.count() == 0
    assert nothing_happened()


@pytest.mark.standard("RFC 8628", "3.3.1")
def test_a_scanned_code_still_asks(site, anna, television):
    address = urlsplit(television.told["verification_uri_complete"])
    site.get(f"{address.path}?{address.query}")
    assert television.shown in site.page.text
    assert "Does your device show this code?" in site.page.text
    assert "If somebody sent you the code or a link, say no" in site.page.text
    assert television.error == "authorization_pending"
    assert nothing_happened()


def test_what_was_allowed_before_is_asked_again(site, anna, application, television):
    Consent.objects.create(
        account=anna, application=application, scope="email openid", granted_at=1
    )
    site.get(f"/device?user_code={television.shown}")
    assert "Does your device show this code?" in site.page.text
    assert television.error == "authorization_pending"


# ---- faults and attacks ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter the code"),
        ("BCDF", "A code has eight letters"),
        ("AEIO-UAEI", "A code has eight letters"),
        ("ZZZZ-ZZZZ", "No device waits with this code"),
    ],
)
def test_faults_of_a_code(site, anna, television, text, words):
    answer = type_code(site, text)
    if answer.status_code == 302:
        answer = site.follow()
    assert answer.status_code == 422
    assert words in site.page.text
    assert nothing_happened()


@pytest.mark.parametrize("why", ["expired", "refused", "allowed", "switched off"])
def test_codes_that_nobody_waits_with_look_alike(site, anna, television, application, clock, why):
    row = DeviceRequest.objects.get()
    if why == "expired":
        clock.move(timedelta(minutes=10))
    elif why == "refused":
        devices.refuse(devices.AnswerDevice(row), acting_account=anna, origin=SYSTEM)
    elif why == "allowed":
        devices.allow(devices.AnswerDevice(row), session=anna.sessions.get(), origin=SYSTEM)
    else:
        application.options = ""
        application.save()
    answer = site.get(f"/device?user_code={television.shown}")
    assert answer.status_code == 422
    assert "No device waits with this code" in site.page.text
    assert "Film box" not in site.page.text


@pytest.mark.standard("RFC 8628", "5.1")
def test_guessing_is_stopped_for_the_account_wherever_it_comes_from(
    site, anna, television, sign_in
):
    limit = numbers.get("connect.device_tries_per_account")
    for number in range(limit):
        letters = f"BCDF{'BCDFGHJKLMNPQRSTVWXZ'[number % 20]}GHZ"
        assert site.get(f"/device?user_code={letters}").status_code == 422
    elsewhere = Site(ip="198.51.100.77")
    sign_in(elsewhere, anna)
    answer = elsewhere.get(f"/device?user_code={television.shown}")
    assert answer.status_code == 429
    assert "Too many codes were tried" in elsewhere.page.text
    assert "Film box" not in elsewhere.page.text
    assert nothing_happened()


def test_guessing_is_stopped_for_the_network_whoever_it_is(site, television, make_account, sign_in):
    for number in range(numbers.get("connect.device_tries_per_network")):
        account_number, _rest = divmod(number, 15)
        if not _rest:
            sign_in(site, make_account(f"guesser{account_number}@customer.example"))
        assert site.get("/device?user_code=ZZZZZZZZ").status_code == 422
    sign_in(site, make_account("last@customer.example"))
    assert site.get(f"/device?user_code={television.shown}").status_code == 429
    assert nothing_happened()


@pytest.mark.parametrize("name", ["account", "network"])
def test_how_many_codes_may_be_tried_is_a_setting(site, anna, television, name):
    NumberSetting.objects.create(
        key=f"connect.device_tries_per_{name}", value=3, updated_at=product_clock.now()
    )
    numbers.forget()
    found = [site.get("/device?user_code=ZZZZZZZZ").status_code for _ in range(4)]
    assert found == [422, 422, 422, 429]


def test_an_answer_counts_for_what_was_shown_only(site, anna, application, television):
    other = Television(application)
    site.get(f"/device?user_code={television.shown}")
    fields = site.page.form(button="No").fields
    for forged in ("", "x", str(DeviceRequest.objects.first().pk), fields["asked"][:-2]):
        site.post("/device/answer", {**fields, "asked": forged, "decision": "allow"})
        assert site.location == "/device"
    assert nothing_happened()
    site.post("/device/answer", {**fields, "decision": "allow"})
    assert other.error == "authorization_pending"
    assert television.poll().status_code == 200


def test_whoever_has_changed_the_account_is_shown_it_first(
    site, anna, television, make_account, sign_in
):
    site.get(f"/device?user_code={television.shown}")
    fields = site.page.form(button="No").fields
    sign_in(site, make_account("other@customer.example"))
    site.post("/device/answer", {**fields, "decision": "allow"})
    assert site.location == f"/device?user_code={television.shown}"
    assert nothing_happened()


def test_another_site_cannot_answer(site, anna, television):
    site.get(f"/device?user_code={television.shown}")
    fields = site.page.form(button="No").fields
    fields.pop("csrfmiddlewaretoken", None)
    answer = site.post("/device/answer", {**fields, "decision": "allow"}, csrf=False)
    assert answer.status_code == 403
    assert nothing_happened()
    assert "frame-ancestors 'none'" in site.get("/device").headers["content-security-policy"]


def test_a_visitor_cannot_answer(site, anna, television):
    site.get(f"/device?user_code={television.shown}")
    fields = site.page.form(button="No").fields
    Session.objects.update(ended_at=product_clock.now())
    site.post("/device/answer", {**fields, "decision": "allow"})
    assert site.location.startswith("/sign-in?")
    assert nothing_happened()


def test_of_two_answers_the_first_counts(site, anna, television, make_account, sign_in):
    site.get(f"/device?user_code={television.shown}")
    late = site.page.form(button="No").fields
    row = DeviceRequest.objects.get()
    devices.refuse(devices.AnswerDevice(row), acting_account=anna, origin=SYSTEM)
    assert site.post("/device/answer", {**late, "decision": "allow"}).status_code == 422
    with pytest.raises(Refused):
        devices.allow(devices.AnswerDevice(row), session=anna.sessions.get(), origin=SYSTEM)
    assert Consent.objects.count() == Grant.objects.count() == 0
    assert television.error == "access_denied"


# ---- what else has to be proved --------------------------------------------------------------


def test_members_set_two_step_verification_up_where_it_is_required(
    site, anna, application, television
):
    Organization.objects.filter(pk=application.organization_id).update(
        two_step_required_at=product_clock.now()
    )
    organization = Organization.objects.get(pk=application.organization_id)
    site.get(f"/device?user_code={television.shown}")
    fields = site.page.form(button="No").fields
    join(organization, anna, "normal")
    site.post("/device/answer", {**fields, "decision": "allow"})
    site.follow()
    assert site.url.startswith("/organizations/two-step-needed")
    assert nothing_happened()
    two_step.add_method(anna)
    site.get(f"/device?user_code={television.shown}")
    assert site.page.heading == "Sign a device in to Film box"


def test_an_old_password_is_asked_again_where_the_application_says_so(
    site, anna, application, television, clock
):
    from hospes.protocols.oauth import options
    from hospes.protocols.oauth.options import ClientOptions

    application.options = options.write(
        ClientOptions(further_grant_types=(DEVICE,), default_max_age=60)
    )
    application.save()
    clock.move(timedelta(minutes=2))
    site.get(f"/device?user_code={television.shown}")
    assert site.location.startswith("/sign-in/confirm?") or "confirm" in site.location


def test_safety_ends_what_a_device_got(site, anna, television):
    site.get(f"/device?user_code={television.shown}")
    site.submit({}, button="Yes, sign it in", action="device/answer", follow=True)
    from hospes.identity.services import sessions

    sessions.end_session(anna.sessions.get(), reason="not_me", actor=None, origin=SYSTEM)
    assert television.error == "access_denied"


def test_what_is_over_is_purged(site, anna, television, clock):
    assert purge.purge() == 0
    clock.move(timedelta(days=1, minutes=11))
    purge.purge()
    assert DeviceRequest.objects.count() == 0


# ---- the owner's switch ----------------------------------------------------------------------


def test_the_owner_switches_it_on_and_off(register, owner, site, sign_in):
    application = register(type="mobile").application
    sign_in(site, owner)
    page = f"/auth/applications/{application.client_id}"
    site.get(f"{page}/edit")
    site.submit({"device_grant": "on"}, button="Save")
    application.refresh_from_db()
    assert DEVICE in application.options
    Television(application)
    site.get(page)
    assert "Sign devices in" in site.page.text
    assert "https://hospes.test/oauth2/device" in site.page.text
    site.get(f"{page}/edit")
    site.submit({"device_grant": None}, button="Save")
    application.refresh_from_db()
    assert application.options == ""
    changed = AuditEntry.objects.filter(action="connect.application_changed").first()
    assert changed.detail["changed"] == ["device_grant"]


def test_a_machine_has_no_use_for_it(register):
    assert register(type="other", redirect_uris=(), device_grant=True).application.options == ""
