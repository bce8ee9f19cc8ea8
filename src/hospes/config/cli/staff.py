"""``hospes staff create``."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING

from hospes.config import environment
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse

    from hospes.kit.faults import Fault

SENTENCES = {
    ("email", "not_an_address"): "--email is not an e-mail address.",
    ("email", "taken"): "An account with this address exists already.",
    ("locale", "unknown"): "--language is one of {known}.",
    ("first_name", "required"): "--name needs a first name and another one.",
    ("last_name", "required"): "--name needs a first name and another one.",
    ("password", "too_short"): "The password has {length} characters; {minimum} are needed.",
    ("password", "too_long"): "The password may have {maximum} characters at most.",
    ("password", "breached"): "The password stands in lists of stolen passwords.",
    ("password", "too_weak"): "The password is easy to guess; unrelated words make a better one.",
}


def _sentence(fault: Fault) -> str:
    text = SENTENCES.get((fault.field, fault.code))
    if text is None:
        return f"--name does not look like a name ({fault.code})."
    return text.format(**fault.params)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandFault("The two passwords differ; nothing was made.")
    return first


def run(options: argparse.Namespace) -> int:
    """Make the account, or tell every reason why not."""
    if preparation.pending_migrations(environment.read()):
        raise CommandFault("The database is not up to date.", ("Run `hospes migrate` first.",))
    framework.load()
    from hospes.identity.services.staff import CreateStaffAccount, create_staff_account
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM

    first_name, _, last_name = options.name.strip().partition(" ")
    try:
        account = create_staff_account(
            CreateStaffAccount(
                email=options.email,
                first_name=first_name,
                last_name=last_name,
                password=_password(),
                locale=options.language,
            ),
            origin=SYSTEM,
        )
    except Refused as refused:
        sentences = dict.fromkeys(_sentence(fault) for fault in refused.faults)
        raise CommandFault("The account was not made:", tuple(sentences)) from None
    print(f"{account.name} <{account.email}> can now sign in and use the staff pages.")
    return 0
