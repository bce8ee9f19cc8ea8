"""Accounts for tests, made and signed in without the pages in between."""

from __future__ import annotations

import itertools
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.services import outbox
from hospes.identity.gateways import hashing
from hospes.identity.models import Account
from hospes.identity.services import sessions
from hospes.kit.origin import Origin

if TYPE_CHECKING:
    from hospes.identity.models import Session
    from support.site import Site

PASSWORD = "a lantern over the harbour 41"
_numbers = itertools.count(1)
_hash = cache(hashing.hash_password)


@transaction.atomic
def make_account(
    email: str | None = None,
    password: str = PASSWORD,
    *,
    first_name: str = "Anna",
    last_name: str = "Keller",
    **values: Any,
) -> Account:
    """Make a confirmed account, and what the rooms above make for a new one."""
    now = clock.now()
    account = Account.objects.create(
        public_id=str(uuid.uuid4()),
        email=email or f"anna.{next(_numbers)}@customer.example",
        email_verified_at=now,
        first_name=first_name,
        last_name=last_name,
        password_hash=_hash(password),
        **{"password_changed_at": now, "created_at": now, "updated_at": now, **values},
    )
    outbox.emit("identity.account_created", {"account_id": account.pk})
    return account


def sign_in(site: Site, account: Account, *, amr: tuple[str, ...] = ("pwd",)) -> Session:
    """Sign ``account`` in on the browser ``site`` (beside those signed in there before)."""
    from hospes.identity.queries import sign_ins

    token = site.cookie("browser")
    present = sign_ins.of_browser(token) if token else ()
    session, token = sessions.open_session(
        account,
        present[0].browser if present else None,
        origin=Origin(ip="192.0.2.10", user_agent=site.client.headers["User-Agent"]),
        amr=amr,
    )
    site.set_cookie(f"{settings.COOKIE_PREFIX}browser", token)
    return session
