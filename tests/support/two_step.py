"""Accounts with two-step verification, and what their owners' apps and pockets hold."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hospes.foundation import clock
from hospes.identity.models import Account, Method
from hospes.identity.services.two_step import seeds
from support import people

if TYPE_CHECKING:
    import httpx

    from support.site import Site

SEED = b"12345678901234567890"


@dataclass(frozen=True)
class App:
    """A person's app: it shows the code of the moment, by an implementation of its own."""

    seed: bytes = SEED
    digits: int = 6
    period: int = 30

    def code(self, steps: int = 0) -> str:
        """Return the code shown now, or that many steps from now (RFC 6238)."""
        counter = int(clock.now().timestamp()) // self.period + steps
        digest = hmac.new(self.seed, struct.pack(">Q", counter), hashlib.sha1).digest()
        at = digest[-1] & 15
        number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
        return f"{number % 10**self.digits:0{self.digits}d}"

    def wrong(self) -> str:
        """Return a code that is shown neither now nor soon."""
        shown = {self.code(steps) for steps in range(-3, 4)}
        return next(code for number in range(10) if (code := f"{number:06d}") not in shown)

    @property
    def key(self) -> str:
        """Return the seed as it is typed into an app."""
        return base64.b32encode(self.seed).decode()


def add_method(
    account: Account, *, kind: str = "totp", seed: bytes = SEED, **values: Any
) -> Method:
    """Give the account a confirmed method, as if it had been added before."""
    now = clock.now()
    first = not Method.objects.filter(account=account, removed_at=None).exists()
    method = Method.objects.create(
        **{
            "public_id": str(uuid.uuid4()),
            "account": account,
            "kind": kind,
            "name": f"Anna's {kind}",
            "is_default": first,
            "created_at": now,
            "confirmed_at": now,
            **values,
        }
    )
    if kind in {"totp", "authenticator"}:
        method.seed_sealed = seeds.seal_seed(method, seed)
        method.save(update_fields=["seed_sealed"])
    if first:
        Account.objects.filter(pk=account.pk).update(two_step_since=now)
        account.refresh_from_db()
    return method


def make_account(email: str | None = None, **values: Any) -> Account:
    """Make an account whose owner signs in with the code of an app."""
    account = people.make_account(email, **values)
    add_method(account)
    return account


def enter(
    site: Site,
    email: str,
    password: str = people.PASSWORD,
    *,
    url: str = "/sign-in",
    **options: Any,
) -> httpx.Response:
    """Give address and password on the sign-in page."""
    site.get(url)
    return site.submit({"email": email, "password": password}, **options)


def pass_step(site: Site, code: str | None = None, **fields: Any) -> httpx.Response:
    """Type the app's code on the verification page, which must be the next one."""
    if site.location:
        site.follow()
    return site.submit({"code": App().code() if code is None else code, **fields}, action="code")
