from __future__ import annotations

import json

import pytest

_MAKE = """
from support.people import make_account
from support.organizations import make_organization
from support.api_tokens import make_token
import json, uuid
made = []
for _ in range(40):
    owner = make_account(f"{uuid.uuid4()}@client.example", first_name="Lea", last_name="Haus")
    house = make_organization(owner, "Haus AG")
    made.append({"token": make_token(owner), "account": house.pk})
print(json.dumps(made))
"""


@pytest.fixture(scope="session")
def owners(running_server):
    """Return accounts of a running server; each has a limit of its own."""
    return json.loads(running_server.python(_MAKE).splitlines()[-1])


@pytest.fixture
def owner(owners):
    """Return an account of a running server: its token and its organization's number."""
    return owners.pop()


@pytest.fixture
def client(running_server, owner):
    from hospes.client import Client

    with Client(running_server.url, owner["token"]) as found:
        yield found
