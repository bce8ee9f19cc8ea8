"""The commands, their options and their help."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from hospes import __version__
from hospes.config.cli import api_options, status_options, trust_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ENVIRONMENT_HELP = """\
settings come from the environment:
  HOSPES_BASE_URL         the address people use, https://my.provider.example
  HOSPES_DATA_DIR         keys, files and the embedded database (default: ./var)
  DATABASE_URL            postgresql://user:password@host/name (default: SQLite)
  REDIS_URL               redis://host:6379/0, shared counters of several processes
  HOSPES_MAIL_URL         smtp+starttls://user:password@host:587
  HOSPES_TRUSTED_PROXIES  addresses or networks of the proxies in front
All of them are explained in docs/operating.md.
"""


class Options(Protocol):
    """What every command gets: its own options, and the function that runs it."""

    run: Callable[[argparse.Namespace], int]


def _runs(module: str, function: str = "run") -> Callable[[argparse.Namespace], int]:
    # Each command's module is imported only when the command is the one asked for.
    def call(options: argparse.Namespace) -> int:
        target = getattr(importlib.import_module(f"hospes.config.cli.{module}"), function)
        return cast("int", target(options))

    return call


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:  # noqa: PLR2004 - more is a typing slip
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives its type no public name


def _command(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    summary: str,
    description: str,
    examples: Sequence[str] = (),
) -> argparse.ArgumentParser:
    lines = "\n".join(f"  {example}" for example in examples)
    return commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=f"examples:\n{lines}\n" if lines else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _serve(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "serve",
        "serve the pages and do the work behind them",
        "Serve Hospes: pages, OpenID provider and the background work, on one address.\n"
        "The embedded SQLite database is brought up to date by itself; on PostgreSQL run\n"
        "`hospes migrate` first. Ends cleanly on Ctrl-C or SIGTERM.",
        (
            "hospes serve --demo",
            "HOSPES_BASE_URL=https://my.provider.example hospes serve --port 8080",
            "hospes serve --workers 4 --no-worker   # with `hospes worker` beside it",
        ),
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    command.add_argument("--port", type=_port, default=8000, help="port to listen on (%(default)s)")
    command.add_argument(
        "--workers",
        type=_count,
        default=1,
        help="server processes (%(default)s); more than one needs REDIS_URL for shared counters",
    )
    command.add_argument(
        "--demo",
        action="store_true",
        help="load people and applications to look at, show mails in a mailbox page, "
        "and serve a demo client on the next port",
    )
    command.add_argument(
        "--no-worker",
        action="store_true",
        help="leave the background work to separate `hospes worker` processes",
    )
    command.set_defaults(run=_runs("serve"))


def _databases(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "migrate",
        "bring the database up to date",
        "Bring the database's tables up to the installed version. Safe to repeat.",
        ("hospes migrate", "hospes migrate --check   # exit code 1 when something is to do"),
    )
    command.add_argument(
        "--check", action="store_true", help="change nothing; tell whether anything is to do"
    )
    command.set_defaults(run=_runs("migrate"))

    command = _command(
        commands,
        "makemigrations",
        "write migrations for changed models (developers)",
        "Write the migrations that changed models ask for, into their rooms' folders.",
        ("hospes makemigrations identity", "hospes makemigrations --check"),
    )
    command.add_argument("rooms", nargs="*", metavar="ROOM", help="only these rooms")
    command.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 when one is missing"
    )
    command.set_defaults(run=_runs("migrate", "make"))


def _work(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "worker",
        "do the background work in a process of its own",
        "Deliver mails, run jobs and keep the schedule until Ctrl-C or SIGTERM.\n"
        "Any number of workers may run; each job is taken by one of them.",
        ("hospes worker", "hospes worker --once   # what is due now, then end"),
    )
    command.add_argument("--once", action="store_true", help="do what is due now, then end")
    command.set_defaults(run=_runs("worker"))


def _demo(commands: _Commands[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "demo",
        "load people and applications to look at",
        "Load the demo's people, organizations and applications. Safe to repeat.\n"
        "Never do this in an installation that customers use: the passwords are public.",
        ("HOSPES_DATA_DIR=/srv/trial hospes demo",),
    )
    command.set_defaults(run=_runs("demo"))

    command = _command(
        commands,
        "demo-client",
        "serve the demo's relying party",
        "Serve a small site whose visitors sign in with their Hospes account.\n"
        "`hospes serve --demo` starts it by itself, on the port after its own.",
        ("hospes demo-client --port 8001",),
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    command.add_argument("--port", type=_port, default=8001, help="port to listen on (%(default)s)")
    command.add_argument(
        "--issuer", default="", help="address of the provider (default: this installation's own)"
    )
    command.add_argument(
        "--client-id",
        default="",
        help="application to sign in with (default: the demo's own); its secret is read from "
        "HOSPES_DEMO_CLIENT_SECRET",
    )
    command.set_defaults(run=_runs("demo", "client"))


def _administration(commands: _Commands[argparse.ArgumentParser]) -> None:
    staff = _command(
        commands, "staff", "people who run the installation", "People who run the installation."
    )
    actions = staff.add_subparsers(dest="action", required=True, metavar="ACTION")
    command = _command(
        actions,
        "create",
        "make an account for a member of the staff",
        "Make an account for a member of the staff. The password is asked for twice at a\n"
        "terminal, otherwise read from standard input; the rules for passwords apply.",
        (
            "hospes staff create --email anna@provider.example --name 'Anna Keller'",
            "hospes staff create --email anna@provider.example --name Anna < password.txt",
        ),
    )
    command.add_argument("--email", required=True, help="address to sign in with")
    command.add_argument("--name", required=True, help="first name, and the others after it")
    command.add_argument("--language", default="en", help="language of pages and mails")
    command.set_defaults(run=_runs("staff"))

    keys = _command(commands, "keys", "the installation's own keys", "The installation's own keys.")
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    command = _command(
        actions,
        "rotate",
        "seal with a new key from now on",
        "Add a key-encryption key and have the worker wrap every sealed value with it. Older\n"
        "keys stay in keys.json and still open. Running servers need no restart.",
        ("hospes keys rotate",),
    )
    command.set_defaults(run=_runs("keys"))

    command = _command(
        commands,
        "doctor",
        "check the installation and say what to do",
        "Check configuration, keys, database, mail and Redis, and say what to do.\n"
        "Exit code 0: all is well; 1: something is to mend.",
        ("hospes doctor",),
    )
    command.set_defaults(run=_runs("doctor"))


def _authenticator(commands: _Commands[argparse.ArgumentParser]) -> None:
    group = _command(
        commands,
        "authenticator",
        "approve sign-ins from a terminal",
        "The Authenticator at a terminal: link an account, answer its sign-in requests, show its\n"
        "codes. It speaks to the provider's public address; the keys are in a file of its own.",
    )
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, summary: str, text: str, *examples: str) -> argparse.ArgumentParser:
        command = _command(actions, name, summary, text, examples)
        command.add_argument(
            "--file", type=Path, help="file of the keys (~/.config/hospes/authenticator.json)"
        )
        function = "show" if name == "list" else name
        command.set_defaults(run=_runs("authenticator", function))
        return command

    command = add(
        "link",
        "link this machine to an account",
        "Link this machine to an account, with the code or the address that its settings show.",
        "hospes authenticator link 7K2M9-QX4TB --at https://my.provider.example",
        "hospes authenticator link 'https://my.provider.example/authenticator/#link=…' --yes",
    )
    command.add_argument("invitation", help="the code for typing, or the address in the QR code")
    command.add_argument("--at", default="", help="the provider's address, for a typed code")
    command.add_argument("--name", default="", help="what to call this device")
    command.add_argument("--yes", action="store_true", help="do not ask before linking")
    add(
        "list",
        "show linked accounts and their open requests",
        "Show the linked accounts, and what each of them is asked now.",
        "hospes authenticator list",
    )
    command = add(
        "approve",
        "approve the open sign-in request",
        "Show the open sign-in request and approve it, with the number that the browser shows.",
        "hospes authenticator approve --number 47",
        "hospes authenticator approve --account anna@customer.example",
    )
    command.add_argument("--account", default="", help="address of the account, if several")
    command.add_argument("--number", default="", help="number shown in the browser")
    command.add_argument("--yes", action="store_true", help="do not ask where none is needed")
    command = add(
        "refuse",
        "refuse the open sign-in request",
        "Refuse the open sign-in request; the account's owner is told what to do.",
        "hospes authenticator refuse",
    )
    command.add_argument("--account", default="", help="address of the account, if several")
    command = add(
        "code",
        "show the one-time code of the moment",
        "Show the one-time code of the moment. Needs no connection.",
        "hospes authenticator code --account anna@customer.example",
    )
    command.add_argument("--account", default="", help="address of the account, if several")


def _token(commands: _Commands[argparse.ArgumentParser]) -> None:
    token = _command(commands, "token", "API tokens", "API tokens.")
    actions = token.add_subparsers(dest="action", required=True, metavar="ACTION")
    command = _command(
        actions,
        "inspect",
        "tell whether something found is an API token, and whose",
        "Tell whether a text is an API token: its form and its checksum, for which nothing else\n"
        "is needed, and where a database is at hand whose it is and whether it works. The token\n"
        "is asked for or read from standard input, so that no history keeps it, and not printed.\n"
        "Exit code 0: it has the form of a token; 1: it has not.",
        ("hospes token inspect", "hospes token inspect < found.txt"),
    )
    command.set_defaults(run=_runs("token"))


def _api(commands: _Commands[argparse.ArgumentParser]) -> None:
    texts = api_options.DESCRIPTION, api_options.EXAMPLES
    command = _command(commands, "api", "call the REST API from a terminal", *texts)
    api_options.add(command)
    command.set_defaults(run=_runs("api"))


def _catalogue(commands: _Commands[argparse.ArgumentParser]) -> None:
    catalogue = _command(commands, "catalogue", "services, and who holds what", "The catalogue.")
    actions = catalogue.add_subparsers(dest="action", required=True, metavar="ACTION")
    command = _command(
        actions,
        "load",
        "make and change services",
        "Make and change services as a JSON file lists them, in its order. Services that it does\n"
        "not name stay, behind the others.",
        ("hospes catalogue load services.json",),
    )
    command.add_argument("file", type=Path, help='[{"code": "…", "names": {"en": "…"}}, …]')
    command.set_defaults(run=_runs("catalogue", "load"))
    command = _command(
        actions,
        "give",
        "give an organization a product",
        "Give an organization a product, as the provider's own systems do.",
        ("hospes catalogue give --organization 5c2d… --service web-hosting --name h-2041",),
    )
    command.add_argument("--organization", required=True, help="its id, as its addresses have it")
    command.add_argument("--service", required=True, help="the service's code")
    command.add_argument("--name", required=True, help="what the provider's systems call it")
    command.add_argument("--host", help="its host name")
    command.set_defaults(run=_runs("catalogue", "give"))


def _application(commands: _Commands[argparse.ArgumentParser]) -> None:
    group = _command(commands, "application", trust_options.SUMMARY, trust_options.DESCRIPTION)
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, function, summary, text in trust_options.ACTIONS:
        command = _command(actions, name, summary, text, (f"hospes application {name} 5c2d…",))
        command.add_argument("client_id", metavar="CLIENT_ID", help=trust_options.CLIENT_ID)
        command.set_defaults(run=_runs("trust", function))


def _status(commands: _Commands[argparse.ArgumentParser]) -> None:
    group = _command(commands, "status", status_options.SUMMARY, status_options.DESCRIPTION)
    actions = group.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, (summary, text, examples, add, function) in status_options.ACTIONS.items():
        command = _command(actions, name, summary, text, examples)
        add(command)
        command.set_defaults(run=_runs("status", function))


def build() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="hospes",
        description="Hospes, the self-hosted customer manager for hosting providers.",
        epilog=ENVIRONMENT_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hospes {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serve(commands)
    _work(commands)
    _databases(commands)
    _demo(commands)
    _administration(commands)
    _token(commands)
    _api(commands)
    _catalogue(commands)
    _application(commands)
    _status(commands)
    _authenticator(commands)
    command = _command(commands, "help", "show this help, or a command's", "Show help.")
    command.add_argument("topic", nargs="*", metavar="COMMAND", help="the command to explain")
    command.set_defaults(run=_help)
    return parser


def _help(options: argparse.Namespace) -> int:
    build().parse_args([*options.topic, "--help"])  # argparse prints it and ends the process
    return 0


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line; ends the process with usage where it cannot be read."""
    return build().parse_args(arguments)
