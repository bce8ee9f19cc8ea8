"""The API's document and its page, as they are served."""

from __future__ import annotations

import re

from openapi_spec_validator import OpenAPIV31SpecValidator

from hospes.rest import registry


def test_the_document_is_served_to_anybody_and_known_by_its_tag(site):
    answer = site.get("/api/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    OpenAPIV31SpecValidator(answer.json()).validate()
    assert answer.json()["servers"][0]["url"] == "https://hospes.test/api"

    tag = answer.headers["etag"]
    again = site.get("/api/openapi.json", headers={"If-None-Match": f'W/{tag}, "other"'})
    other = site.get("/api/openapi.json", headers={"If-None-Match": '"other"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert other.status_code == 200


def test_the_document_tells_the_installations_own_page_sizes(site):
    from hospes.foundation import clock, numbers
    from hospes.foundation.models import NumberSetting

    def largest() -> int:
        told = site.get("/api/openapi.json").json()
        words = told["paths"]["/1/countries"]["get"]["parameters"]
        found = next(each for each in words if each.get("name") == "per_page")
        return int(found["schema"]["maximum"])

    assert largest() == 1000
    NumberSetting.objects.create(key="api.largest_page", value=77, updated_at=clock.now())
    numbers.forget()
    assert largest() == 77


def test_the_page_shows_every_endpoint_with_examples(site):
    answer = site.get("/api/docs")

    assert answer.status_code == 200
    for route in registry.routes():
        assert f'<article class="card api-docs__endpoint" id="{route.name}"' in answer.text
    assert "curl &#x27;https://hospes.test/api/1/ping&#x27;" in answer.text
    assert answer.text.count("data-docs-try=") == 1 + sum(
        len(route.versions) for route in registry.routes() if route.method == "GET"
    )
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert sorted(ids) == sorted(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= {*ids, "main"}


def test_the_page_is_in_english_whatever_the_reader_speaks(site):
    answer = site.another_browser(language="de").get("/api/docs")

    assert "How to begin" in answer.text
    assert 'lang="en"' in answer.text


def test_pythons_examples_are_python(site):
    from html import unescape

    text = site.get("/api/docs").text
    found = re.findall(r'aria-label="Example in Python"><code>(.*?)</code>', text, re.DOTALL)

    assert len(found) == 1 + sum(len(route.versions) for route in registry.routes())
    for each in found:
        compile(unescape(each), "example", "exec")
