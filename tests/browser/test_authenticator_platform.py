"""The Authenticator as an app: offline, updates, notifications, camera, languages, looks."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from support import run
from support.authenticator import App
from support.authenticator_double import RFC_SEED, Double
from support.server import Server

pytestmark = pytest.mark.browser

LEA = "Lea Amsler"
LIMIT = 100_000


@pytest.fixture
def double(running_server):
    return Double(running_server.url)


@pytest.fixture
def phone(double, new_page):
    """Return a function that opens the app in a browser of its own."""

    def open_app(server: str = "", **options) -> App:
        page = new_page(phone=True, **options)
        double.issuer = server or double.issuer
        double.serve(page.context)
        return App(page, double.issuer)

    return open_app


@pytest.fixture
def own_server():
    server = Server()
    server.start()
    yield server
    server.stop()


# ---- without a network, and through updates ---------------------------------------------------


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


def test_the_first_load_of_a_browser_stays_below_100_kilobytes(phone):
    app = phone()
    sizes = []
    session = app.page.context.new_cdp_session(app.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    app.open()
    app.page.wait_for_load_state("networkidle")

    assert len(sizes) > 20
    assert sum(sizes) < LIMIT


def test_codes_without_a_network_and_without_a_server(phone, double, own_server):
    app = phone(own_server.url)
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


def test_a_newer_version_is_taken_over_without_losing_anything(phone, double, own_server):
    app = phone(own_server.url)
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


def test_answers_of_the_provider_are_never_stored(phone, double):
    app = phone()
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


def test_storage_switched_off_is_told_in_plain_words(phone, double, axe):
    app = phone()
    app.page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    app.open(f"#link={double.invite()[0]}")

    app.heading("This browser keeps nothing")
    assert double.phones == {}
    axe(app.page)


def test_a_module_that_does_not_load_leaves_words(phone):
    app = phone()
    app.page.route("**/main.js", lambda route: route.abort())
    app.page.goto(f"{app.url}/authenticator/")

    app.page.get_by_text("The app did not load.").wait_for()
    assert app.page.get_by_role("button", name="Reload").is_visible()


def test_without_scripts_the_page_says_what_it_needs(phone):
    app = phone(java_script_enabled=False)
    app.page.goto(f"{app.url}/authenticator/")

    assert app.page.locator("noscript .notice").is_visible()


# ---- camera ----------------------------------------------------------------------------------

FAKE_CAMERA = """
window.opened = 0;
window.seen = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return window.seen.map((rawValue) => ({ rawValue })); }
};
// about:blank, where each test begins, has no camera.
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async (wanted) => {
  window.opened += 1;
  window.wanted = wanted;
  if (window.refused) throw new DOMException("no", "NotAllowedError");
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 10, 10);
  window.stream = canvas.captureStream(10);
  return window.stream;
};
"""


def test_the_camera_opens_only_after_continue_and_reads_the_code(phone, double):
    app = phone()
    app.page.add_init_script(FAKE_CAMERA)
    app.open("#/add")
    assert app.page.evaluate("window.opened") == 0

    app.press("Continue")
    app.page.wait_for_function("() => window.opened === 1")
    assert app.page.evaluate("window.wanted.audio") is False
    for content, told in (
        ("https://evil.example/authenticator/#link=abcdefgh12345678", "belongs to evil.example"),
        ("otpauth://totp/x?secret=GEZDGNBV", "is for other apps with one-time codes"),
        ("hello", "does not link a phone"),
        (f"{app.url}/sign-out#link=abcdefgh12345678", "does not link a phone"),
    ):
        app.page.evaluate("content => { window.seen = [content]; }", content)
        app.page.get_by_text(told).wait_for()
        assert app.page.url == f"{app.url}/authenticator/#/scan"
    token, _code = double.invite()
    app.page.evaluate(
        "content => { window.seen = [content]; }", f"{app.url}/authenticator/#link={token}"
    )

    app.heading("Link this phone to Lea Amsler at Alpenhost?")
    assert app.page.evaluate("window.stream.getTracks()[0].readyState") == "ended"


def test_a_photo_of_the_code_will_do(phone, double, tmp_path):
    from PIL import Image

    app = phone()
    app.page.add_init_script(FAKE_CAMERA)
    photo = tmp_path / "code.png"
    Image.new("RGB", (40, 40)).save(photo)
    app.open("#/scan")
    assert app.page.evaluate("window.opened") == 0
    app.page.set_input_files("#photo", photo)
    app.page.get_by_text("No QR code was found in this photo.").wait_for()

    token, _code = double.invite()
    app.page.evaluate(
        "content => { window.seen = [content]; }", f"{app.url}/authenticator/#link={token}"
    )
    app.page.set_input_files("#photo", photo)

    app.heading("Link this phone to Lea Amsler at Alpenhost?")


def test_a_refused_camera_leads_to_the_typed_code(phone):
    app = phone()
    app.page.add_init_script(FAKE_CAMERA + "window.refused = true;")
    app.open("#/add")
    app.press("Continue")

    app.page.get_by_text("The camera is not allowed for this app.").wait_for()
    app.press("Type the code instead")
    app.heading("Type the code")


def test_a_browser_that_reads_no_codes_says_so(phone):
    app = phone()
    app.page.add_init_script("delete window.BarcodeDetector")
    app.open("#/add")
    app.press("Continue")

    app.page.get_by_text("This browser cannot read QR codes.").wait_for()
    assert app.page.locator("input[type=file]").count() == 0
    app.press("Type the code instead")
    app.heading("Type the code")


# ---- notifications ---------------------------------------------------------------------------

FAKE_PUSH = """
window.current = null;
const made = (options) => ({
  options,
  unsubscribe: async () => { window.current = null; return true; },
  toJSON: () => ({ endpoint: "https://push.example/1", keys: { p256dh: "BPk", auth: "au" } }),
});
PushManager.prototype.subscribe = async function (options) {
  window.current = made(options);
  return window.current;
};
PushManager.prototype.getSubscription = async () => window.current;
"""


def test_notifications_are_asked_for_by_a_button_only(phone, double):
    app = phone(permissions=["notifications"])
    app.page.add_init_script(FAKE_PUSH)
    app.link(double.invite()[0])
    app.controlled()
    (linked,) = double.phones.values()
    assert linked.push is None
    assert ("GET", "2fa/push/key") not in double.asked

    app.press("Turn on notifications")
    app.page.get_by_text("Notifications are on.").first.wait_for()

    assert linked.push == {
        "endpoint": "https://push.example/1",
        "keys": {"p256dh": "BPk", "auth": "au"},
    }
    told = app.page.evaluate(
        "[window.current.options.userVisibleOnly,"
        " window.current.options.applicationServerKey.length]"
    )
    assert told == [True, 65]
    app.go("settings")
    app.press("Turn off notifications")
    app.page.get_by_text("Notifications are off.").first.wait_for()
    assert linked.push is None


@pytest.fixture
def woken(phone, double):
    """Return a linked phone, and a function that pushes to its service worker."""
    app = phone(permissions=["notifications"])
    app.link(double.invite()[0])
    app.controlled()
    session = app.page.context.new_cdp_session(app.page)
    found = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            one for one in event["registrations"] if one["scopeURL"].startswith(app.url)
        ),
    )
    session.send("ServiceWorker.enable")
    run.wait_until(lambda: (app.page.wait_for_timeout(50), found)[1], "the registration")

    def push(payload: object) -> None:
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": app.url,
                "registrationId": found[-1]["registrationId"],
                "data": json.dumps(payload),
            },
        )

    return app, push


SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration("/authenticator/"))
  .getNotifications()).map((one) => ({ title: one.title, body: one.body, tag: one.tag,
  actions: one.actions.map((action) => action.action) }))"""


