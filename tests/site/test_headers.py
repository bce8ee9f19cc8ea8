"""Every page carries the headers that keep it safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from hospes.site import csp
from hospes.site.middleware import SecurityHeadersMiddleware

if TYPE_CHECKING:
    from support.site import Site

PAGES = ["/help/browser", "/sign-in", "/no-such-page"]


@pytest.fixture
def own_form_targets(monkeypatch):
    monkeypatch.setattr(csp, "_form_targets", [])


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_inline_and_nothing_from_elsewhere(site: Site, path: str):
    policy = directives(site.get(path).headers["content-security-policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "upgrade-insecure-requests" in policy
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_no_inline_script_style_or_handler(site: Site, path: str):
    text = site.get(path).text
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text
    assert all("src=" in part.split(">")[0] for part in text.split("<script")[1:])


@pytest.mark.parametrize("path", PAGES)
def test_the_other_headers_are_there(site: Site, path: str):
    headers = site.get(path).headers
    assert headers["strict-transport-security"] == "max-age=63072000"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"


def test_static_files_are_kept_for_long_under_a_hashed_name(site: Site):
    page = site.get("/help/browser").text
    path = next(part for part in page.split('"') if part.startswith("/static/site/css/tokens"))
    assert path != "/static/site/css/tokens.css"
    headers = site.get(path).headers
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_a_registered_form_target_joins_the_policy_of_its_pages(own_form_targets):
    csp.register_form_targets(
        lambda url: ("https://app.example", "com.example.app:") if "authorize" in url else ()
    )
    factory = RequestFactory()
    own = csp.form_targets(factory.get("/authorize", {"client_id": "x"}))
    onward = csp.form_targets(factory.get("/sign-in", {"next": "/authorize?client_id=x"}))
    sent = csp.form_targets(factory.post("/sign-in", {"next": "/authorize?client_id=x"}))
    elsewhere = csp.form_targets(factory.get("/help/browser"))
    assert own == onward == sent == ("https://app.example", "com.example.app:")
    assert elsewhere == ()


@pytest.mark.parametrize(
    "source",
    [
        "https://a.example; script-src *",
        "https://a.example https://b.example",
        "*",
        "'unsafe-inline'",
        "javascript:",
        "data:",
        "https:",
        "https://a.example\nX: y",
        "",
    ],
)
def test_a_form_target_cannot_open_the_policy(own_form_targets, source: str):
    csp.register_form_targets(lambda _url: (source,))
    assert csp.form_targets(RequestFactory().get("/authorize")) == ()


def test_a_failing_provider_makes_the_policy_stricter_not_absent(own_form_targets):
    def failing(_url: str) -> tuple[str, ...]:
        raise RuntimeError

    csp.register_form_targets(failing)
    response = SecurityHeadersMiddleware(lambda _request: HttpResponse())(
        RequestFactory().get("/authorize")
    )
    assert "form-action 'self';" in response.headers["Content-Security-Policy"]


def test_a_pop_up_on_the_way_to_an_application_keeps_its_opener(own_form_targets):
    csp.register_form_targets(lambda url: ("https://app.example",) if "authorize" in url else ())
    answer = SecurityHeadersMiddleware(lambda _request: HttpResponse())
    there = answer(RequestFactory().get("/authorize"))
    elsewhere = answer(RequestFactory().get("/"))
    assert there.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert elsewhere.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_view_may_set_its_own_policy():
    def view(_request):
        return HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    response = SecurityHeadersMiddleware(view)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "sandbox"
