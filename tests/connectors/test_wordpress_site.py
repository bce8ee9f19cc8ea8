"""The WordPress module for whoever runs the site: settings, commands, languages, uninstalling."""

from __future__ import annotations

import httpx
import pytest
from connectors.conftest import LIGHT, enter_with_password

from support import run
from tools import connector_texts

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("wordpress")]

SETTINGS = "/wp-admin/options-general.php?page=hospes-connect"
KEPT = "get_option('hospes_connect')"


def command(connected, *words, **more):
    return connected.site.cli("hospes-connect", *words, **more)


def test_the_commands_set_up_test_and_tell(connected, set_for_now):
    client_id, secret = connected.own
    done = command(
        connected,
        *("configure", f"--issuer={connected.server.url}", f"--client-id={client_id}"),
        *("--client-secret=-", "--provider=Alpenhost", "--create=yes"),
        text=f"{secret}\n",
    )
    assert done.returncode == 0, done.stderr
    assert f"{connected.site.url}/openid-connect-authorize" in done.stdout
    done = command(connected, "test")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("ok ") == 6
    told = command(connected, "status").stdout
    assert client_id in told
    assert secret not in told


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--issuer=http://my.provider.example", "must begin with https://"),
        ("--issuer=https://my.provider.example/?x=1", "must begin with https://"),
        ("--issuer=https://user@my.provider.example", "must begin with https://"),
        ("--issuer=javascript:alert(1)", "must begin with https://"),
        ("--default-role=emperor", "no such role"),
        ("--roles=Web team", "team = role"),
        ("--roles=Web team = emperor", "Web team = emperor"),
        ("--nothing=1", "unknown --nothing"),
    ],
)
def test_a_wrong_setting_is_refused_and_nothing_changes(connected, option, words):
    before = connected.site.ask(KEPT)
    done = command(connected, "configure", option, "--provider=Other")
    assert done.returncode == 1
    assert words in done.stderr
    assert connected.site.ask(KEPT) == before


def test_the_commands_connect_and_disconnect(connected):
    site = connected.site
    for name in ("rob", "roy"):
        site.ask(f"wp_create_user('{name}', wp_generate_password(), '{name}@site.example')")
    assert command(connected, "link", "rob", "sub-1").returncode == 0
    assert connected.user("rob")["links"] == [[connected.server.url, "sub-1"]]
    done = command(connected, "link", "roy@site.example", "sub-1")
    assert (done.returncode, "is connected with account" in done.stderr) == (1, True)
    assert connected.user("roy")["links"] == []
    assert "1 ended for rob" in command(connected, "unlink", "rob").stdout
    assert connected.user("rob")["links"] == []
    assert command(connected, "link", "nobody", "sub-1").returncode == 1


def test_the_settings_page_is_the_administrators_alone(connected, page):
    site = connected.site
    before = site.ask(KEPT)
    connected.enter(page, "sam")
    answer = page.goto(site.url + SETTINGS)
    assert answer.status == 403
    for action in ("hospes_connect_test", "hospes_connect_clear"):
        answer = page.request.post(f"{site.url}/wp-admin/admin-post.php", form={"action": action})
        assert answer.status == 403
    own = site.ask("get_user_by('email', 'sam@site.example')->ID")
    answer = page.goto(f"{site.url}/wp-admin/admin-post.php?action=hospes_connect_unlink&user=1")
    assert answer.status == 403
    assert len(connected.user("sam")["links"]) == 1
    assert own
    assert site.ask(KEPT) == before


