"""The Drupal module against the interfaces it implements, and a running provider over HTTP."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from hospes.connect.gateways import modules
from support.altering_proxy import Proxy
from support.server import Server
from support.site_visitor import CONNECTORS, PhpSite, SiteVisitor, register, words

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULE = CONNECTORS / "drupal" / "hospes_connect"
CALLBACK = "https://site.example/openid-connect/hospes_connect"
OURS = "openid_connect.hospes_connect"

pytestmark = [pytest.mark.xdist_group("connectors-php")]


class Drupal(PhpSite):
    """A Drupal with the module, and somebody's browser."""

    def __init__(self, server: Server, proxy: Proxy, application: tuple[str, str]) -> None:
        super().__init__("drupal.php", MODULE, proxy.port)
        self.server, self.proxy = server, proxy
        self.configuration = {
            "issuer": server.url,
            "client_id": application[0],
            "client_secret": application[1],
        }
        self.visitor = SiteVisitor(server, "lea@site.example")

    def ask(self, do: str, **more: Any) -> Any:
        return super().ask(do, **{"configuration": self.configuration, **more})

    def begin(self, **more: Any) -> str:
        """Press the button; return where it leads."""
        return str(self.ask("begin", **more)["location"])

    def answered(self) -> dict[str, str]:
        """Begin, sign in; return the words of the provider's answer, not taken to the site yet."""
        back = self.visitor.visit(self.begin())
        assert back.startswith(f"{CALLBACK}?")
        return words(back)

    def sign_in(self) -> Any:
        return self.ask("answer", query=self.answered())


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[Server, Proxy, list[tuple[str, str]]]]:
    server, proxy = Server(), Proxy()
    try:
        server.start()
        yield server, proxy, register(server, "drupal", CALLBACK)
    finally:
        server.stop()
        proxy.stop()


@pytest.fixture
def site(provider) -> Iterator[Drupal]:
    server, proxy, applications = provider
    made = Drupal(server, proxy, applications[0])
    yield made
    made.visitor.close()


def test_a_sign_in_is_proved_and_told_to_openid_connect(site):
    asked = words(site.begin())
    assert asked["redirect_uri"] == CALLBACK
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile email"
    assert asked["ui_locales"] == "fr"
    assert asked["state"] == site.world["session"]["state"]
    assert asked["nonce"] not in json.dumps(site.world)

    said = site.sign_in()
    assert said["may"] is True
    assert said["person"]["email"] == "lea@site.example"
    assert said["person"]["iss"] == site.server.url
    assert set(said["tokens"]) == {"id_token", "access_token", "expire"}
    assert said["other_token"] is None
    (method, _address, fields) = next(a for a in site.asked if a[1].endswith("/token"))
    assert method == "POST"
    assert "client_secret" not in fields
    assert len(fields["code_verifier"]) == 43
    assert site.messages == site.log == []


def test_es256_is_believed_too(provider, site):
    client_id, secret = provider[2][1]
    site.configuration |= {"client_id": client_id, "client_secret": secret}
    assert site.sign_in()["may"] is True


def test_an_answer_works_once_in_one_browser_and_not_for_ever(site):
    query = site.answered()
    before = json.loads(json.dumps(site.world))
    site.world["session"] = {}
    assert site.ask("answer", query=query, skip_state=True)["tokens"] is None
    assert "another browser" in site.messages[0]

    site.world = json.loads(json.dumps(before))
    site.world["clock"] = 601
    assert site.ask("answer", query=query)["tokens"] is None
    assert "The answer came too late." in site.log[0]

    site.world = json.loads(json.dumps(before))
    assert site.ask("answer", query=query)["tokens"]
    # The session of before, as a second request at the same moment would have read it.
    site.world["session"] = before["session"]
    assert site.ask("answer", query=query)["tokens"] is None
    assert "The answer came twice." in site.log[0]


def test_an_answer_of_another_issuer_is_not_redeemed(site):
    for iss in ("https://evil.example", None):
        query = site.answered()
        query.pop("iss")
        if iss:
            query["iss"] = iss
        assert site.ask("answer", query=query)["tokens"] is None
        assert "another issuer" in site.log[0]
        assert not [a for a in site.asked if a[1].endswith("/token")]


def test_a_tampered_id_token_signs_nobody_in(site):
    def forge(answer):
        head, body, signature = answer["id_token"].split(".")
        flipped = ("A" if signature[5] != "A" else "B").join([signature[:5], signature[6:]])
        return answer | {"id_token": f"{head}.{body}.{flipped}"}

    query = site.answered()
    with site.proxy.lying("/token", forge):
        assert site.ask("answer", query=query)["tokens"] is None
    assert "signature that is wrong" in site.log[0]
    assert "could not be verified" in site.messages[0]


def test_userinfo_of_somebody_else_signs_nobody_in(site):
    query = site.answered()
    with site.proxy.lying("/oauth2/userinfo", lambda claims: claims | {"sub": "another"}):
        assert site.ask("answer", query=query)["tokens"] is None
    assert "another person" in site.log[0]


