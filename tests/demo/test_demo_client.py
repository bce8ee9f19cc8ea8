"""The demo client signs people in against the whole stack, and believes nothing unverified."""

from __future__ import annotations

import io
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from hospes.demo import credentials
from hospes.demo.client import relying_party
from hospes.demo.client.fetching import ProviderFaultError, get_json
from hospes.demo.client.language import chosen
from hospes.demo.client.relying_party import Provider, RefusedError, Registration
from hospes.demo.client.server import _registration
from hospes.demo.client.site import Configuration, Shop
from support.pages import Page

OWN_URL = "http://127.0.0.1:8001"
ISSUER = "https://hospes.test"


class Browser:
    """A browser at the shop, which is called without a socket."""

    def __init__(self, shop, language="en"):
        self.shop = shop
        self.language = language
        self.cookie = ""
        self.location = ""

    def request(self, method, url, fields=None):
        parts = urlsplit(url)
        body = urlencode(fields or {}).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "HTTP_ACCEPT_LANGUAGE": self.language,
            "HTTP_COOKIE": f"browser=the-providers-own; bergblume={self.cookie}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
        }
        seen = {}

        def start(status, headers):
            seen.update(status=int(status.split()[0]), headers=dict(headers))

        self.page = Page(b"".join(self.shop(environ, start)).decode())
        self.headers = seen["headers"]
        self.location = self.headers.get("Location", "")
        set_cookie = self.headers.get("Set-Cookie", "")
        if set_cookie:
            self.cookie = set_cookie.split(";")[0].partition("=")[2]
        return seen["status"]

    def get(self, url):
        return self.request("GET", url)

    def send(self, action, **fields):
        return self.request("POST", action, {**self.page.form(action).fields, **fields})


@pytest.fixture
def registered(make_account):
    from hospes.connect.domain.registration import Draft
    from hospes.connect.services.applications import RegisterApplication, register_application
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.queries import organizations_of

    owner = make_account()

    def register(alg="RS256", kind="server"):
        draft = Draft(kind, "Shop", (f"{OWN_URL}/callback",), (f"{OWN_URL}/",), id_token_alg=alg)
        made = register_application(
            RegisterApplication(draft, f"form-key-of-the-shop-{alg}-{kind}"),
            organization=organizations_of(owner).get(),
            acting_account=owner,
            origin=SYSTEM,
        )
        return Registration(made.application.client_id, made.secret, returns_after_logout=True)

    return register


@pytest.fixture
def wired(site, monkeypatch):
    """Let the shop's own calls reach the WSGI stack."""
    other = site.another_browser()

    def answered(response):
        found = response.json()
        if response.status_code >= 400:
            raise ProviderFaultError(found["error"], found.get("error_description", ""))
        return found

    def fetch(url, *, bearer=""):
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return answered(other.client.get(url, headers=headers))

    def post(url, fields, *, basic=""):
        headers = {"Authorization": f"Basic {basic}"} if basic else {}
        return answered(other.client.post(url, data=fields, headers=headers))

    monkeypatch.setattr(relying_party, "get_json", fetch)
    monkeypatch.setattr(relying_party, "post_form", post)


def shop_with(registration):
    return Shop(Configuration(ISSUER, "Alpenhost", OWN_URL, lambda: registration))


@pytest.fixture
def person(site, make_account, sign_in):
    account = make_account("anna@customer.example")
    sign_in(site, account)
    return account


