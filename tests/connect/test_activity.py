"""What a person's own activity tells of applications: each line names which one."""

from __future__ import annotations

import csv
import io

import pytest
from connect.till import Machine

from hospes.connect.models import Grant
from hospes.foundation.models import AuditEntry
from support.authorizing import CALLBACK, VERIFIER, answered, authorize_url


def activity(browser):
    browser.get("/settings/activity")
    return browser.page.text


def exported(browser):
    rows = list(csv.reader(io.StringIO(browser.get("/settings/activity.csv").text)))
    return [row[1] for row in rows[1:]]


@pytest.fixture
def shop(register):
    return register(pkce_required=False)


def test_what_a_person_did_with_an_application_names_it(site, anna, shop):
    site.get(authorize_url(shop.application))
    site.submit({}, button="Allow")
    site.get(f"/settings/applications/{shop.application.client_id}/remove")
    site.submit({}, action="/remove")
    sentences = [
        "The access of Flower shop was removed.",
        "Signed in to Flower shop.",
        "Flower shop was allowed to see the account.",
    ]
    told = activity(site)
    for sentence in sentences:
        assert sentence in told
    assert [each for each in exported(site) if "Flower shop" in each] == sentences


def test_who_changed_an_application_finds_it_among_the_own_activity(site, owner, sign_in, shop):
    sign_in(site, owner)
    page = f"/auth/applications/{shop.application.client_id}"
    site.get(f"{page}/edit")
    site.submit({"name": "Flower garden"}, button="Save")
    site.get(f"{page}/secret")
    site.submit({"old": "keep"})
    site.get(page)
    site.click("End now")
    site.submit({}, action="/end")
    site.get(f"{page}/delete")
    site.submit({}, action="/delete")
    told = activity(site)
    old = f"…{shop.secret[-4:]}"
    for sentence in (
        "The application Flower shop was registered.",
        "The application Flower garden was changed.",
        "The client secret of Flower garden was replaced.",
        f"The old client secret {old} of Flower garden was ended before its time.",
        "The application Flower garden was deleted.",
    ):
        assert sentence in told
        assert sentence in exported(site)


def test_a_code_used_twice_is_told_to_the_person_once(site, anna, shop):
    site.get(authorize_url(shop.application))
    _address, fields = answered(site.submit({}, button="Allow"))
    software = Machine(shop)
    form = {"code": fields["code"], "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
    first = software.send("/token", shop.secret, grant_type="authorization_code", **form)
    assert first.status_code == 200
    assert "a second time" not in activity(site)
    for _ in range(2):
        again = software.send("/token", shop.secret, grant_type="authorization_code", **form)
        assert again.json()["error"] == "invalid_grant"
    assert Grant.objects.get().revoked_at is not None
    entry = AuditEntry.objects.get(action="connect.reuse_detected")
    assert (entry.subject_account_id, entry.ip) == (anna.pk, "203.0.113.7")
    assert "What Flower shop had got for signing you in was used a second time." in activity(site)
