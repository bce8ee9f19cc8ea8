"""The directory's page in a browser, and a directory that comes with what it shows."""

from __future__ import annotations

import httpx
import pytest

from support.api_pages import SMALL, enter, fits, make_house, seen

pytestmark = pytest.mark.browser

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.fixture(scope="module")
def house(running_server):
    return make_house(running_server, "vera@directory.example")


def test_a_directory_is_connected_brings_people_and_is_cut_off(page, house, axe, running_server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, house)
    page.goto(f"{house.address}/directory")
    page.locator("main").get_by_text("No directory connected").wait_for()
    seen(page, axe)
    page.get_by_role("link", name="Connect directory").click()
    seen(page, axe, "Connect directory")
    page.get_by_role("button", name="Connect directory").click()
    page.get_by_text("Give the directory a name.").first.wait_for()
    seen(page, axe)
    page.fill("[name=name]", "Main directory")
    page.get_by_role("button", name="Connect directory").click()
    page.get_by_role("heading", name="Main directory is connected").wait_for()
    seen(page, axe)
    copied = []
    for number in range(2):
        page.locator("main [data-copy]").nth(number).click()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    token, address = copied
    assert address == f"{house.url}/scim/v2"
    page.get_by_role("link", name="I have saved the token").click()
    page.locator("main").get_by_text("Nobody yet").wait_for()
    assert token not in page.content()
    seen(page, axe)

    # The directory itself, with what was copied.
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as directory:
        people = [
            directory.post(
                f"{address}/Users",
                json={
                    "schemas": [USER],
                    "userName": f"{name}@haus.example",
                    "active": name != "kim",
                },
            ).json()["id"]
            for name in ("ida", "max", "kim")
        ]
        group = {
            "schemas": [GROUP],
            "displayName": "Buchhaltung",
            "members": [{"value": people[0]}],
        }
        assert directory.post(f"{address}/Groups", json=group).status_code == 201
        page.reload()
        states = dict(
            zip(
                page.locator("tbody th").all_inner_texts(),
                page.locator("tbody .badge").all_inner_texts(),
                strict=False,
            )
        )
        assert states["ida@haus.example"] == "Invited"
        assert states["kim@haus.example"] == "Switched off"
        page.locator("main").get_by_text("Buchhaltung").wait_for()
        seen(page, axe)
        running_server.wait_for_mail("ida@haus.example")
        page.fill("main [name=q]", "kim")
        page.locator("main .filters button").click()
        page.wait_for_url("**q=kim*")
        assert page.locator("section[aria-label=People] tbody tr").count() == 1

        # A new token ends the old one, the end ends both.
        page.get_by_role("link", name="Replace the token").click()
        seen(page, axe, "Replace the token of Main directory?")
        page.get_by_role("button", name="Replace the token").click()
        page.get_by_role("heading", name="New token for Main directory").wait_for()
        new = page.locator("main .kept__value").first.inner_text()
        assert directory.get(f"{address}/Users").status_code == 401
        directory.headers["Authorization"] = f"Bearer {new}"
        assert directory.get(f"{address}/Users").json()["totalResults"] == 3
        page.get_by_role("link", name="I have saved the token").click()
        page.wait_for_url(lambda url: not url.endswith("/token"))
        page.goto(f"{house.address}/directory")
        seen(page, axe)
        page.get_by_role("link", name="Main directory").click()
        page.get_by_role("link", name="Disconnect").click()
        seen(page, axe, "Disconnect Main directory?")
        page.get_by_role("button", name="Disconnect").click()
        page.get_by_text("The directory Main directory is disconnected.").wait_for()
        assert directory.get(f"{address}/Users").status_code == 401
    page.goto(f"{house.address}/invitations")
    assert page.get_by_text("ida@haus.example").count(), "what it brought stays"


def test_on_a_phone(new_page, house):
    page = new_page(phone=True, viewport=SMALL)
    enter(page, house)
    page.goto(f"{house.address}/directory/new")
    page.fill("[name=name]", "Verzeichnis der Zweigniederlassung Oberwinterthur")
    page.get_by_role("button", name="Connect directory").tap()
    page.get_by_role("heading", name="is connected").wait_for()
    fits(page)
    page.get_by_role("link", name="I have saved the token").tap()
    page.locator("main").get_by_text("Nobody yet").wait_for()
    fits(page)
    page.goto(f"{house.address}/directory")
    fits(page)
