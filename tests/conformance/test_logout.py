"""The plan about logout that a relying party asks for."""

from __future__ import annotations

import base64
import json
import secrets
import time

from conformance.browser import Returned, Stayed
from conformance.party import INTERACTION
from conformance.provider import AFTER_LOGOUT, BASE
from joserfc import jwt
from joserfc.jwk import OctKey


def logout(party, browser, **values):
    """Send the browser to sign out; the person confirms where asked to."""
    url = party.provider.metadata["end_session_endpoint"]
    return browser.visit(url, {k: v for k, v in values.items() if v is not None})


def state():
    return secrets.token_hex(64)


def is_signed_out(party, browser):
    """The suite's own proof: nobody can be signed in without a page now."""
    request = party.request(prompt="none", state=state())
    assert party.error(request, party.ask(browser, request)) in INTERACTION


def is_still_signed_in(party, browser):
    party.sign_in(browser, prompt="none")
    assert not browser.asked


def came_back(arrived, query):
    assert isinstance(arrived, Returned), arrived
    assert arrived.address == AFTER_LOGOUT
    assert arrived.form is None
    assert dict(arrived.query) == query
    assert len(arrived.query) == len(query)


def was_refused(party, browser, arrived, code):
    """The person stays on a page that says what is wrong, and stays signed in."""
    assert isinstance(arrived, Stayed), arrived
    assert arrived.status == 400
    assert code in arrived.page.text
    assert not arrived.leads_away
    assert not browser.asked
    is_still_signed_in(party, browser)


def was_signed_out_here(party, browser, arrived):
    """The person stays on a page that says it is done."""
    assert isinstance(arrived, Stayed), arrived
    assert arrived.status == 200
    assert "signed out" in arrived.page.text.lower()
    assert not arrived.leads_away
    is_signed_out(party, browser)


# ---- it works --------------------------------------------------------------------------------


def test_oidcc_rp_initiated_logout(party, browser, outcome):
    done, sent = party.sign_in(browser), state()
    arrived = logout(
        party,
        browser,
        id_token_hint=done.id_token,
        post_logout_redirect_uri=AFTER_LOGOUT,
        state=sent,
    )
    came_back(arrived, {"state": sent})
    is_signed_out(party, browser)


def test_oidcc_rp_initiated_logout_no_state(party, browser, outcome):
    done = party.sign_in(browser)
    arrived = logout(
        party, browser, id_token_hint=done.id_token, post_logout_redirect_uri=AFTER_LOGOUT
    )
    came_back(arrived, {})
    is_signed_out(party, browser)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(party, browser, outcome):
    done = party.sign_in(browser)
    arrived = logout(party, browser, id_token_hint=done.id_token, state=state())
    was_signed_out_here(party, browser, arrived)


def test_oidcc_rp_initiated_logout_no_params(party, browser, outcome):
    party.sign_in(browser)
    arrived = logout(party, browser)
    assert browser.asked == ["/oauth2/end-session"], "without a hint the person is to be asked"
    was_signed_out_here(party, browser, arrived)


def test_oidcc_rp_initiated_logout_only_state(party, browser, outcome):
    party.sign_in(browser)
    arrived = logout(party, browser, state=state())
    assert browser.asked == ["/oauth2/end-session"], "without a hint the person is to be asked"
    was_signed_out_here(party, browser, arrived)


# ---- it must not -----------------------------------------------------------------------------


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(party, browser, outcome):
    done = party.sign_in(browser)
    arrived = logout(
        party,
        browser,
        id_token_hint=done.id_token,
        post_logout_redirect_uri=f"{AFTER_LOGOUT}/other",
        state=state(),
    )
    was_refused(party, browser, arrived, "redirect_uri_mismatch")


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(party, browser, outcome):
    done = party.sign_in(browser)
    arrived = logout(
        party,
        browser,
        id_token_hint=done.id_token,
        post_logout_redirect_uri=f"{AFTER_LOGOUT}?foo=bar",
        state=state(),
    )
    was_refused(party, browser, arrived, "redirect_uri_mismatch")


def test_oidcc_rp_initiated_logout_no_id_token_hint(party, browser, outcome):
    party.sign_in(browser)
    arrived = logout(party, browser, post_logout_redirect_uri=AFTER_LOGOUT, state=state())
    was_refused(party, browser, arrived, "redirect_without_client")


def refused_hint(party, browser, hint):
    arrived = logout(
        party,
        browser,
        id_token_hint=hint,
        post_logout_redirect_uri=AFTER_LOGOUT,
        state=state(),
    )
    was_refused(party, browser, arrived, "hint_invalid")


def test_oidcc_rp_initiated_logout_modified_id_token_hint(party, browser, outcome):
    done = party.sign_in(browser)
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    refused_hint(party, browser, f"{header}.{done.id_token.split('.')[1]}.")


def test_oidcc_rp_initiated_logout_bad_id_token_hint(party, browser, outcome):
    done = party.sign_in(browser)
    now = int(time.time())
    # All of it right, but for the key: the suite signs with the client's secret.
    claims = {**done.claims, "iss": BASE, "iat": now, "exp": now + 300}
    secret = OctKey.import_key(party.client.secret)
    refused_hint(party, browser, jwt.encode({"alg": "HS256"}, claims, secret))
