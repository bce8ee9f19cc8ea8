"""The TYPO3 extension against the interfaces it implements, and a running provider over HTTP."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hospes.connect.gateways import modules
from support.altering_proxy import Proxy
from support.server import Server
from support.site_visitor import register, words
from support.typo3_site import BACKEND, DEFAULTS, FRONTEND, SITE, Typo3

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.xdist_group("connectors-php")]


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[Server, Proxy, list[tuple[str, str]]]]:
    server, proxy = Server(), Proxy()
    try:
        server.start()
        yield server, proxy, register(server, "typo3", SITE + BACKEND, SITE + FRONTEND)
    finally:
        server.stop()
        proxy.stop()


@pytest.fixture
def site(provider) -> Iterator[Typo3]:
    server, proxy, applications = provider
    made = Typo3(server, proxy, applications[0])
    yield made
    made.visitor.close()


def user(uid: int, email: str, **more: Any) -> dict[str, Any]:
    """Return a row of users as TYPO3 has it."""
    row = {"uid": uid, "pid": 0, "username": f"u{uid}", "email": email, "usergroup": ""}
    row |= {"name": "", "first_name": "", "last_name": "", "realName": ""}
    return row | {"deleted": 0, "disable": 0, "starttime": 0, "endtime": 0} | more


def test_frontend_a_first_sign_in_makes_a_user_and_a_second_finds_it(site):
    site.set(frontendStorage="12", frontendDefaultGroup="Members")
    site.world["tables"]["fe_groups"] = [{"uid": 4, "title": "Members", "deleted": 0}]
    asked = words(site.begin(FRONTEND))
    assert asked["redirect_uri"] == f"{SITE}/"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile email"

    said = site.sign_in(FRONTEND, to="/members/?page=2")
    assert (said["status"], said["headers"]["location"]) == (303, ["/members/?page=2"])
    (row,) = site.rows("fe_users")
    assert (row["email"], row["name"], row["first_name"]) == (
        "lea@site.example",
        "Lea Keller",
        "Lea",
    )
    assert (row["pid"], row["usergroup"]) == (12, "4")
    assert row["password"].startswith("$")
    (link,) = site.rows("tx_hospesconnect_link")
    assert (link["issuer"], link["user_uid"]) == (site.server.url, 1)
    assert site.world["signed_in"] == {"FE": 1}
    fields = next(a[2] for a in site.asked if a[1].endswith("/token"))
    assert "client_secret" not in fields
    assert len(fields["code_verifier"]) == 43

    del site.world["signed_in"]
    assert site.sign_in(FRONTEND)["headers"]["location"] == ["/"]
    assert site.rows("fe_users") == [row]
    assert site.world["signed_in"] == {"FE": 1}
    assert site.log == []


def test_backend_a_user_with_the_verified_address_is_connected(site):
    site.world["tables"]["be_users"] = [user(7, "lea@site.example")]
    start = site.ask(
        "request", path="/typo3/login", body={"hospes-connect": "start", "login_status": "login"}
    )
    assert start["headers"]["location"] == [f"{SITE}{BACKEND}"]
    asked = words(site.begin(BACKEND))
    assert asked["redirect_uri"] == f"{SITE}{BACKEND}"
    said = site.sign_in(BACKEND)
    assert (said["status"], said["headers"]["location"]) == (303, ["/typo3/main"])
    assert site.world["signed_in"] == {"BE": 7}
    assert site.rows("be_users")[0]["realName"] == "Lea Keller"
    assert not site.rows("fe_users")


def test_backend_makes_no_user_unless_told_to(site):
    assert "keinen Benutzer" in site.fault(site.sign_in(BACKEND))
    assert site.rows("be_users") == []
    site.set(backendCreate="1")
    site.sign_in(BACKEND)
    (row,) = site.rows("be_users")
    assert (row["username"], row["usergroup"], row["pid"]) == ("lea@site.example", "", 0)
    assert "admin" not in row


def test_backend_goes_round_once_so_that_strict_cookies_come_along(site):
    site.world["tables"]["be_users"] = [user(7, "lea@site.example")]
    query = site.answered(BACKEND)
    said = site.get(BACKEND, query)
    assert said["status"] == 200
    assert said["headers"]["Cache-Control"] == ["no-store"]
    assert site.asked == []
    assert "signed_in" not in site.world


@pytest.mark.parametrize("side", [BACKEND, FRONTEND])
def test_an_answer_works_once_in_one_browser_on_one_side(site, side):
    site.set(backendCreate="1")
    query = site.answered(side)
    kept, world = dict(site.cookies), json.loads(json.dumps(site.world))
    other = FRONTEND if side == BACKEND else BACKEND
    said = site.get(other, {**query, "again": "1"})
    assert "other side" in site.log[0]
    site.fault(said)
    site.cookies = {}
    site.fault(site.arrive(side, query))
    site.cookies, site.world = dict(kept), json.loads(json.dumps(world))
    site.world["clock"] = 601
    said = site.arrive(side, query)
    assert "too late" in site.log[0]
    site.fault(said)
    assert site.rows("fe_users") == site.rows("be_users") == []

    site.cookies, site.world = dict(kept), json.loads(json.dumps(world))
    assert site.arrive(side, query)["status"] == 303
    assert site.world.pop("signed_in")
    assert site.cookies == {}
    site.cookies = dict(kept)
    said = site.arrive(side, query)
    assert "The answer came twice." in site.log[0]
    site.fault(said)


def test_a_cookie_of_a_sign_in_is_kept_from_scripts_and_other_pages(site):
    said = site.get(BACKEND)
    (line,) = said["headers"]["Set-Cookie"]
    told = f"; Path={BACKEND}; Max-Age=600; HttpOnly; SameSite=Lax; Secure"
    assert line.endswith(told)
    nonce = words(said["headers"]["location"][0])["nonce"]
    assert nonce not in line
    assert site.world["tables"] == {}


def test_an_answer_of_another_issuer_is_not_redeemed(site):
    for iss in ("https://evil.example", None):
        query = site.answered(FRONTEND)
        query.pop("iss")
        if iss:
            query["iss"] = iss
        said = site.arrive(FRONTEND, query)
        assert "another issuer" in site.log[0]
        assert not [a for a in site.asked if a[1].endswith("/token")]
        site.fault(said)


def test_a_tampered_id_token_signs_nobody_in(site):
    def forge(answer):
        head, body, signature = answer["id_token"].split(".")
        flipped = ("A" if signature[5] != "A" else "B").join([signature[:5], signature[6:]])
        return answer | {"id_token": f"{head}.{body}.{flipped}"}

    query = site.answered(FRONTEND)
    with site.proxy.lying("/token", forge):
        said = site.arrive(FRONTEND, query, language="de")
    assert "signature that is wrong" in site.log[0]
    assert "ließ sich nicht prüfen" in site.fault(said)
    assert site.rows("fe_users") == []


def test_an_address_that_is_not_verified_connects_and_makes_nobody(site):
    site.world["tables"]["fe_users"] = [user(3, "lea@site.example")]
    for lie in (False, "true", 1, None):
        query = site.answered(FRONTEND)
        with site.proxy.lying(
            "/oauth2/userinfo", lambda claims, lie=lie: claims | {"email_verified": lie}
        ):
            assert "confirmed e-mail" in site.fault(site.arrive(FRONTEND, query))
    assert len(site.rows("fe_users")) == 1
    assert site.rows("tx_hospesconnect_link") == []


def test_nobody_is_taken_over_by_an_address(site):
    others = [
        ("is off", {"frontendLink": "0"}, [user(3, "lea@site.example")], []),
        ("two have it", {}, [user(3, "lea@site.example"), user(4, "lea@site.example")], []),
        ("of another sub", {}, [user(3, "lea@site.example")], [{"sub": "another"}]),
    ]
    for _name, settings, users, links in others:
        site.set(**{**DEFAULTS, **settings})
        site.world["tables"]["fe_users"] = users
        made = {"identity": "x", "user_table": "fe_users", "user_uid": 3}
        before = [made | {"issuer": site.server.url} | link for link in links]
        site.world["tables"]["tx_hospesconnect_link"] = before
        assert "has your e-mail address already" in site.fault(site.sign_in(FRONTEND))
        assert site.rows("tx_hospesconnect_link") == before
        assert site.rows("fe_users") == users


@pytest.mark.parametrize(
    "how", [{"disable": 1}, {"deleted": 1}, {"endtime": 9}, {"starttime": 9**11}]
)
def test_a_user_who_is_blocked_stays_so(site, how):
    site.sign_in(FRONTEND)
    del site.world["signed_in"]
    site.world["tables"]["fe_users"][0] |= how
    assert "blocked" in site.fault(site.sign_in(FRONTEND))
    # Not connected yet: a disabled user with the address is not gone round by a new one.
    site.world["tables"]["tx_hospesconnect_link"] = []
    if "deleted" not in how:
        assert "blocked" in site.fault(site.sign_in(FRONTEND))
        assert len(site.rows("fe_users")) == 1


def test_a_changed_address_follows_unless_somebody_here_has_it(site):
    site.sign_in(FRONTEND)
    moved = {"email": "lea.new@site.example"}
    for others, expected in (([user(9, moved["email"])], "lea@site.example"), ([], moved["email"])):
        del site.world["signed_in"]
        site.world["tables"]["fe_users"] = [site.rows("fe_users")[0], *others]
        query = site.answered(FRONTEND)
        with site.proxy.lying("/oauth2/userinfo", lambda claims: claims | moved):
            site.arrive(FRONTEND, query)
        assert site.rows("fe_users")[0]["email"] == expected
    assert site.world["signed_in"] == {"FE": 1}


def test_work_teams_give_groups_and_hand_given_ones_stay(site):
    site.set(backendGroups="Web team = 3; Press = Editors;nonsense; = 5")
    site.world["tables"]["be_groups"] = [
        {"uid": 3, "title": "Web", "deleted": 0},
        {"uid": 5, "title": "Editors", "deleted": 0},
        {"uid": 8, "title": "By hand", "deleted": 0},
    ]
    site.world["tables"]["be_users"] = [user(7, "lea@site.example", usergroup="8,5")]
    assert words(site.begin(BACKEND))["scope"].endswith(" groups")

    def groups(told):
        site.world.pop("signed_in", None)
        query = site.answered(BACKEND)
        with site.proxy.lying("/oauth2/userinfo", lambda claims: claims | {"groups": told}):
            site.arrive(BACKEND, query)
        return site.rows("be_users")[0]["usergroup"]

    assert groups([{"name": "Web team"}, "unknown"]) == "8,3"
    assert groups(["Press", "Web team"]) == "8,3,5"
    assert groups("Press") == "8"


def test_who_is_signed_in_already_stays_and_is_told(site):
    site.world["signed_in"] = {"FE": 99}
    said = site.sign_in(FRONTEND)
    assert said["status"] == 403
    assert "Sign out first" in said["body"]
    assert site.world["signed_in"] == {"FE": 99}


def test_the_page_that_was_asked_for_comes_next_and_no_page_elsewhere(site):
    for asked in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/a\nb",
        "x",
        "javascript:1",
    ):
        assert site.sign_in(FRONTEND, to=asked)["headers"]["location"] == ["/"], asked
        del site.world["signed_in"]


def test_a_home_page_that_leads_to_a_language_and_a_site_in_a_folder_work(site):
    query = site.answered(FRONTEND)
    assert site.arrive(FRONTEND, query, language=None)["status"] == 303
    said = site.get("/shop/", {"hospes-connect": "start"}, base="/shop/")
    assert words(said["headers"]["location"][0])["redirect_uri"] == f"{SITE}/shop/"


def test_other_pages_and_other_states_are_left_alone(site):
    for path, query in (
        ("/", {}),
        ("/", {"state": "of another extension", "code": "x"}),
        ("/page", {"hospes-connect": "start"}),
        ("/typo3/main", {"state": "a" * 48, "code": "x"}),
    ):
        said = site.get(path, query, language="de")
        assert said["body"] == "the page itself", path
        assert said["headers"] == {}
    site.set(frontendEnabled="0", backendEnabled="0")
    assert site.get("/", {"hospes-connect": "start"}, language="de")["body"] == "the page itself"
    assert "nicht richtig eingerichtet" in site.fault(site.get(BACKEND))


def test_a_wrong_secret_and_a_provider_that_is_down_are_told_apart(site):
    secret = site.world["settings"]["clientSecret"]
    site.set(clientSecret="wrong-one")
    said = site.sign_in(FRONTEND)
    assert "invalid_client" in site.log[0]
    assert "wrong-one" not in site.log[0] + said["body"]
    assert "not set up correctly" in site.fault(said)
    site.set(clientSecret=secret)
    site.world["cache"] = {}
    site.proxy.down = True
    try:
        said = site.get("/", {"hospes-connect": "start"})
        assert said["status"] == 503
        assert "cannot be reached" in site.fault(said)
    finally:
        site.proxy.down = False


def test_the_sign_in_page_looks_up_what_stands_in_its_address(site):
    page = site.ask("login page", path="/typo3/login")
    assert page["template"].endswith("Resources/Private/Templates/Login/HospesConnect.html")
    assert page["hospesConnect"] == {"ready": True, "provider": "127.0.0.1", "fault": ""}
    lie = {"hospes-connect-error": "<b>call us</b>", "reference": "call 555"}
    fault = site.ask("login page", path="/typo3/login", query=lie)["hospesConnect"]["fault"]
    assert fault == "Die Anmeldung hat nicht funktioniert. Bitte versuchen Sie es noch einmal."
    site.set(clientSecret="")
    assert site.ask("login page", path="/typo3/login")["hospesConnect"]["ready"] is False


def test_the_button_of_the_frontend(site):
    site.set(provider="A <b>")
    said = site.ask("button", path="/members", language="es")
    assert 'href="/?hospes-connect=start&amp;to=%2Fmembers"' in said
    assert "Iniciar sesión con A &lt;b&gt;" in said
    site.set(clientId="")
    assert site.ask("button", path="/members", language="es") == ""


def test_the_file_of_a_download_fills_in_what_is_empty(site, tmp_path):
    site.module = shutil.copytree(site.module, tmp_path / "hospes_connect")
    kept = dict(site.world["settings"])
    site.set(issuer="", clientId="")
    assert site.ask("button", language="de") == ""
    told = {"issuer": kept["issuer"], "client_id": kept["clientId"], "provider": "Alpenhost"}
    file = site.module / modules.SITE_FILE
    file.write_bytes(modules.site_file(**told))
    assert "Mit Alpenhost anmelden" in site.ask("button", language="de")
    assert site.sign_in(FRONTEND)["status"] == 303
    site.set(provider="Typed", clientId="typed")
    assert words(site.begin(FRONTEND))["client_id"] == "typed"
    file.write_text(file.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    site.set(clientId="")
    assert site.ask("button", language="de") == ""
