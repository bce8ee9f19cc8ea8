"""No log of a whole journey holds a secret, a token, a code or a password."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from support.authorizing import CALLBACK, CHALLENGE, VERIFIER
from support.server import Server
from support.site import Site

pytestmark = pytest.mark.crash

PASSWORD = "seven quiet herons on the weir"
EMAIL = "ben@customer.example"

REGISTER = f"""
from hospes.connect.domain.registration import Draft
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
from hospes.organizations.queries import organizations_of
account = Account.objects.get()
made = register_application(
    RegisterApplication(
        Draft(type="web", name="Flower shop", redirect_uris=({CALLBACK!r},)), "a-form-key-0000001"
    ),
    organization=organizations_of(account).get(), acting_account=account, origin=SYSTEM,
)
print(made.application.client_id, made.secret)
"""


@pytest.fixture(params=["json", "console"])
def server(request):
    server = Server(HOSPES_LOG_FORMAT=request.param)
    server.start()
    yield server
    server.kill()


def test_sign_up_sign_in_and_code_flow_leave_no_secret_in_the_logs(server):
    secrets = [PASSWORD]
    browser = Site(server=server.url)
    browser.get("/sign-up")
    browser.submit({"first_name": "Ben", "last_name": "Aebi", "email": EMAIL, "password": PASSWORD})
    secrets.append(browser.cookie("csrf"))
    link = server.wait_for_mail(EMAIL).links[0].removeprefix(server.url)
    secrets.append(link.rsplit("/", 1)[-1])
    browser.get(link)
    browser.submit(button="Confirm")
    secrets.append(browser.cookie("browser"))

    other = Site(server=server.url)
    other.get("/sign-in")
    other.submit({"email": EMAIL, "password": "a wrong password that nobody has"})
    secrets.append("a wrong password that nobody has")
    other.submit({"email": EMAIL, "password": PASSWORD}, follow=True)
    secrets.append(other.cookie("browser"))

    client_id, secret = server.python(REGISTER).split()
    secrets += [secret, VERIFIER, CHALLENGE, "the-state-of-the-shop", "the-nonce-of-the-shop"]
    other.get(
        "/authorize",
        params={
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid email",
            "state": "the-state-of-the-shop",
            "nonce": "the-nonce-of-the-shop",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        },
    )
    other.submit(button="Allow")
    (code,) = parse_qs(urlsplit(other.response.headers["location"]).query)["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answer = httpx.post(f"{server.url}/token", data=form, auth=(client_id, secret))
    assert answer.status_code == 200
    tokens = answer.json()
    secrets += [code, tokens["access_token"], *tokens["id_token"].split(".")[1:]]
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(f"{server.url}/oauth2/userinfo", headers=bearer).status_code == 200
    # Secrets where they do not belong: in an address, and in faulty requests.
    httpx.get(f"{server.url}/oauth2/userinfo", params={"access_token": tokens["access_token"]})
    httpx.post(f"{server.url}/token", data={**form, "client_secret": secret})
    httpx.get(f"{server.url}/sign-in/{secret}")
    other.get("/recover")
    other.submit({"email": EMAIL})
    reset = server.wait_for_mail(EMAIL, count=len(server.mails(EMAIL))).links
    secrets += [link.rsplit("/", 1)[-1] for link in reset if len(link.rsplit("/", 1)[-1]) > 20]

    keys = json.loads((server.data_dir / "keys.json").read_text())
    secrets += [keys["django_secret"], *keys["key_encryption_keys"].values()]
    server.stop()

    log = server.log.read_text()
    assert "/token" in log, "the log was really written"
    assert "/oauth2/userinfo" in log
    found = [secret for secret in secrets if secret and secret in log]
    assert not found, f"the log tells {found}"
    assert all(secrets)


def test_a_fault_of_the_server_does_not_print_what_was_sent(server):
    server.rows("DROP TABLE foundation_message")
    browser = Site(server=server.url)
    browser.get("/sign-up")
    answer = browser.submit(
        {"first_name": "Ben", "last_name": "Aebi", "email": EMAIL, "password": PASSWORD}
    )
    assert answer.status_code == 500
    log = server.log.read_text()
    assert "foundation_message" in log, "the fault itself is logged"
    assert PASSWORD not in log
    assert browser.cookie("csrf") not in log
