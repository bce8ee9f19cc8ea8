"""The Authenticator on a phone: linking, its keys, and its codes."""

from __future__ import annotations

import time

import pytest

from support import run
from support.authenticator import one_time_code
from support.authenticator_double import RFC_SEED

pytestmark = pytest.mark.browser

LEA = "Lea Amsler"
# RFC 6238, appendix B: Unix time and the eight digits of SHA-1.
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


# ---- linking ---------------------------------------------------------------------------------


def test_a_phone_is_linked_by_the_address_of_the_qr_code(app, double):
    token, _code = double.invite()

    app.open(f"#link={token}")

    app.heading("Link this phone to Lea Amsler at Alpenhost?")
    assert token not in app.page.url
    assert double.phones == {}, "linked without a yes"
    app.page.fill("#device", "Lea's phone")
    app.press("Link this phone")
    app.heading("Your backup codes")
    codes = app.page.locator(".backup li").all_inner_texts()
    assert len(set(codes)) == 10
    (phone,) = double.phones.values()
    assert phone.device["name"] == "Lea's phone"
    assert phone.device["type"] in {"phone", "tablet", "computer"}
    assert phone.device["app_version"] == app.version
    assert phone.public_key["crv"] == "P-256"
    assert set(phone.public_key) == {"kty", "crv", "x", "y"}
    app.press("I have kept the codes")
    app.page.locator(".account").wait_for()
    assert app.shows_the_code_of(RFC_SEED, LEA)
    assert token not in app.page.evaluate("JSON.stringify([location.href, history.state])")


def test_the_backup_codes_are_downloaded_copied_and_kept_nowhere(app, double):
    app.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.open(f"#link={double.invite()[0]}")
    app.press("Link this phone")
    app.heading("Your backup codes")
    codes = app.page.locator(".backup li").all_inner_texts()

    with app.page.expect_download() as download:
        app.press("Download")
    written = download.value.path().read_text("utf-8")
    app.press("Copy")
    app.page.wait_for_function(
        "() => document.getElementById('announce').textContent.includes('copied')"
    )

    assert all(code in written for code in codes)
    assert "lea@bergblume.example" in written
    assert download.value.suggested_filename == "backup-codes-alpenhost-127.0.0.1.txt"
    assert app.page.evaluate("navigator.clipboard.readText()") == "\n".join(codes)
    assert codes[3] not in str(app.kept())
    app.page.reload()
    app.ready()
    app.heading("Your backup codes")
    assert codes[3] not in app.page.locator("body").inner_text()


def test_the_printed_backup_codes_say_whose_they_are_and_no_more(app, double):
    app.open(f"#link={double.invite()[0]}")
    app.press("Link this phone")
    app.heading("Your backup codes")
    codes = app.page.locator(".backup li").all_inner_texts()
    whose = "Backup codes for lea@bergblume.example at Alpenhost"
    assert whose not in app.page.locator("body").inner_text()

    app.page.emulate_media(media="print")

    lines = [line for line in app.page.locator("body").inner_text().splitlines() if line.strip()]
    assert lines == [whose, "Each code works once.", *codes]


def test_a_code_that_links_nothing_is_mended_where_it_was_typed(app, double):
    _token, code = double.invite(first=False)
    wrong = "7K2M9-QX4TZ"
    app.open("#/type")
    app.page.fill("#code", wrong)
    app.press("Continue")

    app.page.locator("#code-error").get_by_text("This code is not valid.").wait_for()
    app.heading("Type the code")
    assert app.page.input_value("#code") == wrong
    assert app.page.evaluate("document.activeElement.id") == "code"
    app.page.fill("#code", code)
    app.press("Continue")
    app.heading("Link this phone to Lea Amsler at Alpenhost?")
    assert double.phones == {}


def test_the_way_from_a_computer_is_named_as_the_web_page_names_it(app):
    app.open("#/add")

    steps = app.page.locator(".app-steps")
    assert "/settings/two-step" in steps.inner_text()
    told = "Under “Activate” or “Add an option”, press “Set up” beside “Authenticator”."
    assert told in steps.inner_text()


def test_a_typed_code_links_as_well(app, double):
    _token, code = double.invite(first=False)
    app.open("#/type")

    app.page.fill("#code", "7k2m9")
    app.press("Continue")
    assert app.page.get_by_text("not a code of ten letters and digits").is_visible()
    app.page.fill("#code", code.lower().replace("-", " "))
    app.press("Continue")
    app.press("Link this phone")

    app.page.locator(".account").wait_for()
    assert len(double.phones) == 1
    assert app.shows_the_code_of(RFC_SEED, LEA)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("unknown", "This code is not valid."),
        ("used", "This code has been used already."),
        ("expired", "This code has expired."),
        ("unreachable", "There is no connection to the provider."),
    ],
)
def test_a_link_that_does_not_work_links_nothing(app, double, spoil, told):
    token, _code = double.invite()
    if spoil == "unknown":
        double.links.clear()
    elif spoil == "unreachable":
        double.unreachable = True
    else:
        double.links[token][spoil] = True

    app.open(f"#link={token}")

    app.heading("This phone was not linked")
    assert app.page.get_by_text(told).is_visible()
    assert double.phones == {}
    assert app.kept() == []


