"""Advisories of others, asked of the whole stack; `docs/security-regressions.md` lists them all."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from support.authorizing import authorize_url

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"`(tests/[\w/]+\.py)` `(test_\w+)`")


def refused_without_a_redirect(site, application, redirect_uri):
    """Ask as the application would; nothing is sent anywhere and nothing is written."""
    from hospes.connect.models import AuthorizationCode, Consent, Grant

    response = site.get(authorize_url(application, redirect_uri=redirect_uri))
    assert response.status_code == 400
    assert "location" not in response.headers
    assert not any(form.action.startswith("http") for form in site.page.forms)
    for model in (AuthorizationCode, Consent, Grant):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    "uri", ["https://shopxexample/callback", "https://shop-example/callback", ".*"]
)
def test_cve_2024_52289_a_dot_in_a_redirect_url_stands_for_itself(site, anna, application, uri):
    refused_without_a_redirect(site, application, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "https://shop.example@evil.example/callback",
        "https://shop.example@evil.example@shop.example/callback",
        "https://evil.example/@shop.example@/callback",
    ],
)
def test_cve_2026_7504_several_at_signs_lead_nowhere(site, anna, application, uri):
    refused_without_a_redirect(site, application, uri)


@pytest.mark.parametrize("path", ["/callback/..;/evil", "/..;/callback", "/%2e%2e;/callback"])
def test_cve_2026_3872_dots_before_a_semicolon_lead_nowhere(site, anna, application, path):
    refused_without_a_redirect(site, application, f"https://shop.example{path}")


@pytest.mark.parametrize("uri", ["JaVaScRiPt:alert(1)", "jAVASCRIPT://shop.example/%0aalert(1)"])
def test_cve_2026_9086_a_mixed_case_script_leads_nowhere(site, anna, application, uri):
    refused_without_a_redirect(site, application, uri)


@pytest.mark.parametrize("host", ["127.0.0.1@evil.example", "127.0.0.1:80.evil.example"])
def test_cve_2024_8883_a_loopback_application_leads_to_no_other_host(site, anna, register, host):
    app = register(type="mobile", redirect_uris=("http://127.0.0.1/cb",)).application
    refused_without_a_redirect(site, app, f"http://{host}/cb")


def exists(path, name):
    tree = ast.parse((ROOT / path).read_text())
    return name in {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_every_test_that_the_table_names_exists():
    table = (ROOT / "docs" / "security-regressions.md").read_text()
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    named = [(line, ROW.findall(line)) for line in rows]
    assert len(named) > 15
    for line, tests in named:
        assert tests, f"This row names no test: {line}"
        for path, name in tests:
            assert exists(path, name), f"{path} has no {name}"


def test_every_threat_names_a_defence_whose_test_exists():
    text = (ROOT / "docs" / "security" / "authenticator.md").read_text()
    threats = text.split("\n## ")[1:]
    assert len(threats) > 8
    for threat in threats:
        tests = ROW.findall(threat)
        assert tests, f"This threat names no test: {threat.splitlines()[0]}"
        for path, name in tests:
            assert exists(path, name), f"{path} has no {name}"
