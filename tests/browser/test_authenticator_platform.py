"""The Authenticator as an app: offline, updates, languages, looks."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from support import run
from support.authenticator_double import RFC_SEED
from support.server import Server

pytestmark = pytest.mark.browser

LEA = "Lea Amsler"
LIMIT = 100_000


@pytest.fixture
def own_server():
    server = Server()
    server.start()
    yield server
    server.stop()


# ---- without a network, and through updates ---------------------------------------------------


def test_a_browser_may_install_it(app):
    app.open()
    app.controlled()
    devtools = app.page.context.new_cdp_session(app.page)

    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["display"] == "standalone"
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's browser keeps nothing, as a private window does; that alone is in the way.
    assert [error["errorId"] for error in errors] == ["in-incognito"]


def test_everything_the_app_is_made_of_stays_below_100_kilobytes(running_server):
    asking = {"base_url": running_server.url, "headers": {"Accept-Encoding": "gzip"}}
    with httpx.Client(**asking) as client:
        page = client.get("/authenticator/")
        script = client.get("/authenticator/sw.js")
        files = json.loads(re.search(r"start\((.*)\);", script.text)[1])["files"]
        sizes = {"/authenticator/": len(page.content), "sw.js": len(script.content)}
        for address in files:
            answer = client.get(address)
            assert answer.status_code == 200, address
            sizes[address] = answer.num_bytes_downloaded

    assert sum(sizes.values()) < LIMIT, sizes
    named = set(re.findall(r'(?:src|href)="(/(?:static|authenticator/app)/[^"]+)"', page.text))
    pictures = {address for address in named if "touch" in address}
    assert named - pictures <= set(files), "the page needs what is not stored"


def test_the_first_load_of_a_browser_stays_below_100_kilobytes(open_app):
    app = open_app()
    sizes = []
    session = app.page.context.new_cdp_session(app.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    app.open()
    app.page.wait_for_load_state("networkidle")

    assert len(sizes) > 20
    assert sum(sizes) < LIMIT


def test_codes_without_a_network_and_without_a_server(open_app, double, own_server):
    app = open_app(own_server.url)
    app.link(double.invite()[0])
    app.controlled()

    own_server.stop()
    double.unreachable = True
    app.page.context.set_offline(True)
    app.page.goto("about:blank")
    app.page.goto(f"{own_server.url}/authenticator/")
    app.ready()

    assert app.shows_the_code_of(RFC_SEED, LEA)
    app.page.get_by_text("No network", exact=True).wait_for()
    for screen in ("add", "type", "requests", "settings"):
        app.go(screen)
        app.page.wait_for_function(
            "s => document.querySelector('main').className.endsWith(s)", arg=screen
        )
    own_server.start()


def test_a_newer_version_is_taken_over_without_losing_anything(open_app, double, own_server):
    app = open_app(own_server.url)
    app.link(double.invite()[0])
    app.controlled()
    before, kept_id = app.version, app.kept()[0]["id"]

    own_server.stop()
    own_server.variables["HOSPES_PROVIDER_NAME"] = "Bergnetz"
    own_server.start()
    # The page at hand is still the old one, whole; the new one waits until it is wanted.
    app.open()
    assert app.version == before
    app.page.get_by_text("A new version is ready.").wait_for()
    app.press("Update")
    app.page.wait_for_function(
        "before => document.documentElement.dataset.version !== before", arg=before
    )
    app.ready()

    assert app.page.locator(".app-brand").inner_text() == "Bergnetz"
    (kept,) = app.kept()
    assert kept["id"] == kept_id
    assert app.shows_the_code_of(RFC_SEED, LEA)
    challenge = double.ask(number_required=False)
    app.press("Yes")
    app.heading("Confirmed")
    assert challenge["signed"]
    names = app.page.evaluate("caches.keys()")
    assert names == [f"authenticator-{app.version}"], "the old version was not cleared away"


def test_answers_of_the_provider_are_never_stored(open_app, double):
    app = open_app()
    app.link(double.invite()[0])
    app.controlled()
    app.open()
    count = len(double.asked)
    run.wait_until(
        lambda: (app.page.wait_for_timeout(100), len(double.asked) > count + 2)[1], "questions"
    )
    stored = app.page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const request of await (await caches.open(name)).keys()) found.push(request.url);
          }
          return found;
        }"""
    )
    assert len(stored) > 20
    assert not [address for address in stored if "/api/" in address or "/2fa" in address]


