"""``hospes authenticator`` against a real server, as its user runs it: own process, own file."""

from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from hospes.config.cli import phone_api
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    from pathlib import Path

    from support.terminal import Terminal


def test_link_approve_and_show_codes(terminal: Terminal) -> None:
    code = terminal.shown_code()
    done = terminal.run(
        "link", code.lower(), "--at", terminal.server.url, "--yes", "--name", "Desk"
    )
    assert done.returncode == 0, done.stderr
    assert "Account:  Mara Keller (m…@provider.example) at Alpenhost" in done.stdout
    assert "Linked as 'Desk'" in done.stdout
    assert len(re.findall(r"^  \S+$", done.stdout, re.MULTILINE)) == 10
    assert stat.S_IMODE(terminal.file.stat().st_mode) == 0o600
    (entry,) = json.loads(terminal.file.read_text())["accounts"]
    for secret in (entry["token"], entry["secret"], "PRIVATE KEY"):
        assert secret not in done.stdout

    again = terminal.run("link", code, "--at", terminal.server.url, "--yes")
    assert again.returncode == 1
    assert "used by another device" in again.stderr
    assert len(json.loads(terminal.file.read_text())["accounts"]) == 1

    assert "No request." in terminal.run("list").stdout
    site = terminal.sign_in()
    assert site.url == "/sign-in/verify"
    listed = terminal.run("list").stdout
    assert "Firefox on Linux" in listed
    number = terminal.number(site)
    wrong = terminal.run("approve", "--number", "11" if number != "11" else "12")
    assert wrong.returncode == 1
    assert "1 more can be tried" in wrong.stderr
    done = terminal.run("approve", "--number", number)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Approved.")
    site.post("/sign-in/verify/push", follow=True)
    site.get("/settings/login")
    assert site.response is not None
    assert site.response.status_code == 200

    site = terminal.sign_in()
    shown = terminal.run("code")
    assert re.fullmatch(r"\d{6}\n", shown.stdout)
    site.get("/sign-in/verify?way=code")
    site.submit({"code": shown.stdout.strip()}, action="code", follow=True)
    site.get("/settings/login")
    assert site.response.status_code == 200


def test_refuse(linked: Terminal) -> None:
    nothing = linked.run("refuse")
    assert nothing.returncode == 1
    assert "is not asked anything" in nothing.stderr
    site = linked.sign_in()
    done = linked.run("refuse")
    assert done.returncode == 0, done.stderr
    assert "set a new password" in done.stdout
    site.get("/sign-in/verify?way=authenticator")
    assert "refused on the phone" in site.page.text
    late = linked.run("approve", "--number", "11")
    assert late.returncode == 1


REGISTER = """
from hospes.connect.domain.registration import Draft
from hospes.connect.models import Consent
from hospes.connect.services.applications import RegisterApplication, register_application
from hospes.identity.models import Account
from hospes.kit.origin import SYSTEM
from hospes.organizations.models import Organization
account = Account.objects.get(email={email!r})
organization = Organization.objects.create(
    public_id=account.public_id, name="Mara", created_at=account.created_at
)
draft = Draft(
    type="web", name="Flower shop", redirect_uris=("https://shop.example/cb",),
    backchannel_mode="poll",
)
made = register_application(
    RegisterApplication(draft, account.public_id), organization=organization,
    acting_account=account, origin=SYSTEM,
)
Consent.objects.create(
    account=account, application=made.application, scope="email openid", granted_at=1
)
print(made.application.client_id, made.secret)
"""


