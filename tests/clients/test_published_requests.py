"""What programs written for the published API send, over real HTTP: docs/api-compatibility.md.

Each row is one request as such a program makes it, and what it goes on with afterwards. A field
that one of them cannot do without has its type here: a change of it breaks that program.
"""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

# A program's own number of requests a minute is not what is tried here.
TOKENS = 4
SETUP = """
import json
from hospes.foundation import clock
from hospes.identity.models import Account
from support import organizations, people
from support.api_tokens import make_token

owner = people.make_account("kim@published.example", first_name="Kim", last_name="Keller")
Account.objects.filter(pk=owner.pk).update(
    recovery_email="kim@elsewhere.example", recovery_email_verified_at=clock.now(),
    recovery_phone="+41791234567", recovery_phone_verified_at=clock.now(),
)
house = organizations.own(owner)
other = people.make_account("lou@published.example", first_name="Lou", last_name="Frei")
organizations.join(house, other, "normal")
service = organizations.make_service("domain")
for number in range(3):
    name = f"published-{{number}}.example"
    organizations.make_product(house, service, f"d-{{number}}", fqdn=name)
print("made", json.dumps({{
    "account": house.pk, "owner": owner.pk, "other": other.pk, "service": service.pk,
    "product": house.products.first().pk,
    "tokens": [make_token(owner) for _ in range({tokens})],
}}))
"""
TEXT, NUMBER, TRUTH, LIST = str, int, bool, list


@dataclass(frozen=True)
class Sent:
    """A request, and the types of what is read from its answer's ``data`` (or its first item)."""

    path: str
    method: str = "GET"
    reads: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    options: dict[str, Any] = field(default_factory=dict)
    data: Any = None


def get(path: str, *, beside: dict[str, Any] | None = None, data: Any = None, **reads: Any) -> Sent:
    return Sent(path, reads=reads, beside=beside or {}, data=data)


COUNTRY = {"id": NUMBER, "name": TEXT, "short_name": TEXT, "is_enabled": TRUTH}
ZONE = {"id": NUMBER, "name": TEXT, "gmt": TEXT}
TASK_NUMBER = "00000000-0000-4000-8000-000000000000"
PAGED = {"total": NUMBER, "page": NUMBER, "pages": NUMBER, "items_per_page": NUMBER}
USER = {"id": NUMBER, "user_id": NUMBER, "display_name": TEXT, "email": TEXT, "role_type": TEXT}
PRODUCT = {
    "id": NUMBER, "account_id": NUMBER, "service_id": NUMBER, "service_name": TEXT,
    "customer_name": TEXT, "internal_name": TEXT, "created_at": NUMBER, "is_locked": TRUTH,
    "is_free": TRUTH,
}  # fmt: skip
TEAM = {"id": NUMBER, "name": TEXT, "user_count": NUMBER, "product_count": NUMBER}

