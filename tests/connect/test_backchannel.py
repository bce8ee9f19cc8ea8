"""Approval on the phone (CIBA): from a till's question to its token, and who may be asked."""

# ruff: noqa: PLR0917 - the arguments are fixtures

from __future__ import annotations

import base64
import json

import pytest
from connect.hints import id_token
from connect.till import consent, tables
from django.db import transaction

from hospes.connect.models import (
    Application,
    ApplicationEvent,
    BackchannelRequest,
    Consent,
    Grant,
)
from hospes.connect.services import backchannel as service
from hospes.foundation.models import AuditEntry, Job
from hospes.identity.models import Account, Method
from hospes.identity.services.two_step import challenges
from hospes.protocols.oauth.backchannel import Question
from hospes.protocols.oauth.errors import OAuthError
from support.phones import give_phone
from support.push_service import Browser
from support.site import Site


def test_a_till_asks_and_anna_says_yes(till, payer, phone, allowed):
    answer = till.ask(binding_message="Till 7: CHF 40.00", acr_values="2 1")
    assert answer.status_code == 200
    assert (answer.json()["expires_in"], answer.json()["interval"]) == (300, 5)
    assert len(till.auth_req_id) == 43
    assert till.error() == "authorization_pending"

    shown = phone.challenge()
    assert (shown["application"], shown["message"]) == ("Flower shop", "Till 7: CHF 40.00")
    assert (shown["ip"], shown["number_required"]) == ("203.0.113.9", False)
    assert shown["expires_at"] - shown["created_at"] == pytest.approx(300, abs=1)
    assert phone.approve(shown).status_code == 200
    assert phone.approve(shown).json()["error"]["code"] == "already_processed"

    body = till.fetch().json()
    payload = body["id_token"].split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (told["sub"], told["aud"]) == (payer.public_id, till.application.client_id)
    # It asked for two factors and is told the truth: one.
    assert (told["amr"], told["acr"]) == (["swk"], "1")
    userinfo = till.client.get(
        "/oauth2/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}
    ).json()
    assert userinfo["email"] == "anna@customer.example"
    assert "name" not in userinfo
    assert till.error() == "invalid_grant"
    assert phone.challenge() is None
    assert Method.objects.get(account=payer).last_used_at is not None


def test_what_is_kept_of_it_is_no_secret(till, phone, allowed):
    till.ask()
    row = BackchannelRequest.objects.get()
    assert till.auth_req_id not in str(vars(row))
    assert row.notification_sealed == ""
    for entry in AuditEntry.objects.all():
        assert till.auth_req_id not in str(vars(entry))


def test_anna_says_no(till, payer, phone, allowed, mailbox):
    till.ask()
    assert phone.refuse(phone.challenge()).status_code == 200
    assert till.error() == "access_denied"
    assert not Grant.objects.exists()
    # Nobody gave her password: she is not told to change it.
    mailbox.deliver()
    assert [mail.subject for mail in mailbox.all() if mail.recipient == payer.email] == []


def test_the_owners_log_and_annas_lists_tell_of_it(
    till, owner, payer, phone, allowed, site, sign_in
):
    till.ask()
    phone.approve(phone.challenge())
    till.ask()
    phone.refuse(phone.challenge())
    kinds = ApplicationEvent.objects.order_by("pk").values_list("kind", "account_id", "address")
    # Who says no is not named, and no address of a phone is the application's business.
    assert list(kinds) == [("phone_approved", payer.pk, ""), ("phone_refused", None, "")]
    sign_in(site, owner)
    site.get(f"/auth/applications/{till.application.client_id}/log")
    assert "Approved on the phone" in site.page.text
    assert "the person said no" in site.page.text
    assert "Scopes: email openid" in site.page.text
    hers = Site()
    sign_in(hers, payer)
    hers.get("/settings/applications")
    assert "Ask for your approval on your phone" in hers.page.text
    hers.get("/settings/activity")
    assert "Request of an application approved on the phone" in hers.page.text
    assert "Request of an application refused on the phone" in hers.page.text
    Application.objects.update(backchannel_mode="")
    hers.get("/settings/applications")
    assert "Ask for your approval on your phone" not in hers.page.text


def test_the_phone_is_woken_by_a_push(payer, till, allowed):
    give_phone(payer, subscription=Browser().subscription)
    give_phone(payer)
    till.ask()
    assert Job.objects.filter(task=challenges.TELL_PHONE).count() == 1


