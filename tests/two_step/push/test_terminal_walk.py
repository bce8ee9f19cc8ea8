"""The terminal walks the table of ``browser/test_authenticator_walk.py``, refusals included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.people import PASSWORD
from support.server import Server
from support.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.site import Site

NEWEST = (
    "SELECT c.state, c.answered_by_id FROM identity_challenge c JOIN identity_account a"
    " ON a.id = c.account_id WHERE a.email = ? ORDER BY c.id DESC LIMIT 1"
)
PHONES = (
    "SELECT count(*) FROM identity_authenticator p JOIN identity_method m ON m.id = p.method_id"
    " JOIN identity_account a ON a.id = m.account_id WHERE a.email = ?"
)


def newest(terminal: Terminal) -> tuple[str, int | None]:
    state, phone = terminal.server.rows(NEWEST, terminal.email)[0]
    return state, phone


def is_in(site: Site) -> bool:
    return site.get("/settings/login").status_code == 200


@pytest.fixture(scope="module")
def running_server() -> Iterator[Server]:
    """Return a server of this file's own: how often one network links phones is limited."""
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def second(linked: Terminal, tmp_path: Path) -> Terminal:
    """Return another terminal, linked to the same account."""
    other = Terminal(linked.server, tmp_path / "second", linked.email)
    (tmp_path / "second").mkdir()
    token = linked.server.python(
        "from hospes.identity.models import *; from hospes.identity.services.two_step import links;"
        "from hospes.kit.origin import SYSTEM;"
        f"account = Account.objects.get(email={linked.email!r});"
        "print(links.begin(account, browser=None, origin=SYSTEM).token)"
    ).split()[-1]
    address = f"{linked.server.url}/authenticator/#link={token}"
    done = other.run("link", address, "--yes")
    assert done.returncode == 0, done.stderr
    third = Terminal(linked.server, tmp_path / "third", linked.email)
    (tmp_path / "third").mkdir()
    before = linked.server.rows(PHONES, linked.email)
    again = third.run("link", address, "--yes")
    assert again.returncode == 1
    assert "used by another device" in again.stderr
    assert json.loads(third.file.read_text())["accounts"] == []
    assert linked.server.rows(PHONES, linked.email) == before
    return other


def test_a_code_opens_the_door_once(linked: Terminal) -> None:
    code = linked.run("code").stdout.strip()
    for opens in (True, False):
        site = linked.sign_in()
        site.get("/sign-in/verify?way=code")
        site.submit({"code": code}, action="code", follow=True)
        assert is_in(site) is opens


def test_a_request_runs_out_while_it_is_read(linked: Terminal) -> None:
    site = linked.sign_in()
    number = linked.number(site)
    with linked.asked_for("Number shown in the browser", "approve") as answer:
        linked.server.python(
            "from datetime import timedelta; from hospes.foundation import clock;"
            "from hospes.identity.models import Challenge;"
            f"Challenge.objects.filter(account__email={linked.email!r})"
            ".update(expires_at=clock.now() - timedelta(seconds=1))"
        )
        done = answer(number)

    assert done.returncode == 1
    assert "The request has run out." in done.stderr
    assert newest(linked) == ("open", None)
    assert not is_in(site)


def test_two_terminals_answer_and_the_later_is_told_so(linked: Terminal, second: Terminal) -> None:
    site = linked.sign_in()
    number = linked.number(site)
    with linked.asked_for("Number shown in the browser", "approve") as answer:
        done = second.run("approve", "--number", number)
        assert done.returncode == 0, done.stderr
        won = newest(linked)
        late = answer(number)

    assert late.returncode == 1
    assert "answered before" in late.stderr
    assert newest(linked) == won
    assert won[0] == "approved"
    site.post("/sign-in/verify/push", follow=True)
    assert is_in(site)


def test_a_key_that_is_not_the_linked_one_answers_nothing(linked: Terminal) -> None:
    kept = json.loads(linked.file.read_text())
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    name = next(k for k, v in kept["accounts"][0].items() if "PRIVATE KEY" in str(v))
    kept["accounts"][0][name] = pem.decode()
    linked.file.write_text(json.dumps(kept))
    site = linked.sign_in()

    done = linked.run("approve", "--number", linked.number(site))

    assert done.returncode == 1
    assert "another key for this device" in done.stderr
    assert newest(linked) == ("open", None)
    assert not is_in(site)


def test_a_terminal_removed_on_the_web_is_told(linked: Terminal, second: Terminal) -> None:
    site = linked.sign_in()
    done = linked.run("approve", "--number", linked.number(site))
    assert done.returncode == 0, done.stderr
    site.post("/sign-in/verify/push", follow=True)
    site.get("/settings/two-step")
    first = next(a.href for a in site.page.links if a.href.endswith("/remove"))
    site.get(first)
    site.submit({"password": PASSWORD}, button="Remove", follow=True)

    told = [terminal.run("list") for terminal in (linked, second)]

    assert sorted("removed from the account" in each.stdout + each.stderr for each in told) == [
        False,
        True,
    ]
