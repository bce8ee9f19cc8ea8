"""Sign-ins to WordPress that must not succeed: what the visitor and the administrator read."""

from __future__ import annotations

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from connectors.conftest import LIGHT, enter_with_password

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("wordpress")]


def people(connected):
    """Return what a refused sign-in must leave as it was."""
    return connected.site.ask(
        "[count(get_users()), Hospes\\Connect\\Users::count(),"
        " count(get_users(['role' => 'administrator']))]"
    )


def test_a_wrong_secret_is_told_to_the_administrator_alone(connected, walker, set_for_now):
    before = people(connected)
    set_for_now(client_secret="hsp_cs_wrong")
    said = walker.arrive()
    assert "is not set up correctly" in said
    line = connected.log()[0]
    assert line["reference"] in said
    assert "invalid_client" in line["detail"]
    assert "hsp_cs_wrong" not in json.dumps(connected.log()) + said
    assert people(connected) == before
    done = connected.site.cli("hospes-connect", "test")
    assert done.returncode == 1
    assert "does not accept Client ID and Client Secret Key together" in done.stdout


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def forged(answer, header=None, **claims):
    """Return the provider's answer with another header and other claims in its ID token."""
    head, body, signature = answer["id_token"].split(".")
    head = encoded({**decoded(head), **(header or {})})
    return answer | {"id_token": f"{head}.{encoded({**decoded(body), **claims})}.{signature}"}


LIES = {
    "another sub": (lambda a: forged(a, sub="somebody-else"), "signature that is wrong"),
    "the same claims, put anew": (
        lambda a: forged(a, groups=["Web team"]),
        "signature that is wrong",
    ),
    "no signature": (lambda a: forged(a, header={"alg": "none"}), "not signed with RS256"),
    "another key": (lambda a: forged(a, header={"kid": "new"}), "does not publish"),
    "another access token": (lambda a: a | {"access_token": "hsp_at_other"}, "(at_hash)"),
    "no ID token": (lambda a: {**a, "id_token": None}, "lacks"),
    "another type": (lambda a: a | {"token_type": "DPoP"}, "lacks"),
    "no JSON object": (lambda a: [a["id_token"]], "lacks"),
}


@pytest.mark.parametrize("name", LIES)
def test_an_altered_answer_signs_nobody_in(connected, walker, name):
    before = people(connected)
    lie, words = LIES[name]
    with connected.proxy.lying("/token", lie):
        assert "could not be trusted" in walker.arrive()
    assert words in connected.log()[0]["detail"]
    assert people(connected) == before


def test_an_answer_about_somebody_else_signs_nobody_in(connected, walker):
    before = people(connected)
    with connected.proxy.lying("/oauth2/userinfo", lambda c: c | {"sub": "somebody-else"}):
        assert "could not be trusted" in walker.arrive()
    assert "another person than the ID token" in connected.log()[0]["detail"]
    assert people(connected) == before


def test_an_answer_of_another_sign_in_is_refused(connected, walker):
    """A stolen answer, put into the victim's own sign-in: the nonce is another."""
    kept = []

    def keep(answer):
        kept.append(answer)
        return answer

    with connected.proxy.lying("/token", keep):
        assert walker.arrive() == ""
    with connected.proxy.lying("/token", lambda _: kept[0]):
        assert "could not be trusted" in walker.arrive()
    assert "(nonce)" in connected.log()[0]["detail"]


def test_a_state_works_in_its_browser_alone(connected, walker, walk):
    address, log = walker.answered(), connected.log()
    # Somebody is sent a link that ends another's sign-in.
    assert "began in another browser" in walk().arrive(address)
    words = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    for wrong in ("", "0" * 48, "x", "[]"):
        query = httpx.QueryParams(words | {"state": wrong})
        said = walker.arrive(f"{connected.site.url}/openid-connect-authorize?{query}")
        assert "began in another browser" in said
    assert connected.log() == log  # answers to nothing fill no log
    assert walker.arrive(address) == ""


def test_a_state_works_once(connected, walker):
    address = walker.answered()
    name, value = walker.own_cookie()
    assert walker.arrive(address) == ""
    assert name not in walker.client.cookies
    walker.put(name, value)
    assert "was used already" in walker.arrive(address)
    assert connected.log()[0]["detail"] == "The answer came twice."


def test_a_state_works_once_however_many_race_for_it(connected, walker):
    address = walker.answered()
    name, value = walker.own_cookie()

    def go(_):
        kept = {"Cookie": f"{name}={value}"}
        return httpx.get(address, headers=kept, timeout=30).headers["location"]

    with ThreadPoolExecutor(4) as pool:
        reached = list(pool.map(go, range(4)))
    assert [to for to in reached if to.endswith(LIGHT)] == [
        to for to in reached if "error" not in to
    ]
    assert sum("hospes-connect-error=expired" in to for to in reached) == 3


def test_a_state_ends(connected, walker):
    connected.site.ask("update_option('test_state_seconds', 1)")
    try:
        address = walker.answered()
        name, value = walker.own_cookie()
        time.sleep(2.1)
        walker.put(name, value)
        assert "took too long" in walker.arrive(address)
    finally:
        connected.site.ask("delete_option('test_state_seconds')")
    assert connected.log()[0]["detail"] == "The answer came too late."


def test_a_cookie_of_ones_own_making_is_not_believed(connected, walker):
    address = walker.answered()
    name, value = walker.own_cookie()
    for wrong in (value[:-3] + ("AAA" if value[-3:] != "AAA" else "BBB"), "x", value[:30]):
        walker.put(name, wrong)
        assert "began in another browser" in walker.arrive(address)
    walker.put(name, value)
    assert walker.arrive(address) == ""