def shown(app, title):
    """Wait for a notification of this title; return it."""
    found = []

    def look():
        app.page.wait_for_timeout(50)
        found[:] = [one for one in app.page.evaluate(SHOWN) if one["title"] == title]
        return found

    run.wait_until(look, f"the notification {title!r}")
    return found[0]


def click(app, tag, action=""):
    (worker,) = app.page.context.service_workers
    worker.evaluate(
        """async ([tag, action]) => {
          const [notification] = await self.registration.getNotifications({ tag });
          self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action }));
        }""",
        [tag, action],
    )


def approval(challenge):
    return {
        "type": "2fa:push_challenge:approval",
        "topic": "2fa:push_challenge",
        "user_id": challenge["account"]["id"],
        "uuid": challenge["uuid"],
        "account": challenge["account"]["email"],
        "application": challenge["application"],
        "place": challenge["location"],
        "expires_at": challenge["expires_at"],
        "number_required": True,
    }


def test_a_push_shows_what_asks_and_no_refuses_at_once(woken, double):
    app, push = woken
    app.go("add/quiet")
    double.frozen = True
    challenge = double.ask()
    push(approval(challenge))

    told = shown(app, "Is it you signing in?")
    assert told["body"] == "lea@bergblume.example · Shop Lindau · Zürich, Switzerland"
    assert told["actions"] == ["yes", "no"]
    double.frozen = False
    click(app, challenge["uuid"], "no")

    shown(app, "Refused")
    assert challenge["state"] == "refused"
    assert challenge["signed"]


def test_yes_in_the_notification_only_opens_the_app(woken, double):
    app, push = woken
    double.frozen = True
    challenge = double.ask()
    push(approval(challenge))
    shown(app, "Is it you signing in?")
    double.frozen = False
    click(app, challenge["uuid"], "yes")

    app.heading("Is it you signing in?")
    assert challenge["state"] == "open", "the number was not asked for"


def test_a_removed_link_is_told_and_shown(woken, double):
    app, push = woken
    (linked,) = double.phones.values()
    push(
        {
            "type": "2fa:method_removed",
            "user_id": linked.account["id"],
            "method_id": linked.method,
            "account": linked.account["email"],
        }
    )

    told = shown(app, "This phone is no longer linked")
    assert "lea@bergblume.example" in told["body"]
    app.go("settings")
    app.go("codes")
    app.page.get_by_text("The link was removed on the web.").wait_for()


def test_a_push_of_another_kind_does_no_harm(woken):
    app, push = woken
    push(["nonsense"])

    shown(app, "Authenticator")
    assert app.page.locator(".account__digits").count() == 1


# ---- language and looks ----------------------------------------------------------------------


def test_the_language_is_the_persons_and_stays(phone, double):
    app = phone()
    app.link(double.invite()[0])
    app.go("settings")
    for language in ("fr", "it", "es", "de"):
        app.page.select_option("#language", language)
        app.page.wait_for_function("code => document.documentElement.lang === code", arg=language)
        assert app.page.locator("h1").count() == 1

    app.open()
    assert app.page.evaluate("document.documentElement.lang") == "de"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_accessible_and_fits(phone, double, axe, scheme):
    app = phone(color_scheme=scheme, viewport={"width": 320, "height": 640})

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


def test_all_of_it_works_by_keyboard(phone, double):
    app = phone()
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
