"""Debian's Dovecot with the settings that are printed for Roundcube and Dovecot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from support import run
from support.dovecot import Dovecot
from support.printed import PASSWORD, Printed, printed_for
from support.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("dovecot")]

LEA, MAX = "lea@site.example", "max@site.example"
MAKE_PASSWORD = """
from hospes.identity.models import Account
from hospes.identity.services.application_passwords import CreateApplicationPassword, create
from hospes.kit.origin import SYSTEM
lea = Account.objects.get(email="lea@site.example")
print(create(CreateApplicationPassword({name!r}), acting_account=lea, origin=SYSTEM).value)
"""
REVOKE = """
from hospes.identity.models import Account
from hospes.identity.services.application_passwords import revoke_all
from hospes.kit.origin import SYSTEM
revoke_all(acting_account=Account.objects.get(email="lea@site.example"), origin=SYSTEM)
"""


class Mail:
    """The provider, the mail server, and two applications; the first one is Roundcube's."""

    def __init__(self) -> None:
        self.server = Server()
        self.server.start()
        self.own, self.other = printed_for(
            self.server, "roundcube", f"http://127.0.0.1:{run.free_port()}"
        )
        self.dovecot = Dovecot(self.own.texts)
        self.dovecot.start()

    def password(self, name: str) -> str:
        return self.server.python(MAKE_PASSWORD.format(name=name))

    def tokens(self, page: Page, application: Printed, scope: str) -> dict[str, Any]:
        """Let Lea sign in to Roundcube; return what Roundcube gets, asking as it does."""
        back = application.redirect_uris[0]
        asked = {"client_id": application.client_id, "redirect_uri": back, "scope": scope}
        page.goto(
            f"{self.server.url}/authorize?"
            + urlencode({**asked, "response_type": "code", "state": "s", "prompt": "consent"})
        )
        if page.locator("main input[name=email]").count():
            page.fill("main input[name=email]", LEA)
            page.fill("main input[name=password]", PASSWORD)
            page.click("main form:has(input[name=password]) button[type=submit]")
        # Nothing answers there: what was asked is enough.
        with page.expect_request(lambda request: request.url.startswith(back)) as returned:
            page.get_by_role("button", name="Allow").click()
        form = {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(returned.value.url).query)["code"][0],
            "client_id": application.client_id,
            "client_secret": application.secret,
            "redirect_uri": back,
        }
        told = httpx.post(f"{self.server.url}/token", data=form)
        assert told.status_code == 200, told.text
        return dict(told.json())


@pytest.fixture(scope="module")
def mail() -> Iterator[Mail]:
    made = Mail()
    try:
        yield made
    finally:
        made.dovecot.stop()
        made.server.stop()


def test_a_token_opens_the_mailbox_of_its_person(mail: Mail, new_page: Callable[..., Page]) -> None:
    page = new_page()
    told = mail.tokens(page, mail.own, "openid email offline_access")
    assert mail.dovecot.xoauth2(LEA, told["access_token"])
    assert mail.dovecot.oauthbearer(LEA, told["access_token"])
    # Somebody else's mailbox, a token without the address, and one of another application.
    assert not mail.dovecot.xoauth2(MAX, told["access_token"])
    foreign = mail.tokens(page, mail.other, "openid email")
    assert not mail.dovecot.oauthbearer(LEA, foreign["access_token"])
    assert "Provided token is not valid" in mail.dovecot.said()


@pytest.mark.parametrize("kind", ["nonsense", "refresh", "revoked", "narrow"])
def test_what_is_no_such_token_opens_nothing(
    mail: Mail, new_page: Callable[..., Page], kind: str
) -> None:
    told = {"access_token": "hsp_at_nonsense"}
    if kind != "nonsense":
        scope = "openid" if kind == "narrow" else "openid email offline_access"
        told = mail.tokens(new_page(), mail.own, scope)
    token = told["refresh_token" if kind == "refresh" else "access_token"]
    if kind == "revoked":
        form = {"token": token, "client_id": mail.own.client_id}
        form["client_secret"] = mail.own.secret
        assert httpx.post(f"{mail.server.url}/oauth2/revoke", data=form).status_code == 200
    assert not mail.dovecot.oauthbearer(LEA, token)


def test_an_application_password_is_for_mail_programs_once_the_provider_allows_it(
    mail: Mail,
) -> None:
    password = mail.password("Mail on the phone")
    assert not mail.dovecot.plain(LEA, password)
    done = mail.server.command("application", "allow-passwords", mail.own.client_id)
    assert done.returncode == 0, done.stderr
    assert mail.dovecot.plain(LEA, password)
    assert mail.dovecot.login(LEA, password.upper().replace("-", " "))
    assert not mail.dovecot.plain(MAX, password)
    assert not mail.dovecot.plain(LEA, PASSWORD)
    assert not mail.dovecot.plain(LEA, "abcd-efgh-jkmn-pqrs-tuvw")
    # It is no token: the way for those does not take it.
    assert not mail.dovecot.oauthbearer(LEA, password)
    mail.server.python(REVOKE)
    assert not mail.dovecot.plain(LEA, password)


def test_a_token_is_no_password(mail: Mail, new_page: Callable[..., Page]) -> None:
    told = mail.tokens(new_page(), mail.own, "openid email")
    assert not mail.dovecot.plain(LEA, told["access_token"])