def test_an_answer_from_another_issuer_is_refused_before_its_code_is_sent(connected, walker):
    for wrong in ("https://evil.example", ""):
        words = {n: v[0] for n, v in parse_qs(urlsplit(walker.answered()).query).items()}
        asked = connected.proxy.paths().count("/token")
        query = httpx.QueryParams(words | {"iss": wrong})
        said = walker.arrive(f"{connected.site.url}/openid-connect-authorize?{query}")
        assert "could not be trusted" in said
        assert "another issuer" in connected.log()[0]["detail"]
        assert connected.proxy.paths().count("/token") == asked


def test_a_lock_put_on_the_account_by_another_module_holds(connected, walker):
    lock = connected.site.root / "wp-content" / "mu-plugins" / "lock.php"
    lock.write_text(
        "<?php add_filter('wp_authenticate_user',"
        " static fn ($user) => new WP_Error('locked', 'Locked by the tests'));"
    )
    try:
        assert "does not let your account sign in" in walker.arrive()
    finally:
        lock.unlink()
    assert "Locked by the tests" in connected.log()[0]["detail"]


def test_who_refuses_reads_that_nothing_happened(connected, page):
    connected.begin(page)
    connected.prove(page, "gil")
    page.get_by_role("button", name="Cancel").or_(page.get_by_role("button", name="Refuse")).or_(
        page.get_by_role("button", name="Deny")
    ).first.click()
    assert "was cancelled" in connected.refused(page)
    assert connected.user("gil") is None


def test_a_provider_that_cannot_be_reached_leaves_the_password_form(connected, page, set_for_now):
    site = connected.site
    set_for_now(hide_password="yes")
    page.goto(f"{site.url}/wp-login.php")
    assert not page.is_visible("#user_login")
    page.click("text=Sign in with a password of this site")
    page.wait_for_selector("#user_login", state="visible")

    site.ask("Hospes\\Connect\\Provider::forget()")
    with connected.proxy.cut():
        connected.begin(page)
        assert "cannot be reached at the moment" in connected.refused(page)
        assert page.is_visible("#user_login")  # shown by itself now
        enter_with_password(page, site)
        done = site.cli("hospes-connect", "test")
        assert done.returncode == 1
        assert "cannot be reached from this server" in done.stdout
    assert site.cli("hospes-connect", "test").returncode == 0
    page.context.clear_cookies()
    page.goto(f"{site.url}/wp-login.php")
    assert not page.is_visible("#user_login")


def test_keys_are_kept_and_looked_for_again_but_not_on_every_lie(connected, walker):
    connected.site.ask("Hospes\\Connect\\Once::release('keys')")

    def looked():
        return connected.proxy.paths().count("/oauth2/jwks")

    before = looked()
    assert walker.arrive() == ""
    assert looked() == before
    with connected.proxy.lying("/token", lambda a: forged(a, header={"kid": "new"})):
        for _ in range(3):
            assert "could not be trusted" in walker.arrive()
    assert looked() == before + 1
    # Keys that were replaced are found: what is kept here is of no use any more.
    connected.site.ask("Hospes\\Connect\\Once::release('keys')")
    with connected.proxy.lying("/oauth2/jwks", lambda _: {"keys": []}):
        assert connected.site.ask("Hospes\\Connect\\Provider::keys(true)") == []
    assert walker.arrive() == ""


REMOVE = """
from hospes.connect.models import Application
from hospes.connect.services.applications import delete_application
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
delete_application(
    Application.objects.get(client_id={client_id!r}),
    acting_account=Account.objects.get(email="owner@site.example"), origin=SYSTEM,
)
"""


def test_after_the_application_was_deleted_passwords_still_work(connected, page, walk, set_for_now):
    client_id, secret = connected.applications[1]
    set_for_now(client_id=client_id, client_secret=secret)
    tokens = []
    with connected.proxy.lying("/token", lambda answer: tokens.append(answer) or answer):
        connected.enter(page, "ugo")
    assert decoded(tokens[0]["id_token"].split(".")[0])["alg"] == "ES256"  # as registered
    walker = walk(page.context.cookies())
    address = walker.answered()
    connected.server.python(REMOVE.format(client_id=client_id))
    assert "is not set up correctly" in walker.arrive(address)  # the code was given before
    assert "the application was deleted" in connected.log()[0]["detail"]
    connected.leave(page)
    connected.begin(page)
    page.wait_for_selector("main")
    assert page.url.startswith(connected.server.url)  # the provider says it, and leads nowhere
    assert "does not accept" in connected.site.cli("hospes-connect", "test").stdout
    enter_with_password(page, connected.site)


def test_two_windows_make_one_account(connected, walk):
    """A race of first sign-ins: each has a state and a code of its own."""
    connected.site.ask(
        "(require_once ABSPATH . 'wp-admin/includes/user.php') &&"
        " wp_delete_user(get_user_by('email', 'uma@site.example')->ID)"
    )
    assert connected.user("uma") is None
    windows = [walk() for _ in range(4)]
    answers = [window.answered() for window in windows]
    with ThreadPoolExecutor(4) as pool:
        said = list(
            pool.map(lambda pair: pair[0].arrive(pair[1]), zip(windows, answers, strict=True))
        )
    assert said == [""] * 4
    assert connected.site.ask("count(get_users(['search' => 'uma@site.example']))") == 1
    assert len(connected.user("uma")["links"]) == 1
