"""A server that is killed in the middle of a task does the rest of it after its next start."""

from __future__ import annotations

import json

import pytest

from hospes.client import Client
from support import run
from support.server import Server

pytestmark = [pytest.mark.crash, pytest.mark.timeout(120)]

PEOPLE = 40
_MAKE = """
from support.people import make_account
from support.organizations import make_organization
from support.api_tokens import make_token
import json
owner = make_account("owner@house.example")
print(json.dumps([make_token(owner), make_organization(owner, "Haus AG").pk]))
"""


def test_everybody_is_invited_once():
    server = Server()
    server.start()
    try:
        token, account = json.loads(server.python(_MAKE).splitlines()[-1])
        people = [
            {
                "email": f"p{number}@books.example",
                "first_name": "Nora",
                "last_name": "Whitfield",
                "locale": "en_GB",
                "role_type": "normal",
            }
            for number in range(PEOPLE)
        ]
        with Client(server.url, token) as client:
            path = f"/1/accounts/{account}/invitations/bulk"
            task = client.post(path, {"invitations": people})
            run.wait_until(lambda: _invited(server) > 0, "the first invitation")
            server.kill()
            # Else the kill came too late to tell anything.
            assert _invited(server) < PEOPLE
            assert server.rows("SELECT status FROM api_task") != [("executed",)]

            server.start()
            outcome = client.wait(task, timeout=60)
        assert (outcome["invited"], outcome["refused"]) == (PEOPLE, 0)
        assert _invited(server) == PEOPLE
    finally:
        server.kill()


def _invited(server: Server) -> int:
    return int(server.rows("SELECT count(*) FROM organizations_invitation")[0][0])