READ = (
    # A typed library: each field is declared, one that is missing stops it.
    get("/1/actions", id=NUMBER, code=TEXT, description=TEXT),
    get("/1/actions?search=team", id=NUMBER, code=TEXT, description=TEXT),
    get("/1/countries", **COUNTRY),
    get(
        "/1/countries?only_enabled=true&only_enabled_exception[]=1&only_enabled_exception[]=2"
        "&search=a",
        **COUNTRY,
    ),
    get("/1/timezones?limit=3&skip=2", **ZONE),
    get("/1/timezones?page=1&per_page=4&search=zur&order_by=name&order=desc", beside=PAGED, **ZONE),
    get("/1/timezones?return=total", data=NUMBER),
    get("/1/languages", id=NUMBER, name=TEXT, short_name=TEXT, locale=TEXT, short_locale=TEXT),
    get("/1/async/tasks", data=LIST),
    get("/1/async/tasks?page=1&items=5", beside=PAGED, data=LIST),
    get("/1/timezones?page=2&items=5", beside=PAGED, **ZONE),
    # Two tools for the command line.
    get("/1/accounts", id=NUMBER, name=TEXT),
    get("/1/accounts/{account}", id=NUMBER, name=TEXT, legal_entity_type=TEXT),
    get("/1/products?account_id={account}&items_per_page=2&page=2", beside=PAGED, **PRODUCT),
    get(
        "/1/products?account_id={account}&service_name=domain&items_per_page=50&page=1",
        beside={"pages": NUMBER},
        expired_at=None,
        **PRODUCT,
    ),
    get("/1/accounts/{account}/products", **PRODUCT),
    get("/1/accounts/{account}/services", id=NUMBER, name=TEXT, count=NUMBER),
    get("/2/accounts/{account}/users", **USER),
    get(
        "/2/profile",
        id=NUMBER, firstname=TEXT, lastname=TEXT, email=TEXT, login=TEXT, created_at=NUMBER,
        display_name=TEXT,
    ),
    get("/2/profile/emails", email=TEXT, type=TEXT, is_primary=TRUTH, checked=TRUTH),
    get("/2/profile/phones", id=NUMBER, phone=TEXT, type=TEXT, checked=TRUTH, reminder=TRUTH),
    # A mobile application's beginning: who is this, and where are they.
    get(
        "/2/profile?no_avatar_default=1&with=security",
        id=NUMBER, first_name=TEXT, last_name=TEXT, email=TEXT, login=TEXT, avatar=None,
        preferences={
            "account": {"current_account_id": NUMBER},
            "security": {"score": NUMBER, "date_last_changed_password": NUMBER},
            "language": {"id": NUMBER, "short_name": TEXT, "locale": TEXT, "short_locale": TEXT},
            "timezone": {"id": NUMBER, "name": TEXT, "gmt": TEXT},
        },
    ),
    get("/1/account?with=logo&order_by=name", id=NUMBER, name=TEXT, logo=TEXT),
    get("/1/account/{account}", id=NUMBER, name=TEXT),
    # Nodes of a flow editor: everything at once, or the first fifty.
    get("/1/countries?limit=100&skip=200", **COUNTRY),
    get("/1/products?limit=100&skip=0", **PRODUCT),
    get("/2/accounts/{account}/users?per_page=100&page=1", beside=PAGED, **USER),
    get("/1/accounts/{account}/teams?per_page=50&page=1", beside=PAGED, data=LIST),
    get("/1/accounts/{account}/tags", data=LIST),
    get("/1/accounts/{account}/basic/teams", data=LIST),
    get("/1/accounts/current/products", **PRODUCT),
    get("/1/accounts/{account}/invitations/users/{other}", data=LIST),
    get("/2/accounts/{account}/users/{owner}/app_accesses", product_id=NUMBER, service_name=TEXT),
    # What a certificate's plug-in looks up first, under the older name of the address.
    get("/1/product?customer_name=published-1.example&service_name=domain", **PRODUCT),
    # A PHP library: lists as PHP writes them, several expansions in one word.
    get("/1/products?limit=2&order_by[0]=id&order_for[id]=desc", **PRODUCT),
    get("/1/accounts/{account}/teams?with=users,permissions", data=LIST),
    get("/2/profile?with[]=security,emails,phones", emails=LIST, phones=LIST, security=dict),
    # Without a version, and the health check of most of them.
    get("/profile", id=NUMBER),
    get("/1/ping", data=TEXT),
    get("/ping", data=TEXT),
)  # fmt: skip
# Parts of the published API that this installation has not: they say so, in the envelope.
ELSEWHERE = (
    Sent("/2/zones/published-1.example/exists"),
    Sent("/2/zones/published-1.example/records", "POST", options={"json": {"type": "TXT"}}),
    Sent("/1/domain/1/dns/record"),
    Sent("/2/domains/domains?account_id=1"),
    Sent("/1/mail_hostings/1/mailboxes"),
    Sent("/2/drive?account_id=1"),
    Sent("/1/tasks"),
    Sent("/3/nothing"),
)


@pytest.fixture(scope="module")
def made(running_server):
    return json.loads(running_server.python(SETUP.format(tokens=TOKENS)).split("made ")[1])


@pytest.fixture(scope="module")
def tokens(made):
    return itertools.cycle(made["tokens"])


@pytest.fixture
def send(running_server, made, tokens):
    """Return a function that sends a request as a program with its own base address does."""

    def request(sent: Sent) -> httpx.Response:
        path = re.sub(r"\{(\w+)\}", lambda found: str(made[found[1]]), sent.path)
        with httpx.Client(headers={"Authorization": f"Bearer {next(tokens)}"}) as client:
            url = f"{running_server.url}/api{path}"
            return client.request(sent.method, url, **sent.options)

    return request


def holds(told: Any, wanted: Any, place: str = "data") -> None:
    if isinstance(wanted, dict):
        for name, each in wanted.items():
            assert name in told, f"{place}.{name} is missing"
            holds(told[name], each, f"{place}.{name}")
    elif wanted is not None:
        assert type(told) is wanted, f"{place} is {told!r}"


@pytest.mark.parametrize("sent", READ, ids=lambda sent: sent.path)
def test_what_such_programs_read(sent, send):
    answer = send(sent)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["result"] == "success"
    holds(told, sent.beside, "the envelope")
    holds(told["data"], sent.data)
    if sent.reads:
        found = told["data"][0] if isinstance(told["data"], list) else told["data"]
        holds(found, sent.reads)


@pytest.mark.parametrize("sent", ELSEWHERE, ids=lambda sent: f"{sent.method} {sent.path}")
def test_what_is_not_here_says_so_in_the_envelope(sent, send):
    answer = send(sent)

    assert answer.status_code == 404
    assert answer.json()["result"] == "error"
    error = answer.json()["error"]
    assert error["code"] == "method_not_found"
    assert error["description"]
    # A program in a strict language reads every context as texts.
    assert all(isinstance(each, str) for each in error.get("context", {}).values())


def test_the_older_name_finds_what_the_newer_one_does(send):
    for older, newer in (("account", "accounts"), ("product", "products")):
        found, wanted = (send(get(f"/1/{name}")).json()["data"] for name in (older, newer))
        assert found == wanted
    (found,) = send(get("/1/product?customer_name=published-1.example")).json()["data"]
    assert found["fqdn"] == found["customer_name"] == "published-1.example"
    assert send(get("/1/product?customer_name=d-1")).json()["data"] == []


