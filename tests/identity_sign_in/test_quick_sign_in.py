"""The answer in front of Django's middleware is the page's answer, or none."""

from __future__ import annotations

import io
import re
import time
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.http import HttpResponse

from hospes.foundation.models import AuditEntry, OutboxEvent
from hospes.identity.models import Account, Session
from support.people import PASSWORD
from support.run import BASE_URL

AUTHORIZE = "/authorize?" + urlencode(
    {"client_id": "x", "redirect_uri": "https://shop.example/back", "response_type": "code"}
)


class Pages:
    """Stands for everything behind; keeps what reached it."""

    def __init__(self):
        self.reached = []

    def __call__(self, environ, start_response):
        self.reached.append((environ, environ["wsgi.input"].read()))
        start_response("200 OK", [])
        return [b"page"]


def request(csrf, fields, *, query="", **changes):
    fields = {"csrfmiddlewaretoken": csrf, **fields}
    body = changes.pop("body", None) or urlencode(fields, doseq=True).encode()
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/sign-in",
        "SCRIPT_NAME": "",
        "QUERY_STRING": query,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": f"__Host-csrf={csrf}",
        "HTTP_HOST": "hospes.test",
        "HTTP_ORIGIN": BASE_URL,
        "HTTP_USER_AGENT": "Mozilla/5.0 Firefox/145.0",
        "REMOTE_ADDR": "192.0.2.10",
        "SERVER_NAME": "hospes.test",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        **changes,
    }
    return {name: value for name, value in environ.items() if value is not None}


def send(application, environ):
    told = []
    body = b"".join(application(environ, lambda status, headers: told.extend((status, headers))))
    return told[0], told[1], body


@pytest.fixture
def quick():
    """Return the application under test and what stands behind it."""
    from hospes.identity.web.quick_sign_in import QuickSignIn

    pages = Pages()
    return QuickSignIn(pages), pages


CSRF = "a" * 16 + "B7" * 8


def comparable(headers):
    """Return headers without what is new each time; Django puts a blank before a cookie."""
    found = []
    for name, value in headers:
        text = re.sub(r"^ ?([\w-]+)=[^;]*; expires=[^;]*", r"\1", value)
        if name != "Content-Language":
            found.append((name, text))
    return sorted(found)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {}),
        ("next=/settings/profile%3Fa%3D1", {}),
        (f"next={quote(AUTHORIZE)}", {}),
        ("next=/elsewhere", {"next": "/caf\u00e9 "}),
        ("next=//evil.example&add=1", {"next": ""}),
        ("", {"next": AUTHORIZE}),
        ("", {"next": "/caf\u00e9?\u00fc=1"}),
    ],
)
def test_the_answer_is_the_one_of_the_page(quick, make_account, query, fields):
    from hospes.config.wsgi import django_application

    account = make_account()
    fields = {"email": f" {account.email.upper()}", "password": PASSWORD, **fields}
    application, pages = quick
    status, headers, body = send(application, request(CSRF, fields, query=query))
    assert not pages.reached
    expected = send(django_application, request(CSRF, fields, query=query))
    assert status.startswith("302")
    assert expected[0].startswith("302")
    assert comparable(headers) == comparable(expected[1])
    assert body == expected[2] == b""
    assert Session.objects.filter(account=account).count() == 2
    first, second = (
        {k: v for k, v in row.items() if k not in {"id", "at", "target"}}
        for row in AuditEntry.objects.filter(action="identity.signed_in").order_by("id").values()
    )
    assert first == second


def test_a_masked_token_of_a_page_is_taken(quick, make_account):
    from django.middleware.csrf import _mask_cipher_secret

    account = make_account()
    fields = {"email": account.email, "password": PASSWORD}
    masked = {**fields, "csrfmiddlewaretoken": _mask_cipher_secret(CSRF)}
    application, pages = quick
    assert send(application, request(CSRF, masked))[0] == "302 Found"
    assert not pages.reached


def test_the_cookie_of_a_browser_is_recognised_and_changed(quick, make_account):
    account = make_account()
    fields = {"email": account.email, "password": PASSWORD}
    application, _ = quick
    cookies = f"__Host-csrf={CSRF}"
    values = set()
    for _round in range(2):
        _, headers, _ = send(application, request(CSRF, fields, HTTP_COOKIE=cookies))
        pairs = [value.partition(";")[0] for name, value in headers if name == "Set-Cookie"]
        assert [pair.partition("=")[0] for pair in pairs] == [
            "__Host-browser",
            "__Host-accounts",
            "__Host-csrf",
        ]
        assert f"__Host-csrf={CSRF}" not in pairs
        values.update(pairs)
        cookies = "; ".join([*pairs[:2], f"__Host-csrf={CSRF}"])
    assert len(values) == 6
    assert Session.objects.count() == 1
    details = AuditEntry.objects.filter(action="identity.signed_in").order_by("id")
    assert [entry.detail for entry in details] == [{"new_device": True}, {"new_device": False}]


