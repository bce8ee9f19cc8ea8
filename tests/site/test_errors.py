"""Pages for what went wrong: in the look, in words, with the right status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template import engines
from django.test import RequestFactory

from hospes.site.middleware import LanguageMiddleware
from hospes.site.web import errors

if TYPE_CHECKING:
    from support.site import Site

HTML = {"accept": "text/html"}


def request_for(path: str = "/somewhere"):
    return RequestFactory().get(path, headers=HTML)


def test_an_unknown_page_is_a_404_that_says_so(site: Site):
    response = site.get("/no-such-page")
    assert response.status_code == 404
    assert "This page does not exist" in response.text
    assert 'href="/"' in response.text


def test_a_wrong_method_is_a_405_that_says_so_and_names_the_right_one(site: Site):
    response = site.get("/theme", headers={"Accept": "text/html"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert "cannot be used that way" in response.text


def test_a_form_without_cookies_is_told_about_cookies(site: Site):
    response = site.post("/theme", {"theme": "dark"}, csrf=False)
    assert response.status_code == 403
    assert "does not keep cookies" in response.text
    assert "The steps for Firefox" in response.text
    assert "/help/browser" in response.text


def test_an_old_form_is_told_to_be_loaded_again(site: Site):
    site.get("/help/browser")
    response = site.post("/theme", {"theme": "dark"}, csrf=False)
    assert response.status_code == 403
    assert "Nothing was changed." in response.text
    assert "does not keep cookies" not in response.text


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (lambda: errors.bad_request(request_for(), SuspiciousOperation()), 400),
        (lambda: errors.bad_request(request_for(), RequestDataTooBig()), 413),
        (lambda: errors.permission_denied(request_for(), PermissionDenied()), 403),
        (lambda: errors.not_found(request_for()), 404),
        (lambda: errors.server_error(request_for()), 500),
        (lambda: errors.too_many_requests(request_for(), 130), 429),
    ],
)
def test_each_status_has_its_page(answer, status: int):
    response = answer()
    assert response.status_code == status
    text = response.content.decode()
    assert text.count("<h1>") == 1
    assert f"Error {status}" in text


def test_too_often_tells_when_to_come_back():
    response = errors.too_many_requests(request_for(), 130)
    assert response.headers["Retry-After"] == "130"
    assert "in about 3 minutes" in response.content.decode()


def test_a_refusal_without_words_gets_them_for_people_only():
    def refuse(_request):
        return HttpResponseNotAllowed(["POST"])

    page = LanguageMiddleware(refuse)(request_for())
    machine = LanguageMiddleware(refuse)(
        RequestFactory().get("/x", headers={"accept": "application/json"})
    )
    assert b"<h1>" in page.content
    assert page.headers["Allow"] == "POST"
    assert machine.content == b""


def test_a_refusal_with_words_keeps_them():
    def refuse(_request):
        return HttpResponse("slow down", status=429)

    assert LanguageMiddleware(refuse)(request_for()).content == b"slow down"


def test_a_server_error_reads_no_database():
    from django.db import connection

    def forbidden(*_args, **_kwargs):
        pytest.fail("the page of a server error asked the database")

    with connection.execute_wrapper(forbidden):
        assert errors.server_error(request_for()).status_code == 500


def test_a_server_error_is_told_even_where_templates_fail(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(engines["django"].engine, "get_template", broken)
    monkeypatch.setattr(engines["django"], "get_template", broken)
    response = errors.server_error(request_for())
    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/plain")
    assert b"our side" in response.content


def test_an_address_in_a_page_cannot_break_out_of_it(site: Site):
    response = site.get('/no-such-page?"><script>alert(1)</script>')
    assert "<script>alert" not in response.text
