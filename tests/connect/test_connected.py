"""What a person allowed: seen, taken back, and ended with the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hospes.connect import queries
from hospes.connect.models import ApplicationEvent, Consent, Grant, Token
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import outbox
from support.authorizing import authorize_url
from support.people import PASSWORD


def allow(site, application, **changes):
    site.get(authorize_url(application, **changes))
    site.submit({}, button="Allow")


def test_nothing_connected_says_so(site, anna):
    site.get("/settings/applications")
    assert "Nothing is connected" in site.page.text


def test_the_list_tells_what_was_allowed_in_words_with_fixed_queries(site, anna, register):
    allow(site, register(website="https://www.shop.example").application)
    site.get("/settings/applications")
    assert site.response.status_code == 200
    for words in ("Flower shop", "www.shop.example", "Olga Owner", "See your e-mail address"):
        assert words in site.page.text
    with CaptureQueriesContext(connection) as one:
        site.get("/settings/applications")
    for number in range(4):
        allow(site, register(name=f"Shop {number}").application)
    with CaptureQueriesContext(connection) as many:
        site.get("/settings/applications")
    assert len(one) == len(many)
    assert len(many) <= 6
    assert site.page.link("www.shop.example").href == "https://www.shop.example"


def test_the_list_tells_when_an_application_was_used_last(site, anna, register, clock, sign_in):
    application = register().application
    allow(site, application)
    clock.move(timedelta(days=3))
    sign_in(site, anna)
    site.get(authorize_url(application))
    granted, used = queries.consents_of(anna).get().granted_at, queries.last_used(anna)
    assert used == {application.client_id: granted + 3 * 86_400}
    # The row of the sign-in may be purged, a token of an offline grant is younger.
    Token.objects.create(
        token_hash="a" * 64,
        kind="refresh",
        grant=Grant.objects.latest("pk"),
        scope="openid",
        created_at=granted + 9 * 86_400,
        expires_at=granted + 99 * 86_400,
    )
    assert queries.last_used(anna) == {application.client_id: granted + 9 * 86_400}
    site.get("/settings/applications")
    assert "Last used" in site.page.text


def test_nobody_reads_of_another_persons_use(site, anna, application, make_account):
    allow(site, application)
    assert queries.last_used(make_account()) == {}


def test_removing_access_ends_grants_and_asks_anew_next_time(site, anna, application):
    allow(site, application)
    site.get(f"/settings/applications/{application.client_id}/remove")
    assert Consent.objects.exists()
    site.submit({}, button="Remove access", follow=True)
    assert "can no longer see your account" in site.page.text
    assert not Consent.objects.exists()
    assert Grant.objects.get().revoked_at is not None
    entry = AuditEntry.objects.get(action="connect.consent_withdrawn")
    assert entry.subject_account_id == anna.pk
    site.get(authorize_url(application))
    assert site.page.heading == "Sign in to Flower shop"


def test_nobody_removes_what_another_person_allowed(site, anna, make_account, sign_in, application):
    allow(site, application)
    stranger = site.another_browser()
    sign_in(stranger, make_account())
    url = f"/settings/applications/{application.client_id}/remove"
    assert stranger.get(url).status_code == 404
    stranger.get("/auth/applications/new")
    assert stranger.post(url).status_code == 404
    assert Consent.objects.count() == 1
    assert Grant.objects.get().revoked_at is None


def test_removing_needs_the_csrf_token(site, anna, application):
    allow(site, application)
    url = f"/settings/applications/{application.client_id}/remove"
    assert site.post(url, csrf=False).status_code == 403
    assert Consent.objects.exists()


def test_a_deleted_account_leaves_no_grant_behind(site, anna, application):
    allow(site, application)
    with transaction.atomic():
        outbox.emit("identity.account_deleted", {"account_id": anna.pk})
    assert not Consent.objects.exists()
    assert Grant.objects.get().revoked_at is not None


def test_sessions_ended_for_safety_end_their_grants_and_others_stay(
    site, anna, sign_in, application
):
    allow(site, application)
    other = site.another_browser()
    sign_in(other, anna)
    other.get(authorize_url(application))
    kept, ended = Grant.objects.order_by("pk")
    with transaction.atomic():
        outbox.emit(
            "identity.sessions_ended",
            {"account_id": anna.pk, "session_ids": [ended.session_id], "reason": "password"},
        )
        outbox.emit(
            "identity.sessions_ended",
            {"account_id": anna.pk, "session_ids": [kept.session_id], "reason": "expired"},
        )
    kept.refresh_from_db()
    ended.refresh_from_db()
    assert ended.revoked_at is not None
    assert kept.revoked_at is None
    assert Consent.objects.count() == 1


def test_a_reset_password_ends_every_grant_of_the_account(site, anna, application):
    allow(site, application)
    with transaction.atomic():
        outbox.emit(
            "identity.sessions_ended",
            {"account_id": anna.pk, "session_ids": [0], "reason": "password_reset"},
        )
    assert Grant.objects.get().revoked_at is not None
    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    "event",
    ["identity.password_changed", "identity.email_change_undone", "identity.deletion_requested"],
)
def test_what_was_allowed_in_a_session_that_is_over_ends_when_its_owner_takes_the_account_back(
    site, anna, sign_in, application, event
):
    """Whoever signed out with a token in hand must not keep it past the new password."""
    allow(site, application)
    site.post("/sign-out")
    other = site.another_browser()
    sign_in(other, anna)
    other.get(authorize_url(application))
    over, living = Grant.objects.order_by("pk")
    assert over.revoked_at is None
    with transaction.atomic():
        outbox.emit(event, {"account_id": anna.pk})
    over.refresh_from_db()
    living.refresh_from_db()
    assert over.revoked_at is not None
    assert living.revoked_at is None


def test_a_new_password_ends_the_tokens_of_whoever_signed_out_before(site, anna, application):
    allow(site, application)
    site.post("/sign-out")
    site.get("/sign-in")
    site.submit({"email": anna.email, "password": PASSWORD})
    site.get("/settings/password")
    fresh = {"current_password": PASSWORD, "new_password": "nine copper kettles in the attic"}
    assert site.submit(fresh).status_code == 302
    assert Grant.objects.get().revoked_at is not None


def test_securing_the_account_takes_back_all_that_was_allowed_even_in_this_browser(
    site, anna, application
):
    """Whoever was in the account may have allowed an application of their own."""
    allow(site, application)
    site.get("/settings/secure")
    fresh = {"current_password": PASSWORD, "new_password": "nine copper kettles in the attic"}
    assert site.submit(fresh).status_code == 302
    assert Grant.objects.get().revoked_at is not None
    assert not Consent.objects.exists()
    entry = AuditEntry.objects.get(action="connect.consent_withdrawn")
    assert (entry.subject_account_id, entry.target) == (anna.pk, application.client_id)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("identity.sessions_ended", {"reason": "password_changed"}),
        ("identity.sessions_ended", {"reason": "ended_by_owner"}),
        ("identity.sessions_ended", {"reason": "password_reset"}),
        ("identity.sessions_ended", {"reason": "not_me"}),
        ("identity.account_deleted", {}),
    ],
)
def test_an_end_for_safety_ends_offline_access_as_well_and_the_owner_is_told_once(
    site, anna, register, event, payload
):
    shop, other = register().application, register(name="Bakery").application
    allow(site, shop, access_type="offline")
    site.get(authorize_url(shop, access_type="offline"))
    session = Grant.objects.first().session_id
    logged = ApplicationEvent.objects.filter(kind="tokens_revoked")
    with transaction.atomic():
        outbox.emit(event, {"account_id": anna.pk, "session_ids": [session], **payload})
    assert Grant.objects.count() == 2
    assert not Grant.objects.filter(revoked_at=None).exists()
    line = logged.get()
    assert (line.application, line.account, line.detail) == (shop, anna, {"by": "safety"})
    assert line.address == ""
    # What has ended already is not told of again.
    with transaction.atomic():
        outbox.emit(event, {"account_id": anna.pk, "session_ids": [session], **payload})
    assert logged.count() == 1
    assert not ApplicationEvent.objects.filter(application=other).exists()


@pytest.mark.parametrize("reason", ["expired", "too_many", "signed_out", "application"])
def test_an_ordinary_end_touches_no_offline_access(site, anna, application, reason):
    allow(site, application, access_type="offline")
    with transaction.atomic():
        outbox.emit(
            "identity.sessions_ended",
            {
                "account_id": anna.pk,
                "session_ids": [Grant.objects.get().session_id],
                "reason": reason,
            },
        )
    assert Grant.objects.get().revoked_at is None
    assert not ApplicationEvent.objects.filter(kind="tokens_revoked").exists()


def test_the_copy_of_an_accounts_data_holds_what_it_allowed(site, anna, application):
    from hospes.identity.services import export

    allow(site, application)
    (row,) = export.sections()["applications"](anna)
    assert row["application"] == "Flower shop"
    assert row["scopes"] == ["email", "openid", "profile"]