def test_no_string_becomes_a_script_in_the_page(app):
    app.open()
    app.controlled()
    tried = app.page.evaluate(
        """async () => {
          const told = [];
          for (const attempt of [
            () => { document.body.innerHTML = "<img src=x onerror=alert(1)>"; },
            () => { document.createElement("script").src = "/authenticator/sw.js"; },
            () => navigator.serviceWorker.register("/static/other.js"),
            () => trustedTypes.createPolicy("other", {}),
          ]) {
            try { await attempt(); told.push("done"); } catch { told.push("refused"); }
          }
          return told;
        }"""
    )
    assert tried == ["refused"] * 4
    assert app.page.locator("h1").count() == 1


def test_storage_switched_off_is_told_in_plain_words(open_app, double, axe):
    app = open_app()
    app.page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    app.open(f"#link={double.invite()[0]}")

    app.heading("This browser keeps nothing")
    assert double.phones == {}
    axe(app.page)


def test_a_module_that_does_not_load_leaves_words(open_app):
    app = open_app()
    app.page.route("**/main.js", lambda route: route.abort())
    app.page.goto(f"{app.url}/authenticator/")

    app.page.get_by_text("The app did not load.").wait_for()
    assert app.page.get_by_role("button", name="Reload").is_visible()


def test_without_scripts_the_page_says_what_it_needs(open_app):
    app = open_app(java_script_enabled=False)
    app.page.goto(f"{app.url}/authenticator/")

    assert app.page.locator("noscript .notice").is_visible()


# ---- language and looks ----------------------------------------------------------------------


def test_the_language_is_the_persons_and_stays(open_app, double):
    app = open_app()
    app.link(double.invite()[0])
    app.go("settings")
    headings = {"fr": "Réglages", "it": "Impostazioni", "es": "Ajustes", "de": "Einstellungen"}
    for language, heading in headings.items():
        app.page.select_option("#language", language)
        app.heading(heading)
        assert app.page.evaluate("document.documentElement.lang") == language

    app.open()
    app.heading("Ihre Codes")
    assert app.page.evaluate("document.documentElement.lang") == "de"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_accessible_and_fits(open_app, double, axe, scheme):
    app = open_app(color_scheme=scheme, viewport={"width": 320, "height": 640})

    def look():
        app.page.wait_for_timeout(250)
        axe(app.page)
        assert app.page.locator("h1").count() == 1
        assert app.page.evaluate("document.documentElement.scrollWidth") <= 320, app.page.url
        small = app.page.evaluate(
            """[...document.querySelectorAll("button, main a, nav a, input, select")]
              .filter((one) => one.checkVisibility() && !one.closest(".notice"))
              .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
              .filter(([, height]) => height < 44)"""
        )
        assert small == []

    app.open()
    look()
    for screen in ("add", "scan", "type", "requests", "settings"):
        app.go(screen)
        look()
    token, _code = double.invite("Maximiliane von Hohenstein", "m" * 40 + "@studio.example")
    app.open(f"#link={token}")
    look()
    app.press("Link this phone")
    app.heading("Your backup codes")
    look()
    app.press("I have kept the codes")
    app.link(double.invite(first=False)[0])
    look()
    app.press("Change the order")
    look()
    app.press("Save the order")
    app.page.locator(".account__head").first.click()
    look()
    challenge = double.ask()
    app.heading("Is it you signing in?")
    look()
    yes = app.page.get_by_role("button", name="Yes", exact=True).bounding_box()
    assert yes["y"] + yes["height"] < 640, "Yes is out of sight"
    app.press("Yes")
    look()
    app.page.fill("#number", "11")
    app.press("Confirm")
    app.page.get_by_text("Tries left").wait_for()
    look()
    app.page.fill("#number", challenge["number"])
    app.press("Confirm")
    app.heading("Confirmed")
    look()
    double.remove()
    app.go("codes")
    app.page.get_by_text("The link was removed on the web.").wait_for()
    look()


def test_all_of_it_works_by_keyboard(open_app, double):
    app = open_app()
    app.link(double.invite()[0])
    double.ask()
    app.heading("Is it you signing in?")
    assert app.page.evaluate("document.activeElement.tagName") == "H1"

    keyboard = app.page.keyboard
    keyboard.press("Tab")
    assert app.page.evaluate("document.activeElement.textContent") == "No"
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.type("42")
    keyboard.press("Enter")

    app.heading("Confirmed")