def test_pages_are_turned_by_what_the_answer_calls_their_size(send):
    first, second = (
        send(get(f"/1/products?items_per_page=2&page={page}")).json() for page in (1, 2)
    )

    assert (first["pages"], first["total"], first["items_per_page"]) == (2, 3, 2)
    assert [len(each["data"]) for each in (first, second)] == [2, 1]
    twice = send(get("/1/products?items_per_page=2&per_page=2"))
    assert twice.status_code == 422
    assert twice.json()["error"]["errors"][0]["context"]["attribute"] == "per_page"


def write(method: str, path: str, status: int, **options: Any) -> Sent:
    return Sent(path, method, status=status, options=options)


def done(send, sent: Sent) -> Any:
    answer = send(sent)
    assert answer.status_code == sent.status, answer.text
    return answer.json().get("data")


def test_a_work_team_as_it_is_published_to_be_written(send, made):
    teams = "/1/accounts/{account}/teams"
    body = {"name": "Plain", "permissions": {"services": [made["service"]]}}
    team = done(send, write("POST", teams, 201, json=body))["id"]
    one = f"{teams}/{team}"

    held = done(send, get(f"{one}?with=permissions"))["permissions"]
    assert [(each["service_id"], each["rights"]) for each in held] == [
        (made["service"], ["technical"])
    ]
    # What a flow editor sends for a field that nobody filled in takes nothing away.
    done(send, write("PATCH", one, 422, json={"permissions": {}}))
    assert len(done(send, get(f"{one}?with=permissions"))["permissions"]) == 1
    done(send, write("PATCH", one, 200, json={"permissions": {"services": []}}))
    assert done(send, get(f"{one}?with=permissions"))["permissions"] == []

    members = {"user_ids": [made["other"]]}
    assert done(send, write("POST", f"{one}/users", 200, json=members)) is True
    assert [each["id"] for each in done(send, get(f"{one}/users"))] == [made["other"]]
    assert done(send, write("DELETE", f"{one}/users", 200, json=members)) is True
    assert done(send, get(f"{one}/users")) == []
    override = {"X-HTTP-METHOD-OVERRIDE": "DELETE"}
    assert done(send, write("POST", one, 200, headers=override)) is True
    assert send(get(one)).status_code == 404


def test_a_service_that_is_not_there_gives_a_team_nothing(send, made):
    teams = "/1/accounts/{account}/teams"
    for permissions in ({"services": [made["service"] + 1000]}, {"services": "all"}, {"any": 1}):
        body = {"name": "Nobody", "permissions": permissions}
        assert send(write("POST", teams, 422, json=body)).status_code == 422
    assert "Nobody" not in [each["name"] for each in done(send, get(teams))]


def test_an_invitation_as_it_is_published_to_be_changed(send, made):
    body = {
        "email": "nora@published.example", "first_name": "Nora", "last_name": "Muster",
        "locale": "de_DE", "role_type": "normal", "silent": True, "strict": False,
        "notifications": {"billing": False, "products": True}, "permissions": {"billing": False},
    }  # fmt: skip
    invitations = "/1/accounts/{account}/invitations"
    invited = done(send, write("POST", invitations, 201, json=body))
    assert (invited["language_id"], invited["status"]) == (3, "pending")
    one = f"{invitations}/{invited['id']}"

    def given(**reach: Any) -> list[tuple[Any, Any, list[str]]]:
        body = {"permissions": [{**reach, "types": ["technical", "statistic"]}]}
        done(send, write("PATCH", one, 200, json=body))
        held = done(send, get(f"{one}?with=permissions,teams"))
        assert held["teams"] == []
        return [
            (each["service_id"], each["product_id"], each["rights"]) for each in held["permissions"]
        ]

    rights = ["technical", "statistic"]
    both = {"service_id": made["service"], "product_id": made["product"]}
    assert given(**both, apply_to_all=True) == [(made["service"], None, rights)]
    assert given(**both, apply_to_all=False) == [(None, made["product"], rights)]
    service, product = ({name: number} for name, number in both.items())
    for unclear in (
        both,
        {**service, "apply_to_all": False},
        {**product, "apply_to_all": True},
        {"apply_to_all": True},
    ):
        refused = {"permissions": [{**unclear, "types": rights}]}
        assert send(write("PATCH", one, 422, json=refused)).status_code == 422
    held = done(send, get(f"{one}?with=permissions"))["permissions"]
    assert [each["product_id"] for each in held] == [made["product"]]
    assert done(send, write("DELETE", one, 200)) is True


def test_a_profile_sent_as_a_form(send):
    # PHP's own way: every field of an array becomes a part of a form.
    parts = {"firstname": (None, "Kimberly"), "lastname": (None, "Keller")}
    assert done(send, write("PATCH", "/2/profile", 200, files=parts))["first_name"] == "Kimberly"
    done(send, write("POST", "/2/profile?_method=PATCH", 200, data={"firstname": "Kim"}))
    assert done(send, get("/2/profile"))["firstname"] == "Kim"
