"""A sign-in that waits for its phone: what the tests of it share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hospes.foundation.services import numbers
from hospes.identity.models import Challenge
from hospes.kit.origin import Origin
from support import two_step

if TYPE_CHECKING:
    from hospes.identity.models import Account
    from support.site import Site


def begin(site: Site, account: Account) -> Challenge:
    """Give address and password; the page that follows asks the phone."""
    two_step.enter(site, account.email)
    site.follow()
    assert site.url == "/sign-in/verify"
    return Challenge.objects.latest("pk")


def state(site: Site) -> dict[str, Any]:
    answer = site.client.get("/sign-in/verify/state")
    assert answer.status_code == 200
    return json.loads(answer.text)


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def change(key: str, value: int) -> None:
    numbers.change(key, value, acting_account_id=None, origin=Origin())


def faults(answer: Any) -> set[tuple[str, str]]:
    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.text
    return {(e["context"]["attribute"], e["code"]) for e in answer.json()["error"]["errors"]}