def test_an_application_asks_and_the_terminal_answers(linked: Terminal) -> None:
    """CIBA over the public interfaces alone: a till, a server, a terminal for a phone."""
    printed = linked.server.python(REGISTER.format(email=linked.email))
    client_id, secret = printed.splitlines()[-1].split()
    till = {"client_id": client_id, "client_secret": secret}

    def ask() -> dict[str, str]:
        question = {"scope": "openid", "login_hint": linked.email, "binding_message": "Till 7"}
        answer = httpx.post(
            f"{linked.server.url}/oauth2/backchannel-authenticate", data=till | question
        )
        assert answer.status_code == 200, answer.text
        grant = "urn:openid:params:grant-type:ciba"
        return till | {"grant_type": grant, "auth_req_id": answer.json()["auth_req_id"]}

    fetch = ask()
    waiting = httpx.post(f"{linked.server.url}/token", data=fetch)
    assert waiting.json()["error"] == "authorization_pending"
    listed = linked.run("list").stdout
    assert "An application asks:" in listed
    assert re.search(r"by +Flower shop", listed)
    assert re.search(r"message +Till 7", listed)
    done = linked.run("approve")
    assert done.returncode == 1
    assert "--yes" in done.stderr
    done = linked.run("approve", "--yes")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Approved."), done.stderr
    assert "id_token" in httpx.post(f"{linked.server.url}/token", data=fetch).json()

    fetch = ask()
    done = linked.run("refuse")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Refused.")
    refused = httpx.post(f"{linked.server.url}/token", data=fetch)
    assert refused.json()["error"] == "access_denied"


def test_without_a_terminal_nothing_is_guessed(linked: Terminal) -> None:
    linked.sign_in()
    done = linked.run("approve")
    assert done.returncode == 1
    assert "--number" in done.stderr
    code = "00000-00000"
    asked = linked.run("link", code, "--at", linked.server.url)
    assert asked.returncode == 1
    assert "no such code" in asked.stderr


def test_a_file_that_others_may_read_is_not_used(linked: Terminal) -> None:
    linked.file.chmod(0o640)
    for action in ("list", "approve", "refuse", "code"):
        done = linked.run(action)
        assert done.returncode == 1
        assert f"chmod 600 {linked.file}" in done.stderr


@pytest.mark.parametrize("content", ["", "[]", '{"version": 2, "accounts": []}', '{"version": 1}'])
def test_a_damaged_file_is_told_plainly(terminal: Terminal, content: str) -> None:
    terminal.file.parent.mkdir(parents=True)
    terminal.file.write_text(content)
    terminal.file.chmod(0o600)
    done = terminal.run("code")
    assert done.returncode == 1
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr
    assert terminal.file.read_text() == content


def test_no_account_no_provider(terminal: Terminal) -> None:
    assert "No account is linked." in terminal.run("list").stdout
    assert "link` first" in terminal.run("code").stderr
    silent = terminal.run("link", "00000-00000", "--at", "http://127.0.0.1:9", "--yes")
    assert silent.returncode == 1
    assert "does not answer" in silent.stderr
    assert "--at" in terminal.run("link", "00000-00000").stderr
    assert "no invitation" in terminal.run("link", "https://x.example/authenticator/").stderr


@pytest.mark.parametrize(
    "address",
    ["http://my.provider.example", "ftp://127.0.0.1", "my.provider.example", "https://", "http://[::1",
     "https://user@my.provider.example", "https://my.provider.example:99999"],
)  # fmt: skip
def test_an_address_that_is_no_providers(address: str) -> None:
    with pytest.raises(CommandFault, match="no address of a provider"):
        phone_api.issuer_of(address)


def test_the_address_is_taken_without_path_and_in_lower_case() -> None:
    given = "https://My.Provider.example/authenticator/#link=abc"
    assert phone_api.issuer_of(given) == "https://my.provider.example"
    assert phone_api.issuer_of("http://127.0.0.1:8000/x") == "http://127.0.0.1:8000"


def test_a_provider_that_calls_itself_otherwise_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hospes.config.cli import main

    asked: list[str] = []

    def call(_issuer: str, _method: str, path: str, **_values: Any) -> Any:
        asked.append(path)
        account = {"name": "A\x1b[2J", "email": "a…@x.example"}
        return {"account": account, "provider": {"name": "P", "issuer": "https://evil.example"}}

    monkeypatch.setattr(phone_api, "call", call)
    arguments = ["authenticator", "link", "00000-00000", "--at", "https://p.example", "--yes"]
    assert main([*arguments, "--file", str(tmp_path / "keys.json")]) == 1
    told = capsys.readouterr()
    assert "says that it is https://evil.example" in told.err
    assert "\x1b" not in told.out + told.err
    assert asked == ["2fa/link/preview"]