def test_the_settings_page_keeps_the_secret_and_says_what_is_wrong(connected, page, set_for_now):
    site = connected.site
    secret = connected.own[1]
    enter_with_password(page, site)
    page.goto(site.url + SETTINGS)
    assert secret not in page.content()
    field = page.locator("#hospes-connect-redirect")
    assert field.input_value() == f"{site.url}/openid-connect-authorize"
    page.click("summary")
    page.uncheck("[name='hospes_connect[create]'][type=checkbox]")
    page.select_option("[name='hospes_connect[default_role]']", "author")
    page.click("#submit")
    page.wait_for_selector(".settings-error.notice-success")
    kept = site.ask(KEPT)
    assert (kept["create"], kept["default_role"]) == (False, "author")
    assert kept["client_secret"] == secret

    page.fill("[name='hospes_connect[issuer]']", "http://elsewhere.example")
    page.click("#submit")
    assert "must begin with https://" in page.inner_text(".settings-error.notice-error")
    assert site.ask(KEPT)["issuer"] == connected.server.url

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-hospes-copy=hospes-connect-redirect]")
    page.wait_for_selector("text=Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.url}/openid-connect-authorize"


def test_constants_come_before_what_is_saved(connected, page):
    client_id, secret = connected.applications[2]
    address = connected.site.serve(
        run.free_port(),
        HOSPES_CONNECT_CLIENT_ID=client_id,
        HOSPES_CONNECT_CLIENT_SECRET=secret,
        HOSPES_CONNECT_ISSUER=connected.server.url,
    )
    start = httpx.get(f"{address}/wp-login.php?action=hospes-connect")
    assert f"client_id={client_id}" in start.headers["location"]
    page.goto(f"{address}/wp-login.php?redirect_to={SETTINGS.replace('?', '%3F')}")
    page.fill("#user_login", "site-admin")
    page.fill("#user_pass", "the heron waits in the reeds 41")
    page.click("#wp-submit")
    page.wait_for_selector("#hospes-connect-client_secret[disabled]")
    page.click("button:has-text('Test the connection')")
    # This application has another redirect URL: the test finds it before any visitor does.
    said = page.inner_text(".notice-error.inline")
    assert "is not registered" in said
    assert f"{address}/openid-connect-authorize" in said


def test_a_web_server_that_rewrites_nothing_has_the_other_address(connected, walk, set_for_now):
    address = connected.site.serve(run.free_port(), rewrites=False)
    assert httpx.get(f"{address}/openid-connect-authorize").status_code == 404
    done = command(connected, "test", url=address)
    assert "does not hand" in done.stdout
    assert done.returncode == 1
    set_for_now(callback="ajax")
    done = command(connected, "test", url=address)
    assert done.returncode == 0, done.stdout
    walker = walk(url=address)
    asked = walker.answered()
    assert asked.startswith(f"{address}/wp-admin/admin-ajax.php?action=openid-connect-authorize&")
    assert walker.arrive(asked) == ""


@pytest.mark.parametrize(
    ("locale", "words", "asked"),
    [
        ("fr_CA", "Se connecter avec Alpenhost", "fr-CA%20fr"),
        ("de_CH_informal", "Mit Alpenhost anmelden", "de-CH%20de"),
        ("it_IT", "Accedi con Alpenhost", "it-IT%20it"),
        ("es_MX", "Iniciar sesión con Alpenhost", "es-MX%20es"),
        ("pt_BR", "Sign in with Alpenhost", "pt-BR%20pt"),
    ],
)
def test_the_button_speaks_the_language_of_the_site(connected, locale, words, asked):
    connected.site.ask(f"update_option('test_locale', '{locale}')")
    try:
        assert words in httpx.get(f"{connected.site.url}/wp-login.php").text
        start = httpx.get(f"{connected.site.url}/wp-login.php?action=hospes-connect")
        assert f"ui_locales={asked}" in start.headers["location"]
    finally:
        connected.site.ask("delete_option('test_locale')")


def test_every_text_is_translated_and_compiled():
    assert connector_texts.faults() == []


UNINSTALL = r"""
global $wpdb;
$count = static fn (string $from) => (int) $wpdb->get_var("SELECT COUNT(*) FROM $from");
$counts = static fn () => [
    $count("$wpdb->options WHERE option_name REGEXP 'hospes.connect'"),
    $count("$wpdb->usermeta WHERE meta_key REGEXP 'hospes.connect'"),
    $count("$wpdb->users"),
];
$before = $counts();
$wpdb->query('START TRANSACTION'); // The other tests need it all again.
define('WP_UNINSTALL_PLUGIN', 'hospes-connect/hospes-connect.php');
require WP_PLUGIN_DIR . '/hospes-connect/uninstall.php';
$after = $counts();
$wpdb->query('ROLLBACK');
return [$before, $after];
"""


def test_uninstalling_leaves_the_people_and_nothing_of_the_module(connected, walker):
    assert walker.arrive() == ""  # a name taken once, a connection, caches
    left = connected.site.ask(f"(static function () {{ {UNINSTALL} }})()")
    (options, meta, users), after = left
    assert options >= 3
    assert meta >= 2
    assert after == [0, 0, users]


def test_without_settings_there_is_no_button_and_no_harm(connected):
    address = connected.site.serve(run.free_port(), HOSPES_CONNECT_CLIENT_ID="")
    assert "hospes-connect" not in httpx.get(f"{address}/wp-login.php").text.split("<form")[1]
    start = httpx.get(f"{address}/wp-login.php?action=hospes-connect&redirect_to={LIGHT}")
    assert "hospes-connect-error=setup" in start.headers["location"]
    shown = httpx.get(f"{address}/wp-login.php?hospes-connect-error=<b>x</b>").text
    assert "login_error" not in shown
