"""The Authenticator's camera and notifications."""

from __future__ import annotations

import json

import pytest

from support import run

pytestmark = pytest.mark.browser


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


def test_the_camera_opens_only_after_continue_and_reads_the_code(open_app, double):
    app = open_app()
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


def test_a_photo_of_the_code_will_do(open_app, double, tmp_path):
    from PIL import Image

    app = open_app()
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


def test_a_refused_camera_leads_to_the_typed_code(open_app):
    app = open_app()
    app.page.add_init_script(FAKE_CAMERA + "window.refused = true;")
    app.open("#/add")
    app.press("Continue")

    app.page.get_by_text("The camera is not allowed for this app.").wait_for()
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


def test_notifications_are_asked_for_by_a_button_only(open_app, double):
    app = open_app(permissions=["notifications"])
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
def woken(open_app, double):
    """Return a linked phone, and a function that pushes to its service worker."""
    app = open_app(permissions=["notifications"])
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
    app.page.get_by_text("The link was removed on the web.").wait_for()


def test_a_push_of_another_kind_does_no_harm(woken):
    app, push = woken
    push(["nonsense"])

    shown(app, "Authenticator")
    assert app.page.locator(".account__digits").count() == 1
