"""Debian's Apache with mod_auth_openidc and the settings that are printed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from support import run
from support.apache import Apache
from support.printed import PASSWORD, Printed, printed_for
from support.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("apache")]


class Intranet:
    """The provider, and a site behind Apache."""

    def __init__(self) -> None:
        self.server = Server()
        self.server.start()
        self.apache = Apache(run.free_port())
        self.printed: Printed = printed_for(self.server, "apache", self.apache.url)[0]

    def prove(self, page: Page) -> None:
        page.fill("main input[name=email]", "lea@site.example")
        page.fill("main input[name=password]", PASSWORD)
        page.click("main form:has(input[name=password]) button[type=submit]")

    def sub(self) -> str:
        rows = self.server.rows(
            "SELECT public_id FROM identity_account WHERE email = ?", "lea@site.example"
        )
        return str(rows[0][0])


@pytest.fixture(scope="module")
def intranet() -> Iterator[Intranet]:
    made = Intranet()
    try:
        yield made
    finally:
        made.apache.stop()
        made.server.stop()


@pytest.fixture
def served(intranet: Intranet) -> Iterator[Intranet]:
    intranet.apache.start(intranet.printed.texts["apache"])
    yield intranet
    intranet.apache.stop()


def test_what_is_typed_from_the_page_signs_people_in_and_out(
    served: Intranet, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    # A page inside, not the first one: it is returned to.
    page.goto(f"{served.apache.url}/report.html")
    served.prove(page)
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{served.apache.url}/report.html")
    assert page.title() == "Inside"
    assert page.inner_text("#user").startswith(served.sub())
    assert page.inner_text("#sub") == served.sub()
    assert page.inner_text("#email") == "lea@site.example"
    # Signed in there as well as here: nothing is asked any more.
    page.goto(f"{served.apache.url}/")
    assert page.title() == "Inside"
    # The printed address signs out, here and there, and comes back to the site's first page,
    # which asks again.
    page.goto(served.printed.texts["apache_logout"].strip())
    page.wait_for_url(f"{served.server.url}/sign-in?**")
    assert not [
        cookie for cookie in page.context.cookies() if cookie["name"] == "mod_auth_openidc_session"
    ]


def test_nobody_gets_in_unseen(served: Intranet) -> None:
    with httpx.Client(base_url=served.apache.url) as visitor:
        for path in ("/", "/report.html"):
            answer = visitor.get(path)
            assert answer.status_code == 302
            asked = httpx.URL(answer.headers["location"])
            assert str(asked).startswith(f"{served.server.url}/authorize?")
            assert asked.params["code_challenge_method"] == "S256"
            assert asked.params["redirect_uri"] == served.printed.redirect_uris[0]
            assert "Inside" not in answer.text
        for back in ("?code=x&state=y", "?error=access_denied&state=y"):
            answer = visitor.get(
                httpx.URL(served.printed.redirect_uris[0] + back).raw_path.decode()
            )
            assert answer.status_code in {302, 400, 401}
            assert "Inside" not in answer.text
        # What a visitor says of themselves is not believed.
        lie = {"OIDC_CLAIM_sub": served.sub(), "X-Remote-User": served.sub()}
        assert visitor.get("/", headers=lie).status_code == 302


def test_a_wrong_secret_signs_nobody_in(intranet: Intranet, new_page: Callable[..., Page]) -> None:
    right = intranet.printed.texts["apache"]
    intranet.apache.start(right.replace(intranet.printed.secret, "hsp_cs_" + "x" * 43))
    try:
        page = new_page()
        page.goto(f"{intranet.apache.url}/report.html")
        intranet.prove(page)
        # Allowed before, by whichever test ran first, or now.
        allow = page.get_by_role("button", name="Allow")
        page.wait_for_load_state()
        if allow.count():
            allow.click()
        page.wait_for_url(f"{intranet.printed.redirect_uris[0]}?**")
        assert page.title() != "Inside"
        page.goto(f"{intranet.apache.url}/report.html")
        assert page.title() != "Inside"
    finally:
        intranet.apache.stop()
