"""Kill -9 in the middle: on restart nothing that was acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import threading
import time

import httpx
import pytest

from support import run
from support.authorizing import CALLBACK, CHALLENGE, VERIFIER
from support.server import Server
from support.site import Site

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

PASSWORD = "seven quiet herons on the weir"
# Seconds between sending and the end; a password's hash alone takes about 0.05.
DELAYS = (0.0, 0.02, 0.05, 0.08, 0.12, 0.3)


@pytest.fixture
def server():
    server = Server()
    server.start()
    yield server
    server.kill()


def killed_while(server, delay, send):
    """Call ``send`` and kill the server ``delay`` seconds later; return the answer, if any."""
    answers = []

    def attempt():
        with contextlib.suppress(httpx.TransportError):
            answers.append(send())

    thread = threading.Thread(target=attempt)
    thread.start()
    time.sleep(delay)
    server.kill()
    thread.join()
    server.start()
    return answers[0] if answers else None


def count(server, table, where="1 = 1", *values):
    return server.rows(f"SELECT count(*) FROM {table} WHERE {where}", *values)[0][0]


def no_work_left(server):
    return not count(server, "foundation_job", "state IN ('waiting', 'running') AND attempts < 5")


def confirm(browser):
    """Confirm a sign-up. If the answer to it was lost, so was its cookie: the password is asked."""
    asked = "password" in browser.page.form(button="Confirm").fields
    return browser.submit({"password": PASSWORD} if asked else {}, button="Confirm")


def test_signing_up(server):
    acknowledged = 0
    for number, delay in enumerate(DELAYS):
        email = f"ben.{number}@customer.example"
        browser = Site(server=server.url)
        browser.get("/sign-up")
        form = {"first_name": "Ben", "last_name": "Aebi", "email": email, "password": PASSWORD}
        answer = killed_while(server, delay, lambda b=browser, f=form: b.submit(f))
        rows = count(server, "identity_sign_up", "email = ?", email)
        if answer is not None:
            assert answer.status_code == 302
            assert rows == 1, "an acknowledged sign-up is lost"
            acknowledged += 1
        assert rows <= 1
        assert count(server, "foundation_message", "recipient = ?", email) == rows
        if not rows:
            browser.get("/sign-up")
            assert browser.submit(form).status_code == 302
        letter = server.wait_for_mail(email)
        link = letter.links[0].removeprefix(server.url)

        browser.get(link)
        answer = killed_while(server, delay, lambda b=browser: confirm(b))
        if answer is not None:
            assert answer.status_code == 302
            assert count(server, "identity_account", "email = ?", email) == 1
        # The person tries again, however it went.
        if not count(server, "identity_account", "email = ?", email):
            browser.get(link)
            assert confirm(browser).status_code == 302
        ((account,),) = server.rows("SELECT id FROM identity_account WHERE email = ?", email)
        assert count(server, "organizations_membership", "account_id = ?", account) == 1
        assert (
            count(
                server,
                "foundation_audit_entry",
                "action = 'identity.account_created' AND subject_account_id = ?",
                account,
            )
            == 1
        )
        run.wait_until(lambda e=email: server.mails(e), "the mail")
        assert len([mail for mail in server.mails(email) if link in mail.text]) == 1
    # The longest delays are long enough to be answered: the loop saw both kinds.
    assert acknowledged
    assert count(server, "organizations_organization") == len(DELAYS)


REGISTER = f"""
from support.people import make_account
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.identity.services.sessions import open_session
from hospes.kit.origin import SYSTEM
from hospes.organizations.queries import organizations_of
account = make_account("anna@customer.example")
made = register_application(
    RegisterApplication(
        Draft(type="web", name="Flower shop", redirect_uris=({CALLBACK!r},)), "a-form-key-0000001"
    ),
    organization=organizations_of(account).get(), acting_account=account, origin=SYSTEM,
)
session, token = open_session(account, None, origin=SYSTEM, amr=("pwd",))
print(made.application.client_id, made.secret, token)
"""


def new_code(browser, client_id):
    browser.get(
        "/authorize",
        params={
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        },
    )
    if browser.response.status_code == 200:  # asked for consent, once
        browser.submit(button="Allow")
    location = httpx.URL(browser.response.headers["location"])
    return location.params["code"]


def test_exchanging_a_code(server):
    client_id, secret, token = server.python(REGISTER).split()
    browser = Site(server=server.url)
    browser.set_cookie("browser", token)
    acknowledged = 0
    for number, delay in enumerate((0.0, 0.002, 0.004, 0.008, 0.015, 0.05, 0.2), start=1):
        code = new_code(browser, client_id)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }

        def exchange(form=form):
            return httpx.post(f"{server.url}/token", data=form, auth=(client_id, secret))

        answer = killed_while(server, delay, exchange)
        used, tokens, revoked = server.rows(
            "SELECT c.used_at IS NOT NULL, count(t.id), g.revoked_at IS NOT NULL"
            " FROM connect_authorization_code c JOIN connect_grant g ON g.id = c.grant_id"
            " LEFT JOIN connect_token t ON t.grant_id = g.id"
            " WHERE c.id = (SELECT max(id) FROM connect_authorization_code) GROUP BY c.id"
        )[0]
        assert tokens == used, "a code and its token are written together or not at all"
        assert not revoked
        if answer is not None:
            acknowledged += 1
            assert answer.status_code == 200
            assert used
            bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            info = httpx.get(f"{server.url}/oauth2/userinfo", headers=bearer)
            assert info.status_code == 200, "an acknowledged token is lost"
        # The application tries again: a code that was used gives nothing a second time.
        again = exchange()
        assert again.status_code == (400 if used else 200)
        assert count(server, "connect_token") == number
    assert acknowledged