def come_back(site, browser):
    """Begin at the shop, allow it at the provider, and return the address that leads back."""
    assert browser.get("/sign-in") == 302
    site.get(browser.location.removeprefix(ISSUER))
    return site.submit({}, button="Allow").headers["location"].removeprefix(OWN_URL)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("alg", ["RS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("kind", ["server", "mobile"])
def test_a_person_signs_in_and_sees_what_was_verified(  # noqa: PLR0917 - fixtures
    site, wired, registered, person, alg, kind
):
    browser = Browser(shop_with(registered(alg, kind)))
    browser.get("/")
    assert "Sign in with Alpenhost" in browser.page.text
    before = browser.cookie
    assert browser.get(come_back(site, browser)) == 303
    assert browser.cookie != before
    browser.get(browser.location)
    for words in ("Good to see you, Anna Keller", person.email, f"The signature ({alg})"):
        assert words in browser.page.text


def test_signing_out_everywhere_goes_to_the_provider_and_back(site, wired, registered, person):
    browser = Browser(shop_with(registered()))
    browser.get(come_back(site, browser))
    browser.get("/")
    assert browser.send("/sign-out", where="everywhere") == 303
    response = site.get(browser.location.removeprefix(ISSUER))
    assert response.headers["location"] == f"{OWN_URL}/"
    site.get("/settings/applications")
    assert site.location.startswith("/sign-in")
    browser.get("/")
    assert "Sign in with" in browser.page.text


def test_a_developers_own_application_is_pasted_on_the_page(site, wired, registered, person):
    browser = Browser(shop_with(None))
    browser.get("/")
    assert "not registered with the provider yet" in browser.page.text
    browser.get("/settings")
    assert f"{OWN_URL}/callback" in browser.page.text
    own = registered()
    assert browser.send("/settings", client_id="", client_secret="") == 422
    assert "Enter the client ID." in browser.page.text
    assert browser.send("/settings", client_id=own.client_id, client_secret=own.secret) == 303
    browser.get("/settings")
    assert own.secret not in browser.page.html
    browser.get(come_back(site, browser))
    browser.get("/")
    assert person.email in browser.page.text
    # Another visitor of the shop is not concerned.
    stranger = Browser(browser.shop)
    stranger.get("/")
    assert "not registered with the provider yet" in stranger.page.text


def test_a_form_of_another_site_changes_nothing(wired, registered):
    browser = Browser(shop_with(registered()))
    browser.get("/settings")
    browser.request("POST", "/settings", {"client_id": "evil", "token": "guess"})
    browser.get("/settings")
    assert "evil" not in browser.page.html


def test_a_wrong_secret_is_told_and_nobody_is_signed_in(site, wired, registered, person):
    browser = Browser(shop_with(replace(registered(), secret="wrong")))
    assert browser.get(come_back(site, browser)) == 502
    assert "the secret is wrong" in browser.page.text
    browser.get("/")
    assert "Sign in with" in browser.page.text


def test_a_cancelled_sign_in_is_told_kindly(site, wired, registered, person):
    browser = Browser(shop_with(registered()))
    browser.get("/sign-in")
    site.get(browser.location.removeprefix(ISSUER))
    back = site.submit({}, button="Cancel").headers["location"].removeprefix(OWN_URL)
    assert browser.get(back) == 400
    assert "That is fine." in browser.page.text


def test_another_browsers_answer_is_refused(site, wired, registered, person):
    shop = shop_with(registered())
    back = come_back(site, Browser(shop))
    stranger = Browser(shop)
    stranger.get("/")
    assert stranger.get(back) == 400
    stranger.get("/")
    assert person.email not in stranger.page.text


def test_the_same_answer_does_not_sign_in_twice(site, wired, registered, person):
    browser = Browser(shop_with(registered()))
    back = come_back(site, browser)
    assert browser.get(back) == 303
    assert browser.get(back) == 400


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"nonce": "another"}, "nonce"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "another-client"}, "audience"),
        ({"exp": 1}, "expiry"),
        ({"iat": 99_999_999_999}, "issued_at"),
        ({"sub": ""}, "subject"),
        ({"at_hash": "x"}, "at_hash"),
    ],
)
def test_each_claim_of_the_id_token_is_checked(wired, registered, change, code):
    from joserfc import jwt

    from hospes.connect.services.signing_keys import key_source
    from hospes.foundation import clock

    registration = registered()
    provider = Provider(ISSUER)
    pending, _url = provider.begin(registration, redirect_uri=f"{OWN_URL}/callback", language="en")
    now = clock.timestamp()
    claims = {
        "iss": ISSUER,
        "sub": "someone",
        "aud": registration.client_id,
        "iat": now,
        "exp": now + 60,
        "nonce": pending.nonce,
    }
    kid, key = key_source.signer("RS256")
    head = {"alg": "RS256", "kid": kid}
    assert provider._verified(jwt.encode(head, claims, key), pending, "at")[0] == "RS256"
    with pytest.raises(RefusedError, match=code):
        provider._verified(jwt.encode(head, {**claims, **change}, key), pending, "at")


def test_an_unsigned_or_foreign_token_is_refused(wired, registered):
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    provider = Provider(ISSUER)
    pending, _url = provider.begin(registered(), redirect_uri=OWN_URL, language="en")
    foreign = jwt.encode({"alg": "RS256", "kid": "x"}, {"sub": "a"}, RSAKey.generate_key(2048))
    for token in (foreign, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", "a.b.c", "nothing"):
        with pytest.raises(RefusedError, match="signature"):
            provider._verified(token, pending, "at")


def test_the_answer_of_another_provider_is_refused(wired, registered):
    provider = Provider(ISSUER)
    pending, url = provider.begin(registered(), redirect_uri=OWN_URL, language="fr")
    assert parse_qs(urlsplit(url).query)["ui_locales"] == ["fr"]
    answer = {"state": pending.state, "iss": "https://evil.example", "code": "c"}
    with pytest.raises(RefusedError, match="issuer"):
        provider.finish(pending, answer, redirect_uri=OWN_URL)
    with pytest.raises(RefusedError, match="state"):
        provider.finish(pending, {**answer, "state": "x"}, redirect_uri=OWN_URL)


def test_secrets_travel_over_tls_or_within_this_machine_only():
    with pytest.raises(ProviderFaultError, match="insecure_address"):
        get_json("http://provider.example/.well-known/openid-configuration")
    with pytest.raises(ProviderFaultError, match="insecure_address"):
        get_json("file:///etc/passwd")


def test_what_comes_from_outside_is_escaped(wired, registered):
    browser = Browser(shop_with(registered()))
    browser.get("/callback?state=%3Cscript%3E&error=%3Cscript%3E")
    assert "<script>" not in browser.page.html
    assert "default-src 'none'" in browser.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("pt, it;q=0.5, de;q=0.7", "de"),
        ("", "en"),
        ("*", "en"),
        ("es;q=zero, fr;q=0", "en"),
    ],
)
def test_the_page_speaks_the_browsers_first_language(header, language):
    assert chosen(header) == language


def test_the_demos_own_application_is_found_when_it_appears(tmp_path):
    find = _registration("", "", tmp_path)
    assert find() is None
    credentials.write(tmp_path, credentials.Credentials("id", "secret"))
    assert find() == Registration("id", "secret", returns_after_logout=True)
    assert _registration("mine", "s", tmp_path)() == Registration("mine", "s")


def test_the_consent_page_says_whose_team_names_the_shop_learns(site, wired, registered, person):
    from support.organizations import own

    browser = Browser(shop_with(registered()))
    browser.get("/sign-in")
    site.get(browser.location.removeprefix(ISSUER))
    assert f"See the names of your work teams at {own(person).name}" in site.page.text
    browser.get(site.submit({}, button="Allow").headers["location"].removeprefix(OWN_URL))
    browser.get(browser.location)
    assert "groups" in browser.page.text
