"""The command ``hospes``: help, plain words for faults, staff, keys, doctor."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys

import pytest

from hospes.config.cli import faults, main, parser
from support import mmdb
from support.server import Server

COMMANDS = [
    ["serve"],
    ["worker"],
    ["migrate"],
    ["makemigrations"],
    ["demo"],
    ["demo-client"],
    ["staff", "create"],
    ["keys", "rotate"],
    ["token", "inspect"],
    ["api"],
    ["authenticator", "link"],
    ["authenticator", "list"],
    ["authenticator", "approve"],
    ["authenticator", "refuse"],
    ["authenticator", "code"],
    ["doctor"],
    ["status", "open"],
    ["status", "update"],
    ["status", "list"],
]
GOOD_PASSWORD = "gravel lantern orchestra 58"


def hospes(tmp_path, *arguments, stdin="", **variables):
    """Run the command as an operator does, in an installation of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "hospes", *arguments],
        env={**kept, "HOSPES_DATA_DIR": str(tmp_path / "data"), **variables},
        input=stdin,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def terminal(monkeypatch):
    """Return a function that runs the command within this process, on the tests' database."""

    def run(*arguments, stdin=""):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        return main(arguments)

    return run


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        parser.parse([*command, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "examples:" in told
    assert " ".join(["hospes", *command]) in told


def test_help_lists_every_command_and_the_variables(capsys):
    with pytest.raises(SystemExit):
        main(["help"])
    told = capsys.readouterr().out
    for command in COMMANDS:
        assert command[0] in told
    assert "HOSPES_BASE_URL" in told


@pytest.mark.parametrize(
    "arguments", [[], ["unknown"], ["serve", "--port", "0"], ["serve", "--workers", "many"]]
)
def test_a_command_line_that_cannot_be_read_shows_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: hospes" in capsys.readouterr().err


def test_a_wrong_variable_is_told_without_a_traceback(tmp_path):
    result = hospes(tmp_path, "migrate", HOSPES_BASE_URL="nonsense", REDIS_URL="nonsense")
    assert result.returncode == faults.EXIT_CONFIGURATION
    assert "HOSPES_BASE_URL" in result.stderr
    assert "REDIS_URL" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_that_does_not_answer_is_told_without_a_traceback(tmp_path):
    result = hospes(tmp_path, "migrate", DATABASE_URL="postgresql://hospes@127.0.0.1:1/hospes")
    assert result.returncode == 1
    assert "The database does not answer" in result.stderr
    assert "Traceback" not in result.stderr


def test_migrate_brings_a_new_database_up_to_date(tmp_path):
    before = hospes(tmp_path, "migrate", "--check")
    assert before.returncode == 1
    assert "identity.0001_initial" in before.stdout
    assert hospes(tmp_path, "migrate").returncode == 0
    after = hospes(tmp_path, "migrate", "--check")
    assert after.returncode == 0
    assert "up to date" in after.stdout


def test_nobody_else_on_the_machine_reads_what_is_made(tmp_path):
    """The folder may be there already, open to all; the database in it must not be."""
    tmp_path.chmod(0o755)
    assert hospes(tmp_path, "migrate").returncode == 0
    made = [path for path in tmp_path.rglob("*") if path.name != "server.log"]
    assert "hospes.sqlite3" in {path.name for path in made}
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_a_member_of_the_staff_is_made_with_a_password_from_standard_input(terminal, capsys):
    from hospes.identity.models import Account

    arguments = ["staff", "create", "--email", "Anna@Provider.example", "--name", "Anna Keller"]
    assert terminal(*arguments, stdin=f"{GOOD_PASSWORD}\n") == 0
    account = Account.objects.get()
    assert account.email == "anna@provider.example"
    assert account.is_staff
    assert account.email_verified_at is not None
    assert GOOD_PASSWORD not in capsys.readouterr().out


def test_a_staff_account_signs_in_and_reaches_the_staff_pages(terminal, site):
    arguments = ["staff", "create", "--email", "anna@provider.example", "--name", "Anna Keller"]
    assert terminal(*arguments, stdin=f"{GOOD_PASSWORD}\n") == 0
    site.get("/sign-in")
    site.submit({"email": "anna@provider.example", "password": GOOD_PASSWORD}, follow=True)
    assert site.cookie("browser")


def test_every_fault_of_a_staff_account_is_told_at_once_and_nothing_is_made(terminal, capsys):
    from hospes.identity.models import Account

    code = terminal(
        "staff", "create", "--email", "anna", "--name", "Anna", "--language", "xx", stdin="short\n"
    )
    assert code == 1
    told = capsys.readouterr().err
    assert "--email" in told
    assert "--name" in told
    assert "--language" in told
    assert "12 are needed" in told
    assert not Account.objects.exists()


def test_a_second_staff_account_with_the_address_is_refused(terminal, make_account, capsys):
    from hospes.identity.models import Account

    make_account(email="anna@provider.example")
    code = terminal(
        *("staff", "create", "--email", "anna@provider.example", "--name", "Anna Keller"),
        stdin=f"{GOOD_PASSWORD}\n",
    )
    assert code == 1
    assert "exists already" in capsys.readouterr().err
    assert Account.objects.count() == 1


def test_doctor_finds_a_new_installation_well_but_for_mail(tmp_path):
    hospes(tmp_path, "migrate")
    result = hospes(tmp_path, "doctor")
    assert result.returncode == 1
    assert "HOSPES_MAIL_URL" in result.stdout
    assert "1 to mend" in result.stdout
    assert hospes(tmp_path, "doctor", HOSPES_DEVELOPMENT="1").returncode == 0


def test_doctor_beside_a_demo_does_not_say_that_nobody_can_sign_up(tmp_path):
    assert hospes(tmp_path, "demo").returncode == 0
    result = hospes(tmp_path, "doctor")
    assert result.returncode == 0, result.stdout
    assert "/dev/mailbox" in result.stdout
    assert "nobody can sign up" not in result.stdout


def test_doctor_tells_what_to_do_for_each_thing(tmp_path):
    hospes(tmp_path, "migrate")
    (tmp_path / "data" / "keys.json").chmod(0o644)
    (tmp_path / "data").chmod(0o755)
    result = hospes(
        tmp_path,
        "doctor",
        HOSPES_BASE_URL="https://my.provider.example",
        HOSPES_DEVELOPMENT="1",
        HOSPES_TRUSTED_PROXIES="0.0.0.0/0",
        REDIS_URL="redis://127.0.0.1:1",
    )
    assert result.returncode == 1
    assert f"chmod 600 {tmp_path}/data/keys.json" in result.stdout
    assert f"chmod 700 {tmp_path}/data" in result.stdout
    assert "Unset HOSPES_DEVELOPMENT" in result.stdout
    assert "trusts everybody" in result.stdout
    assert "Redis does not answer" in result.stdout
    assert result.stderr == ""


def test_doctor_looks_at_the_sms_gateways(tmp_path):
    hospes(tmp_path, "migrate")
    shown = {"HOSPES_DEVELOPMENT": "1"}
    assert "/dev/mailbox" in hospes(tmp_path, "doctor", **shown).stdout.partition("SMS")[2]
    assert "codes by SMS are not offered" in hospes(tmp_path, "doctor").stdout
    urls = "json://secret-key@a.example/{to} no-such-service://secret-key/{to}"
    result = hospes(tmp_path, "doctor", **shown, HOSPES_SMS_URLS=urls)
    assert result.returncode == 1
    assert "1 of 2 addresses in HOSPES_SMS_URLS cannot be read" in result.stdout
    assert "secret-key" not in result.stdout + result.stderr
    result = hospes(tmp_path, "doctor", **shown, HOSPES_SMS_URLS="json://a.example/{to}")
    assert (result.returncode, "gateways: 1" in result.stdout) == (0, True)


ADD_NUMBER = """
from support import people, two_step
two_step.add_method(people.make_account(), kind="sms", phone="+41791234567")
"""


def test_doctor_finds_people_whose_codes_by_sms_cannot_leave():
    server = Server()
    production = {"HOSPES_DEVELOPMENT": "0", "HOSPES_MAIL_URL": "smtp://127.0.0.1:1"}

    def looked(**variables):
        server.variables = variables
        return server.command("doctor").stdout

    assert "but are a second step of customers" not in looked(**production)
    server.variables = {}
    server.python(ADD_NUMBER)
    assert "but are a second step of customers" not in looked()
    assert "but are a second step of customers: 1" in looked(**production)
    gateway = {**production, "HOSPES_SMS_URLS": "json://127.0.0.1:1/{to}"}
    assert "but are a second step of customers" not in looked(**gateway)


def test_doctor_looks_at_the_file_of_places(tmp_path):
    hospes(tmp_path, "migrate")
    path = tmp_path / "places.mmdb"
    place = {"country": {"names": {"en": "France"}}}
    path.write_bytes(mmdb.build({"198.51.100.0/24": place}))
    variables = {"HOSPES_DEVELOPMENT": "1", "HOSPES_GEOIP_FILE": str(path)}
    result = hospes(tmp_path, "doctor", **variables)
    assert result.returncode == 0
    assert "Hospes-Test-City of 2027-01-15" in result.stdout
    path.write_bytes(b"something else")
    result = hospes(tmp_path, "doctor", **variables)
    assert result.returncode == 1
    assert "cannot be read" in result.stdout
    result = hospes(tmp_path, "doctor", HOSPES_GEOIP_FILE=str(tmp_path / "none"))
    assert result.returncode == 1
    assert "HOSPES_GEOIP_FILE names" in result.stdout


def test_doctor_sees_a_database_in_the_wrong_journal_mode(tmp_path):
    hospes(tmp_path, "migrate")
    connection = sqlite3.connect(tmp_path / "data" / "hospes.sqlite3")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    result = hospes(tmp_path, "doctor", HOSPES_DEVELOPMENT="1")
    assert "journal mode delete" in result.stdout


def test_doctor_looks_at_postgresql_and_redis(tmp_path, postgres, redis):
    result = hospes(
        tmp_path, "doctor", DATABASE_URL=postgres, REDIS_URL=redis, HOSPES_DEVELOPMENT="1"
    )
    assert result.returncode == 0, result.stdout
    assert "PostgreSQL 1" in result.stdout
    assert "Redis answers" in result.stdout
