"""``hospes authenticator``: the Authenticator at a terminal, over the same interface as phones."""

from __future__ import annotations

import base64
import platform
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from hospes import __version__
from hospes.config.cli import phone_api, phone_file
from hospes.config.cli.faults import CommandFault
from hospes.config.cli.phone_api import Told
from hospes.config.cli.phone_file import Linked
from hospes.protocols.otp import totp
from hospes.protocols.push import answers

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

CHALLENGES = "2fa/push/challenges"
SENTENCES = {
    "link_unknown": "There is no such code, or it was mistyped.",
    "link_used": "This code was used by another device. If that was not yours, remove it at once.",
    "link_expired": "This code has run out. Have a new one shown.",
    "device_removed": "This device was removed from the account. Link it anew.",
    "not_authorized": "The provider does not let this device in; the account may be locked.",
    "already_processed": "The request was answered before, or needs no answer any more.",
    "not_found": "There is no such request any more.",
    "expired": "The request has run out.",
    "bad_signature": "The provider knows another key for this device. Link it anew.",
    "too_many_requests": "Too many requests. Try again in a minute.",
}


def _fault(told: Told) -> CommandFault:
    if told.code == "wrong_number":
        left = int(told.error.get("tries_left", 0))
        more = f"{left} more can be tried." if left else "The request was ended."
        return CommandFault("This is not the number shown in the browser.", (more,))
    return CommandFault(SENTENCES.get(told.code, f"The provider refused: {told}."))


def _path(options: argparse.Namespace) -> Path:
    return options.file or phone_file.default_path()


def _chosen(options: argparse.Namespace) -> Linked:
    accounts = phone_file.load(_path(options))
    if not accounts:
        raise CommandFault("No account is linked.", ("Run `hospes authenticator link` first.",))
    wanted = (options.account or "").lower()
    found = [a for a in accounts if not wanted or wanted in {a.email.lower(), a.method}]
    if len(found) == 1:
        return found[0]
    listed = tuple(f"--account {a.email}   ({a.provider}, {a.issuer})" for a in accounts)
    raise CommandFault("Which account?" if found else "This account is not linked.", listed)


def _asked(account: Linked) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] | None = phone_api.call(
            account.issuer, "GET", CHALLENGES, token=account.token
        )
    except Told as told:
        raise _fault(told) from None
    return found


def _describe(challenge: dict[str, Any]) -> list[str]:
    left = max(0, int(challenge["expires_at"]) - int(time.time()))
    where = ", ".join(filter(None, (challenge["location"], challenge["ip"])))
    name = challenge["application"] or "the provider's own pages"
    if _is_request(challenge):
        # The browser and the address would be those of the application's server.
        facts = {"by": name, "message": challenge.get("message", "")}
    else:
        facts = {"to": name, "with": challenge["browser"], "from": where}
    facts["open for"] = f"{left} s"
    return [f"  {name:<9} {_plain(value)}" for name, value in facts.items() if value]


def _is_request(challenge: dict[str, Any]) -> bool:
    """Return whether an application asks for an approval, and nobody signs in."""
    return challenge.get("purpose") == "request"