UNUSUAL = {
    "another method": {"REQUEST_METHOD": "PUT"},
    "another page": {"PATH_INFO": "/sign-up"},
    "mounted elsewhere": {"SCRIPT_NAME": "/x"},
    "another type": {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=latin-1"},
    "another site": {"HTTP_ORIGIN": "https://evil.example"},
    "no origin over TLS": {"HTTP_ORIGIN": None},
    "no cookie": {"HTTP_COOKIE": None},
    "another cookie": {"HTTP_COOKIE": f"__Host-csrf={'c' * 32}"},
    "a cookie that is no token": {"HTTP_COOKIE": '__Host-csrf="'},
    "a cookie beyond ASCII": {"HTTP_COOKIE": f"__Host-csrf={CSRF}; a=\u00fc"},
    "no length": {"CONTENT_LENGTH": ""},
    "a length beyond the body": {"CONTENT_LENGTH": "5000"},
    "a huge length": {"CONTENT_LENGTH": "20000"},
    "raw UTF-8": {"body": b"email=\xc3\xa9"},
    "too many fields": {"body": b"&".join(b"a%d=1" % n for n in range(11))},
}
ODD_FIELDS = {
    "no address": {"email": " "},
    "a long address": {"email": "a" * 255},
    "no password": {"password": ""},
    "a long password": {"password": "p" * 4097},
    "two passwords": {"password": [PASSWORD, "other"]},
    "a NUL": {"password": f"{PASSWORD}\0"},
    "another token": {"csrfmiddlewaretoken": "c" * 32},
    "no token": {"csrfmiddlewaretoken": ""},
    "a token beyond ASCII": {"csrfmiddlewaretoken": "\u00fc" * 32},
}


@pytest.mark.parametrize("case", [*UNUSUAL, *ODD_FIELDS])
def test_whatever_is_unusual_goes_on_to_the_page_as_it_came(quick, make_account, case):
    account = make_account()
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    fields = {"email": account.email, "password": PASSWORD, **ODD_FIELDS.get(case, {})}
    environ = request(CSRF, fields, **UNUSUAL.get(case, {}))
    sent = environ["wsgi.input"].getvalue()
    application, pages = quick
    assert send(application, environ)[2] == b"page"
    ((reached, body),) = pages.reached
    assert body == sent
    assert "hospes.sign_in_tried" not in reached
    assert not Session.objects.exists()
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before


def test_a_refusal_is_told_by_the_page_and_counted_once(site, make_account):
    account = make_account("anna@customer.example")
    site.get("/sign-in")
    response = site.submit({"email": account.email, "password": "a wrong one"})
    assert response.status_code == 422
    assert "not right" in site.page.text
    assert AuditEntry.objects.filter(action="identity.sign_in_failed").count() == 1
    assert Account.objects.get().failed_passwords == 1


def test_a_fault_within_is_answered_by_the_page_of_faults(site, make_account, monkeypatch):
    from hospes.identity.services import sign_in as service

    account = make_account()
    calls = []

    def fails(*_arguments, **_named):
        calls.append(1)
        raise RuntimeError("out of order")

    browser = site.another_browser(raise_exceptions=False)
    browser.get("/sign-in")
    monkeypatch.setattr(service, "sign_in", fails)
    response = browser.submit({"email": account.email, "password": PASSWORD})
    assert response.status_code == 500
    assert "<html" in response.text
    assert calls == [1]
    assert not Session.objects.exists()


def test_cookies_are_written_as_django_writes_them(quick):
    from hospes.identity.web import presence
    from hospes.identity.web.quick_sign_in import cookie_line

    assert quick
    response = HttpResponse()
    now = time.time()
    presence.set_cookie(response, "__Host-a", "hs1.k1.A-b_c.D", timedelta(days=90))
    written = response.cookies.output(header="").strip()
    candidates = [
        cookie_line("__Host-a", "hs1.k1.A-b_c.D", 90 * 24 * 3600, now + later) for later in (0, 1)
    ]
    assert written in candidates