def test_a_second_link_to_the_same_account_is_told_before(linked, double):
    linked.open(f"#link={double.invite(first=False)[0]}")

    assert linked.page.get_by_text("linked to this account already").is_visible()
    linked.press("Cancel")
    linked.page.locator(".account").wait_for()
    assert len(double.phones) == 1


# ---- keys and codes --------------------------------------------------------------------------


def test_nobody_reads_the_keys_out_and_secrets_are_sealed(linked, double):
    (kept,) = linked.kept()
    (token,) = double.phones

    assert kept["privateKey"]["extractable"] is False
    assert kept["privateKey"]["read"] is False
    assert kept["privateKey"]["usages"] == ["sign"]
    assert kept["privateKey"]["algorithm"] == {"name": "ECDSA", "namedCurve": "P-256"}
    assert kept["deviceKeys"] == [{"extractable": False, "read": False, "algorithm": "AES-GCM"}]
    assert token not in str(kept)
    assert RFC_SEED not in str(kept)
    assert len(kept["seed"]) == len(RFC_SEED) + 16, "not sealed with AES-GCM"


def test_a_sealed_secret_of_one_account_does_not_open_for_another(linked):
    module = f"/authenticator/app/{linked.version}/vault.js"
    opened = linked.page.evaluate(
        """async (module) => {
          const vault = await import(module);
          const sealed = await vault.seal("JBSWY3DP", "seed:one");
          const right = await vault.open(sealed, "seed:one");
          const wrong = await vault.open(sealed, "seed:two").catch(() => "refused");
          return [right, wrong];
        }""",
        module,
    )
    assert opened == ["JBSWY3DP", "refused"]


@pytest.mark.parametrize("moment", RFC_CODES)
def test_codes_are_those_of_rfc_6238(app, moment):
    app.open()
    module = f"/authenticator/app/{app.version}/totp.js"
    code = app.page.evaluate(
        """async ([module, seed, moment]) => {
          const totp = await import(module);
          return totp.codeAt(await totp.hmacKey(seed), moment * 1000, { digits: 8, period: 30 });
        }""",
        [module, RFC_SEED, moment],
    )
    assert code == RFC_CODES[moment] == one_time_code(RFC_SEED, moment, 8)


def test_a_phone_whose_clock_is_wrong_shows_the_right_code(linked, double):
    linked.page.clock.install(time=time.time() - 3600)
    linked.open()
    assert not linked.shows_the_code_of(RFC_SEED, LEA)

    double.date = True

    run.wait_until(
        lambda: (linked.page.wait_for_timeout(200), linked.shows_the_code_of(RFC_SEED, LEA))[1],
        "the provider's time",
    )


def test_a_press_copies_the_code_and_counts_as_use(linked):
    linked.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    spoken = linked.page.locator(".account__code").get_attribute("aria-label")
    code = linked.code(LEA)

    linked.page.locator(".account__code").click()
    linked.page.get_by_text("Code copied.").first.wait_for()

    assert linked.page.evaluate("navigator.clipboard.readText()") == code
    assert " ".join(code) in spoken
    run.wait_until(lambda: linked.kept()[0]["usedAt"] > 0, "the use")
    linked.go("settings")
    linked.go("codes")
    linked.page.get_by_text("Alpenhost · used now").wait_for()


def test_accounts_are_ordered_by_buttons_and_by_dragging(linked, double):
    for name in ("Jonas Lindt", "Mia Rossi"):
        linked.link(double.invite(name, f"{name[:3].lower()}@x.example", first=False)[0])

    def order():
        return [one["name"] for one in linked.kept()]

    linked.press("Change the order")
    up = linked.page.get_by_role("button", name="Move Mia Rossi up")
    up.focus()
    linked.page.keyboard.press("Enter")
    linked.page.keyboard.press("Enter")
    assert up.is_disabled()
    assert "Mia Rossi is now number 1 of 3." in linked.page.locator("#announce").inner_text()
    assert linked.page.evaluate("document.activeElement.getAttribute('aria-label')") == (
        "Move Mia Rossi down"
    )
    linked.press("Save the order")
    linked.page.locator(".account").first.wait_for()
    assert order() == ["Mia Rossi", LEA, "Jonas Lindt"]

    linked.press("Change the order")
    mouse = linked.page.mouse
    first, last = (
        linked.page.locator(".sortable__grip").nth(index).bounding_box() for index in (0, 2)
    )
    mouse.move(first["x"] + 10, first["y"] + 10)
    mouse.down()
    mouse.move(last["x"] + 10, last["y"] + last["height"] + 8, steps=12)
    mouse.up()
    linked.press("Save the order")
    linked.page.locator(".account").first.wait_for()
    assert order() == [LEA, "Jonas Lindt", "Mia Rossi"]


def test_names_are_changed_here_and_at_the_provider(linked, double):
    linked.page.locator(".account__head").click()
    linked.heading(LEA)
    linked.page.fill("#label", "Work")
    linked.page.fill("#device", "Red phone")
    linked.press("Save")

    linked.heading("Work")
    assert next(iter(double.phones.values())).device["name"] == "Red phone"
    linked.open()
    assert linked.page.locator(".account__name").inner_text() == "Work"
