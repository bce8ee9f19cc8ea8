"""The first minutes of a newcomer, on a phone, in each language.

Sign up, read the mail in the development mailbox, confirm, register an application, sign in to
the demo client with it, see what it was told, sign out again.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from hospes.demo.people import PASSWORD

pytestmark = pytest.mark.browser

LOCALES = {"en": "en-GB", "fr": "fr-CH", "de": "de-CH", "it": "it-CH", "es": "es-ES"}
OWN_PASSWORD = "a lantern over the harbour 41"


def submit(page, having: str) -> None:
    page.locator(f"main form:has({having}) button[type=submit]:not([hidden])").last.click()


class Walk:
    """One newcomer; every page on the way is looked at."""

    def __init__(self, page, demo, axe, language):
        self.page, self.demo, self.language = page, demo, language
        self._axe = axe
        self.email = f"noa.{language}@newcomer.example"

    def arrived(self, path: str = "") -> None:
        """Look at the page: where it is, its language, its width, its accessibility."""
        page = self.page
        if path:
            page.wait_for_url(lambda url: urlsplit(url).path.startswith(path))
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.lang") == self.language
        assert page.locator("h1").count() == 1
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
        self._axe(page)

    def sign_up(self) -> None:
        page = self.page
        page.goto(self.demo.url)
        self.arrived("/")
        page.click("main a[href='/sign-up']")
        self.arrived("/sign-up")
        page.fill("main input[name=first_name]", "Noa")
        page.fill("main input[name=last_name]", "Brunner")
        page.fill("main input[name=email]", self.email)
        page.fill("main input[name=password]", OWN_PASSWORD)
        submit(page, "input[name=password]")
        self.arrived("/sign-up/sent")

    def confirm(self) -> None:
        page = self.page
        page.click("main a[href='/dev/mailbox']")
        self.arrived("/dev/mailbox")
        mail = page.locator("[data-testid=message]", has_text=self.email)
        for _ in range(40):
            if mail.count():
                break
            page.wait_for_timeout(250)
            page.reload()
        mail.first.click()
        self.arrived("/dev/mailbox/")
        page.locator("[data-testid=message-text] a[href*='/sign-up/confirm/']").first.click()
        self.arrived("/sign-up/confirm/")
        page.locator("main .card form button[type=submit]").click()
        page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/sign-up"))
        page.goto(self.demo.url)
        self.arrived("/")
        assert "Noa" in page.locator("h1").inner_text()

    def register(self) -> tuple[str, str]:
        page = self.page
        page.click("main a[href='/auth/applications/new']")
        self.arrived("/auth/applications/new")
        page.locator("main input[name=type][value=server]").check(force=True)
        page.fill("main input[name=name]", f"Shop {self.language}")
        page.locator("main input[name=redirect_uris]").first.fill(
            f"{self.demo.client_url}/callback"
        )
        submit(page, "input[name=form_key]")
        secret = page.locator(".kept__value", has_text="hsp_cs_")
        secret.wait_for()
        self.arrived("/auth/applications/")
        values = page.locator(".kept__value").all_inner_texts()
        return values[0].strip(), secret.inner_text().strip()

    def sign_in_elsewhere(self, client_id: str, client_secret: str) -> None:
        page = self.page
        page.goto(f"{self.demo.client_url}/settings")
        self.arrived("/settings")
        page.fill("input[name=client_id]", client_id)
        page.fill("input[name=client_secret]", client_secret)
        page.click("form[action='/settings'] button")
        page.goto(self.demo.client_url)
        self.arrived("/")
        page.locator("main a[href='/sign-in']").first.click()
        self.arrived("/authorize")
        assert f"Shop {self.language}" in page.locator("h1").inner_text()
        page.click("button[name=decision][value=allow]")
        page.wait_for_url(f"{self.demo.client_url}/**")
        page.locator("form[action='/sign-out']").wait_for()
        self.arrived("/")

    def take_back(self, client_id: str) -> None:
        page = self.page
        page.goto(f"{self.demo.url}/settings/applications")
        self.arrived("/settings/applications")
        page.goto(f"{self.demo.url}/settings/applications/{client_id}/remove")
        self.arrived(f"/settings/applications/{client_id}/remove")
        page.locator("main .card form button[type=submit]").first.click()
        page.wait_for_url("**/settings/applications")
        self.arrived("/settings/applications")
        assert f"Shop {self.language}" not in page.locator("main .content").inner_text()

    def sign_out_everywhere(self) -> None:
        page = self.page
        page.goto(self.demo.client_url)
        page.click("button[name=where][value=everywhere]")
        page.wait_for_load_state()
        # The ID token shows whose sign-in it was, so nothing more is asked.
        page.wait_for_url(f"{self.demo.url}/**")
        self.arrived("/oauth2/end-session")
        page.goto(f"{self.demo.url}/settings/profile")
        page.wait_for_url("**/sign-in**")


@pytest.mark.parametrize("language", LOCALES)
def test_a_newcomer_signs_in_to_a_real_client(new_page, demo, axe, language):
    page = new_page(
        phone=True,
        locale=LOCALES[language],
        color_scheme="dark" if language in {"de", "es"} else "light",
    )
    walk = Walk(page, demo, axe, language)

    walk.sign_up()
    walk.confirm()
    client_id, client_secret = walk.register()
    walk.sign_in_elsewhere(client_id, client_secret)

    told = page.locator("main").inner_text()
    assert walk.email in told
    assert "Noa Brunner" in told
    assert client_id in told
    walk.sign_out_everywhere()


def test_a_connected_application_is_taken_back(new_page, demo, axe):
    page = new_page(phone=True)
    walk = Walk(page, demo, axe, "en")
    walk.email = "noa.back@newcomer.example"
    walk.sign_up()
    walk.confirm()
    client_id, client_secret = walk.register()
    walk.sign_in_elsewhere(client_id, client_secret)

    walk.take_back(client_id)


def test_the_demo_client_works_without_any_set_up(new_page, demo):
    from tests.browser.conftest import fill_sign_in

    page = new_page(phone=True)
    page.goto(demo.client_url)
    page.locator("main a[href='/sign-in']").first.click()
    page.wait_for_url("**/sign-in**")
    fill_sign_in(page, "giulia@conti-rossi.example", PASSWORD)
    page.click("button[name=decision][value=allow]")
    page.locator("form[action='/sign-out']").wait_for()

    assert "giulia@conti-rossi.example" in page.locator("main").inner_text()