def test_a_wrong_secret_and_a_provider_that_is_down_are_told_apart(site):
    site.configuration["client_secret"] = "wrong"
    assert site.sign_in()["tokens"] is None
    assert "not set up correctly" in site.messages[0]
    assert "invalid_client" in site.log[0]
    assert "wrong" not in site.log[0]

    site.world["cache"] = {}
    site.proxy.down = True
    try:
        assert site.begin() == "/user/login"
        assert "cannot be reached" in site.messages[0]
        assert set(site.ask("endpoints").values()) == {""}
    finally:
        site.proxy.down = False


def test_what_was_read_of_the_provider_is_kept_for_a_day_while_it_is_down(site):
    site.begin()
    assert site.ask("endpoints")["token"] == f"{site.server.url}/token"
    assert site.asked == []
    site.proxy.down = True
    try:
        site.world["clock"] = 3700
        assert site.ask("endpoints")["token"]
        assert site.asked
        site.world["clock"] = 90_000
        assert site.ask("endpoints")["token"] == ""
    finally:
        site.proxy.down = False


def test_an_address_that_is_not_verified_connects_and_makes_nobody(site):
    for lie in (False, "true", 1, None):
        query = site.answered()
        with site.proxy.lying(
            "/oauth2/userinfo", lambda claims, lie=lie: claims | {"email_verified": lie}
        ):
            assert site.ask("answer", query=query)["may"] is False
        assert "confirmed e-mail address" in site.messages[0]


def test_an_account_of_somebody_else_is_not_taken_over_by_its_address(site):
    site.world["users"] = {"7": "LEA@site.example"}
    assert site.sign_in()["may"] is True
    site.world["authmap"] = {OURS: {"7": "another-sub"}}
    assert site.sign_in()["may"] is False
    assert "connected with somebody else" in site.messages[0]
    # Somebody who is signed in connects by hand.
    site.world["signed_in"] = True
    assert site.sign_in()["may"] is True


def test_a_sub_belongs_to_its_issuer(site):
    sub = site.sign_in()["person"]["sub"]
    site.world["authmap"] = {OURS: {"7": sub}}
    assert site.sign_in()["may"] is True
    assert site.world["user_data"]["7"]["issuer"] == site.server.url
    site.world["user_data"]["7"]["issuer"] = "https://former.example"
    assert site.sign_in()["may"] is False
    assert "another provider" in site.messages[0]
    assert site.world["user_data"]["7"]["issuer"] == "https://former.example"


@pytest.mark.parametrize(
    ("told", "names"),
    [([{"id": 3, "name": "Press "}, "Web", 7, None], ["Press", "Web"]), ("Press", []), (None, [])],
)
def test_teams_come_as_names_for_the_mapping_to_roles(site, told, names):
    site.world["settings"] = {"role_mappings": {"editor": ["Press"]}}
    assert words(site.begin())["scope"].split()[-1] == "groups"
    query = site.answered()
    with site.proxy.lying("/oauth2/userinfo", lambda claims: claims | {"groups": told}):
        assert site.ask("answer", query=query)["person"]["groups"] == names


def test_no_address_can_replace_what_the_module_worked_out(site):
    asked = words(site.begin(more={"redirect_uri": "https://evil.example", "login_hint": "lea"}))
    assert asked["redirect_uri"] == CALLBACK
    assert asked["login_hint"] == "lea"


def test_the_form_has_two_fields_and_the_address_and_never_shows_the_secret(site):
    said = site.ask(
        "form", values={"issuer": site.server.url, "client_id": " a ", "client_secret": ""}
    )
    assert set(said["form"]) == {"client_id", "client_secret", "issuer"}
    assert site.configuration["client_secret"] not in json.dumps(said["form"])
    assert said["values"]["client_secret"] == site.configuration["client_secret"]
    assert said["values"]["client_id"] == "a"
    for issuer in ("http://provider.example", "https://a.example/?b", "", "javascript:x"):
        assert "issuer" in site.ask("form", values={"issuer": issuer})["errors"]
    kept = site.ask("form", values={"issuer": site.server.url, "client_secret": " new "})
    assert kept["values"]["client_secret"] == "new"


def test_the_settings_that_are_not_complete_lead_nowhere(site):
    site.configuration["client_secret"] = ""
    assert site.begin() == "/user/login"
    assert "not set up correctly" in site.messages[0]
    assert site.asked == []


def test_the_file_of_a_download_fills_in_what_is_empty(site, tmp_path):
    site.module = shutil.copytree(site.module, tmp_path / "hospes_connect")
    kept = {name: site.configuration.pop(name) for name in ("issuer", "client_id")}
    assert site.begin() == "/user/login"
    file = site.module / modules.SITE_FILE
    file.write_bytes(modules.site_file(**kept, provider="Alpenhost"))
    assert site.sign_in()["may"] is True
    file.write_text(file.read_text("utf-8").replace("http://127.0.0.1", "http://evil.example"))
    site.world["cache"] = {}
    assert site.begin() == "/user/login"
    assert site.asked == []
