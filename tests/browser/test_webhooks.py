"""Webhooks in a browser, with a receiver on this machine."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import standardwebhooks

from support import run
from support.api_pages import SMALL, enter, fits, make_house, seen

pytestmark = pytest.mark.browser


class Receiver:
    """A customer's server. It answers with ``status``."""

    def __init__(self):
        self.got = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_args):
                """Be quiet."""

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers.items()), body))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def house(running_server):
    return make_house(running_server, "vera@hooks.example")


def test_from_the_form_to_the_delivery_and_off_again(page, house, receiver, axe):
    enter(page, house)
    page.goto(f"{house.address}/webhooks")
    page.locator("main").get_by_text("No webhook yet").wait_for()
    seen(page, axe)
    page.get_by_role("link", name="Add webhook").click()
    seen(page, axe, "Add webhook")
    page.fill("[name=url]", "http://shop.example/hook")
    page.locator("label", has_text="Only these:").click()
    page.get_by_role("button", name="Add webhook").click()
    for said in ("The address has to begin with https://", "Choose at least one event."):
        page.locator("main").get_by_text(said).first.wait_for()
    seen(page, axe)

    page.fill("[name=url]", receiver.url)
    page.fill("[name=description]", "The shop")
    page.check("[name=events][value='organizations.team_created']")
    page.get_by_role("button", name="Add webhook").click()
    page.get_by_role("heading", name="The webhook is added").wait_for()
    seen(page, axe)
    secret = page.locator("main .kept__value").inner_text()
    page.get_by_role("link", name="I have saved the secret").click()
    seen(page, axe, "Webhook")
    assert secret not in page.content()

    # The message's page follows it until it is there.
    page.get_by_role("button", name="Send test event").click()
    page.locator("main .badge", has_text="Delivered").wait_for()
    headers, body = receiver.got[0]
    assert standardwebhooks.Webhook(secret).verify(body, headers)["type"] == "webhooks.test"
    page.get_by_text("Answer 204").wait_for()
    seen(page, axe)
    receiver.status = 500
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("Answer 500").wait_for()
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    receiver.status = 204
    page.get_by_role("button", name="Send again").click()
    page.locator("main .badge", has_text="Delivered").wait_for()
    assert page.locator("tbody tr").count() == 3
    page.locator(".breadcrumbs a").last.click()
    seen(page, axe, "Webhook")
    page.select_option("[name=state]", "failed")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Nothing in this log matches").wait_for()

    page.get_by_role("link", name="Switch off").click()
    seen(page, axe, "Switch the webhook off?")
    page.get_by_role("button", name="Switch off").click()
    page.get_by_text("The webhook is switched off", exact=True).wait_for()
    seen(page, axe)
    assert not page.get_by_role("button", name="Send test event").count()
    page.goto(f"{house.address}/webhooks?state=off")
    assert page.locator("tbody tr").count() == 1
    seen(page, axe)
    page.locator("tbody a").click()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Send test event").wait_for()


def test_one_of_many_is_found_on_a_phone(new_page, house, running_server):
    running_server.python(_MANY.format(key=house.key))
    page = new_page(phone=True, viewport=SMALL)
    enter(page, house)
    page.goto(f"{house.address}/webhooks")
    fits(page)
    assert page.locator("tbody tr").count() >= 6
    page.fill("main [name=q]", "till")
    page.get_by_role("button", name="Show", exact=True).tap()
    page.wait_for_url("**q=till*")
    row = page.locator("tbody tr")
    assert row.count() == 1
    assert "https://till-4.example/hook" in row.inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").tap()
    assert download.value.path().read_text("utf-8-sig").count("\n") == 2
    page.select_option("main [name=state]", "off")
    page.get_by_role("button", name="Show", exact=True).tap()
    page.get_by_text("No webhook matches what you look for.").wait_for()
    fits(page)
    page.get_by_role("link", name="Show all").first.tap()
    run.wait_until(lambda: page.locator("tbody tr").count() >= 6, "the whole list")


_MANY = """
from hospes.api.domain.webhooks import Draft
from hospes.api.services.webhooks import add_webhook
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Organization
house = Organization.objects.get(pk={key})
owner = house.memberships.get().account
for number, name in enumerate(["shop", "books", "stock", "post", "till", "archive"]):
    draft = Draft(f"https://{{name}}-{{number}}.example/hook", "", ())
    add_webhook(draft, organization=house, acting_account=owner, origin=SYSTEM)
"""
