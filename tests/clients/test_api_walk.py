"""A client developer's first hour, over real HTTP and from the documentation alone."""

from __future__ import annotations

import re
import time
import uuid

import httpx
import pytest

from hospes.foundation import numbers
from support import two_step
from support.people import PASSWORD
from support.site import Site

SCOPES = ["accounts:read", "accounts:write", "products:read", "products:write", "profile:read"]
SETUP = """
from support import organizations, people
owner = people.make_account({email!r}, first_name="Mara", last_name="Keller")
organization = organizations.own(owner)
product = organizations.make_product(organization, organizations.make_service("web-hosting"), "h-1")
print("made", organization.pk, product.pk)
"""


@pytest.fixture
def walk(running_server):
    """Return a client with a token made on its page, the organization and its product."""
    email = f"walk.{uuid.uuid4().hex[:8]}@client.example"
    made = running_server.python(SETUP.format(email=email)).split("made ")[1].split()
    site = Site(server=running_server.url)
    two_step.enter(site, email, follow=True)
    site.get("/settings/tokens/new")
    site.submit(
        {"name": "My program", "password": PASSWORD, "scopes": SCOPES}, button="Create token"
    )
    token = re.search(r"hsp_pat_[0-9A-Za-z]{36}", site.response.text)[0]
    client = httpx.Client(
        base_url=f"{running_server.url}/api", headers={"Authorization": f"Bearer {token}"}
    )
    yield client, int(made[0]), int(made[1])
    client.close()


def told(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.json()["data"]


def test_a_first_hour(walk):
    client, account, product = walk
    here = f"/1/accounts/{account}"
    assert told(client.get("/ping")) == "pong"
    assert [each["id"] for each in told(client.get("/1/accounts"))] == [account]

    # Three people are invited.
    for name in ("nora", "jonas", "giulia"):
        body = {
            "email": f"{name}.{account}@people.example",
            "first_name": name.title(),
            "last_name": "Muster",
            "locale": "en_GB",
            "role_type": "normal",
            "silent": True,
        }
        made = told(client.post(f"{here}/invitations", json=body), 201)
        assert made["url_accept"].startswith("http")
    # A team is made, and a product granted to it.
    team = told(client.post(f"{here}/teams", json={"name": "Web"}), 201)
    wanted = {"permissions": [{"product_id": product, "rights": ["technical"]}]}
    told(client.patch(f"{here}/teams/{team['id']}", json=wanted))
    told(client.post(f"{here}/teams/{team['id']}/users", json={"user_ids": [_me(client)]}))

    # It is read back with every word of the query.
    def read(path, **query):
        return client.get(path, params=query)

    found = told(read(f"{here}/teams", **{"with": "permissions,users"}))
    assert found[0]["permissions"][0]["product_id"] == product
    assert [each["id"] for each in found[0]["users"]] == [_me(client)]
    invitations = f"{here}/invitations"
    page = read(invitations, page=2, per_page=2).json()
    assert (page["total"], page["pages"], len(page["data"])) == (3, 2, 1)
    assert len(told(read(invitations, limit=2, skip=2))) == 1
    assert told(read(invitations, **{"return": "total"})) == 3
    emails = [each["email"] for each in told(read(invitations, order_by="email", order="desc"))]
    assert emails == sorted(emails, reverse=True)
    again = told(read(invitations, **{"order_for[email]": "asc"}))
    assert [each["email"] for each in again] == emails[::-1]
    assert len(told(read(invitations, search="jonas"))) == 1
    assert len(told(read(invitations, **{"filter[status]": "pending"}))) == 3
    first = read(invitations, cursor="", limit=2)
    if first.status_code == 200:
        assert len(first.json()["data"]) == 2
    # What is there already is not changed, and says so.
    same = client.patch(f"{here}/teams/{team['id']}", json={"name": "Web"})
    assert same.json()["error"]["code"] == "nothing_changed"
    assert client.post(f"{here}/teams/{team['id']}?_method=DELETE", json={}).status_code == 200


WINDOW = """
from hospes.foundation import clock
from hospes.foundation.models import NumberSetting
NumberSetting.objects.filter(key="api.requests_window_seconds").delete()
if {seconds}:
    NumberSetting.objects.create(
        key="api.requests_window_seconds", value={seconds}, updated_at=clock.now()
    )
"""


@pytest.fixture
def short_window(running_server):
    """Count the requests of eight seconds, so that nobody waits a minute for the next one."""
    running_server.python(WINDOW.format(seconds=8))
    time.sleep(numbers.CACHE_SECONDS + 0.2)
    yield
    running_server.python(WINDOW.format(seconds=0))


@pytest.mark.usefixtures("short_window")
def test_the_limit_is_met_and_got_over(walk):
    client, _account, _product = walk
    answers = [client.get("/1/ping") for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers[:2]] == ["59", "58"]
    last = answers[60]
    assert (last.status_code, last.json()["error"]["code"]) == (429, "too_many_request")
    wait = int(last.headers["retry-after"])
    assert 0 < wait <= 8
    time.sleep(wait + 0.1)
    assert client.get("/1/ping").status_code == 200


def _me(client):
    return told(client.get("/2/profile"))["id"]