def _plain(text: str) -> str:
    """Return what another machine said without signs that a terminal obeys."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text))


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise CommandFault("There is nobody to ask.", ("Add --yes to go on without a question.",))
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


# ---- the commands ----------------------------------------------------------------------------


def link(options: argparse.Namespace) -> int:
    """Link this machine to an account."""
    path = _path(options)
    accounts = phone_file.load(path)
    issuer, invitation = _invitation(options)
    # Whether the file can be written is found out before the code is used up.
    phone_file.save(path, accounts)
    try:
        seen = phone_api.call(issuer, "POST", "2fa/link/preview", body=invitation)
        whose = seen["account"]
        at = seen["provider"]["name"]
        print(_plain(f"Account:  {whose['name']} ({whose['email']}) at {at}"))
        if seen["provider"]["issuer"] != issuer:
            raise CommandFault(
                f"{issuer} says that it is {_plain(seen['provider']['issuer'])}.",
                ("Use that address: answers are signed for it, and tokens go nowhere else.",),
            )
        if not options.yes and not _confirmed("Link this machine to the account?"):
            print("Nothing was linked.")
            return 1
        key, kept = phone_file.new_key()
        told = phone_api.call(
            issuer,
            "POST",
            "2fa/link",
            body={
                **invitation,
                "public_key": answers.jwk_of(key.public_key()),
                "device": _device(options.name),
            },
        )
    except Told as refused:
        raise _fault(refused) from None
    linked = Linked(
        issuer=issuer,
        provider=told["provider"]["name"],
        email=told["account"]["email"],
        name=told["account"]["name"],
        method=told["method"]["id"],
        token=told["token"],
        private_key=kept,
        secret=told["totp"]["secret"],
        digits=told["totp"]["digits"],
        period=told["totp"]["period"],
    )
    phone_file.save(path, [*accounts, linked])
    print(f"Linked as {told['method']['name']!r}. The keys are in {path}.")
    if told["backup_codes"]:
        print("Backup codes, shown this once; keep them elsewhere:")
        for code in told["backup_codes"]:
            print(f"  {code}")
    return 0


def _invitation(options: argparse.Namespace) -> tuple[str, dict[str, str]]:
    given = options.invitation.strip()
    if "://" in given:
        token = parse_qs(urlsplit(given).fragment).get("link", [""])[0]
        if not token:
            raise CommandFault("This address holds no invitation.", ("It ends in #link=….",))
        return phone_api.issuer_of(given), {"token": token}
    if not options.at:
        raise CommandFault("A typed code needs the provider's address.", ("Add --at https://….",))
    return phone_api.issuer_of(options.at), {"code": given}


def _device(name: str) -> dict[str, str]:
    return {
        "name": (name or platform.node() or "Terminal")[:60],
        "platform": platform.system()[:30],
        "type": "computer",
        "app_version": __version__,
        "locale": "en",
    }


def show(options: argparse.Namespace) -> int:
    """List the linked accounts, and what each is asked."""
    accounts = phone_file.load(_path(options))
    if not accounts:
        print("No account is linked.")
    for account in accounts:
        print(f"{account.email}  {account.provider}, {account.issuer}")
        try:
            found = _asked(account)
        except CommandFault as fault:
            print(f"  {fault.headline}")
            continue
        if found is None:
            print("  No request.")
            continue
        asks = "An application asks" if _is_request(found) else "Somebody signs in"
        print("\n".join([f"  {asks}:", *_describe(found)]))
    return 0


def approve(options: argparse.Namespace) -> int:
    """Say yes to the open request."""
    account = _chosen(options)
    found = _open_one(account)
    number = options.number or ""
    if found["number_required"] and not number:
        if not sys.stdin.isatty():
            raise CommandFault("The number shown in the browser is needed.", ("Add --number NN.",))
        number = input("Number shown in the browser: ").strip()
    elif not options.yes and not number and not _confirmed("Approve it?"):
        print("Nothing was answered.")
        return 1
    body = {"signature": _signed(account, found, answers.APPROVE, number)}
    _answer(account, "PATCH", found, body | ({"number": number} if number else {}))
    print("Approved.")
    return 0


def refuse(options: argparse.Namespace) -> int:
    """Say no to the open request."""
    account = _chosen(options)
    found = _open_one(account)
    _answer(account, "DELETE", found, {"signature": _signed(account, found, answers.REFUSE)})
    advice = (
        "" if _is_request(found) else " If you did not sign in yourself, set a new password now."
    )
    print(f"Refused.{advice}")
    return 0


def _open_one(account: Linked) -> dict[str, Any]:
    found = _asked(account)
    if found is None:
        raise CommandFault(f"{account.email} is not asked anything.")
    asks = "An application asks" if _is_request(found) else "Somebody signs in as"
    print("\n".join([f"{asks} {account.email}:", *_describe(found)]), flush=True)
    return found


def _signed(account: Linked, challenge: dict[str, Any], word: str, number: str = "") -> str:
    text = answers.signed_text(
        issuer=account.issuer,
        uuid=challenge["uuid"],
        nonce=challenge["nonce"],
        answer=word,
        number=number,
    )
    return answers.sign(account.key(), text)


def _answer(account: Linked, method: str, challenge: dict[str, Any], body: dict[str, str]) -> None:
    path = f"{CHALLENGES}/{challenge['uuid']}"
    try:
        phone_api.call(account.issuer, method, path, token=account.token, body=body)
    except Told as told:
        raise _fault(told) from None


def code(options: argparse.Namespace) -> int:
    """Show the one-time code of the moment; no connection is needed."""
    account = _chosen(options)
    now = int(time.time())
    seed = base64.b32decode(account.secret + "=" * (-len(account.secret) % 8))
    step = totp.step_at(now, period=account.period)
    print(totp.code(seed, step, digits=account.digits))
    if sys.stdout.isatty():
        print(f"{account.email}, for {account.period - now % account.period} s more")
    return 0
