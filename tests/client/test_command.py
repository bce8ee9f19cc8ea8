"""``hospes api``."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hospes.config.cli import parser


@pytest.fixture
def hospes(running_server, owner, tmp_path):
    """Return a function that runs the command as somebody with a token, on another machine."""

    def run(*arguments, stdin="", **variables):
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "hospes", "api", *arguments],
            env={
                **kept,
                "HOSPES_DATA_DIR": str(tmp_path / "none"),
                "HOSPES_API_URL": running_server.url,
                "HOSPES_API_TOKEN": owner["token"],
                **variables,
            },
            input=stdin,
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def told(result):
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return json.loads(result.stdout)


def test_a_list_is_printed_whole(hospes):
    every = told(hospes("get", "/1/countries", "--all", "-F", "limit=100", "-F", "order_by=id"))

    assert len(every) == told(hospes("GET", "1/countries", "-F", "return=total"))
    assert every == sorted(every, key=lambda each: each["id"])
    assert told(hospes("GET", "/1/async/tasks", "--all")) == []
    envelope = told(hospes("GET", "/1/languages", "-F", "per_page=2", "--envelope"))
    assert (envelope["total"], len(envelope["data"])) == (5, 2)


def test_fields_make_a_body(hospes, owner):
    path = f"/1/accounts/{owner['account']}/tags"
    made = told(hospes("POST", path, "-F", "name=Press", "-F", "color_id=2"))

    assert (made["name"], made["color_id"]) == ("Press", 2)
    body = json.dumps({"name": "Nouveautés"})
    changed = told(hospes("PATCH", f"{path}/{made['id']}", "--json", "-", stdin=body))
    assert changed["name"] == "Nouveautés"
    assert told(hospes("DELETE", f"{path}/{made['id']}")) is True


def test_many_are_invited_and_waited_for(hospes, owner, tmp_path):
    people = [
        {
            "email": f"p{number}@books.example",
            "first_name": "Nora",
            "last_name": "Whitfield",
            "locale": "en_GB",
            "role_type": "normal",
        }
        for number in range(3)
    ]
    file = tmp_path / "people.json"
    file.write_text(json.dumps({"invitations": people}))
    path = f"/1/accounts/{owner['account']}/invitations"

    outcome = told(hospes("POST", f"{path}/bulk", "--json", str(file), "--wait"))

    assert outcome["invited"] == 3
    waiting = told(hospes("GET", path, "-F", "filter[status]=pending"))
    assert len(waiting) == 3


def test_a_dry_run_changes_nothing(hospes):
    answer = told(hospes("PATCH", "/2/profile", "-F", "firstname=Nora", "-q", "dry_run=true"))

    assert answer["firstname"] == "Nora"
    assert told(hospes("GET", "/2/profile"))["firstname"] == "Lea"


def test_the_token_is_read_from_a_file(hospes, owner, tmp_path):
    file = tmp_path / "token"
    file.write_text(f"{owner['token']}\n")

    answer = hospes("GET", "/1/languages/1", "--token-file", str(file), HOSPES_API_TOKEN="")
    assert told(answer)["id"] == 1
    none = hospes("GET", "/1/languages/1", "--token-file", str(tmp_path / "x"))
    assert none.returncode == 2


def test_refusals_go_to_standard_error_with_every_fault(hospes, owner):
    answer = hospes("POST", f"/1/accounts/{owner['account']}/invitations", "-F", "role_type=king")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("hospes: validation_failed: ")
    assert "email: This has to be sent." in answer.stderr
    assert "Accepted: owner" in answer.stderr
    assert owner["token"] not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "code"),
    [
        (["GET", "/1/accounts/999999"], {}, 5),
        (["GET", "/1/nothing"], {}, 5),
        (["GET", "/1/accounts"], {"HOSPES_API_TOKEN": "wrong"}, 4),
        (["GET", "/1/accounts"], {"HOSPES_API_TOKEN": ""}, 2),
        (["GET", "/1/accounts"], {"HOSPES_API_URL": ""}, 2),
        (["GET", "/1/accounts"], {"HOSPES_API_URL": "http://my.provider.example"}, 2),
        (["GET", "/1/accounts", "--patience", "0"], {"HOSPES_API_URL": "http://127.0.0.1:9"}, 7),
        (["GET", "/1/accounts?page=2"], {}, 2),
        (["GET", "/1/accounts", "-F", "page"], {}, 2),
        (["GET", "/1/accounts", "-F", "page=1", "-F", "page=2"], {}, 2),
        (["GET", "/1/accounts", "--json", "-"], {}, 2),
        (["POST", "/1/accounts", "--all"], {}, 2),
        (["POST", "/1/accounts", "--json", "/nowhere.json"], {}, 2),
        (["POST", "/1/accounts", "-F", "a=1", "-F", "a[b]=1"], {}, 2),
        (["FETCH", "/1/accounts"], {}, 2),
    ],
)
def test_exit_codes_tell_what_went_wrong(hospes, arguments, variables, code):
    answer = hospes(*arguments, **variables)

    assert (answer.returncode, answer.stdout) == (code, ""), answer.stderr
    assert answer.stderr
    assert "Traceback" not in answer.stderr


def test_whoever_reads_may_stop(running_server, owner):
    command = f"{sys.executable} -m hospes api GET /1/countries --all | head -c 20"
    answer = subprocess.run(
        ["/bin/sh", "-c", command],
        env={
            **os.environ,
            "HOSPES_API_URL": running_server.url,
            "HOSPES_API_TOKEN": owner["token"],
        },
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.stdout.startswith("[\n")
    assert answer.stderr == ""


def test_no_option_takes_a_token(capsys):
    with pytest.raises(SystemExit):
        parser.parse(["api", "GET", "/1/accounts", "--token", "x"])
    assert "unrecognized" in capsys.readouterr().err


def test_help_has_examples_and_exit_codes(capsys):
    with pytest.raises(SystemExit):
        parser.parse(["api", "--help"])
    told = capsys.readouterr().out
    assert "hospes api GET /1/accounts --all" in told
    assert "Exit code 0" in told
    assert "HOSPES_API_TOKEN" in told