def test_by_subject_and_by_id_token_hint_it_is_the_same_person(till, payer, phone, allowed):
    hint = id_token(payer, till.application, exp=1)
    for who in (
        {"login_hint": payer.public_id},
        {"login_hint": None, "id_token_hint": hint},
        {"login_hint": "  ANNA@Customer.example "},
    ):
        assert till.ask(**who).status_code == 200
        phone.approve(phone.challenge())
        assert till.fetch().status_code == 200
    assert set(Grant.objects.values_list("account_id", flat=True)) == {payer.pk}


def _nobody(payer, till):
    return {"login_hint": "nobody@customer.example"}


def _not_an_address(payer, till):
    return {"login_hint": "@\u00e9\u2028"}


def _no_subject(payer, till):
    return {"login_hint": "7f9c2ba4-e88f-427d-9a52-3bcd2a1e8f01"}


def _never_allowed(payer, till):
    Consent.objects.all().delete()


def _allowed_somebody_else(payer, till):
    Consent.objects.all().delete()
    consent(payer, Application.objects.exclude(pk=till.application.pk).get())


def _does_not_share_the_address(payer, till):
    Consent.objects.update(scope="openid profile")


def _has_no_phone(payer, till):
    Method.objects.all().delete()


def _removed_the_phone(payer, till):
    Method.objects.update(removed_at=payer.created_at)


def _never_confirmed_the_phone(payer, till):
    Method.objects.update(confirmed_at=None)


def _locked(payer, till):
    Account.objects.filter(pk=payer.pk).update(state="locked")


def _deleted(payer, till):
    Account.objects.filter(pk=payer.pk).update(state="deleted")


REASONS = [
    *(_nobody, _not_an_address, _no_subject, _never_allowed, _allowed_somebody_else),
    *(_does_not_share_the_address, _has_no_phone, _removed_the_phone),
    *(_never_confirmed_the_phone, _locked, _deleted),
]


@pytest.mark.parametrize("reason", REASONS)
def test_whoever_cannot_be_asked_is_unknown_in_the_same_words(
    till, payer, phone, allowed, register, reason
):
    register(name="Other shop", backchannel_mode="poll")
    changes = reason(payer, till) or {}
    before = tables()
    answer = till.ask(scope="openid", **changes)
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "unknown_user_id", "error_description": "Nobody can be asked by this hint."},
    )
    assert tables() == before
    assert not AuditEntry.objects.filter(action="identity.approval_asked").exists()
    event = ApplicationEvent.objects.get()
    assert event.detail == {
        "error": "unknown_user_id",
        "reason": "Nobody can be asked by this hint.",
    }


def test_the_same_questions_are_put_to_the_database_whatever_the_reason(
    till, payer, phone, allowed, register
):
    """No reason takes longer than another: each ends after the same statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    register(name="Other shop", backchannel_mode="poll")
    till.application.refresh_from_db()
    seen = set()
    for reason in REASONS:
        with transaction.atomic():
            mark = transaction.savepoint()
            changes = reason(payer, till) or {}
            hint = changes.get("login_hint", payer.email)
            question = Question(
                frozenset({"openid"}),
                email=hint if "@" in hint else "",
                subject="" if "@" in hint else hint,
            )
            with (
                CaptureQueriesContext(
                    connection,
                ) as asked,
                pytest.raises(OAuthError),
            ):
                service.ask_phone(
                    till.application.pk, till.application.revision, question, "192.0.2.1", "x"
                )
            transaction.savepoint_rollback(mark)
        seen.add(sum("SELECT" in query["sql"] for query in asked.captured_queries))
    assert seen == {2}


def test_more_than_was_allowed_is_denied_and_nobody_asked(till, phone, allowed):
    before = tables()
    for scope in ("openid phone", "openid email offline_access"):
        answer = till.ask(scope=scope)
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
    assert tables() == before
    assert phone.challenge() is None
    # What nobody knows is passed over, as everywhere.
    assert till.ask(scope="openid admin").status_code == 200
    assert BackchannelRequest.objects.get().scope == "openid"


def test_a_message_with_letters_that_are_drawn_as_nothing_is_refused(till, phone, allowed):
    before = tables()
    answer = till.ask(binding_message="Pay\u3164now")
    assert answer.json()["error"] == "invalid_binding_message"
    assert tables() == before
