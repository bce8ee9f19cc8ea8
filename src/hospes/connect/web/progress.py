"""What has happened since an authorization request arrived, carried in its own address.

The mark is signed and bound to the request it came with, so that an application can neither make
one nor move it to another request: ``prompt=login`` is asked once, and only a proof given after
the mark answers it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from django.core import signing
from django.urls import reverse

from hospes.foundation import clock

if TYPE_CHECKING:
    from hospes.identity.models import Session

PARAMETER: Final = "hospes_progress"
# Someone who comes back to the page later is asked anew: whoever keeps such an address must not
# have a later sign-in answer it.
LONGEST: Final = timedelta(hours=1)
_SALT: Final = "hospes.connect.authorize.progress"


@dataclass(frozen=True, slots=True)
class Mark:
    """``asked_at`` is when the request arrived first."""

    query: str
    asked_at: datetime
    account_chosen: bool = False
    # The person was asked for the password again or for a second factor, and gave it up.
    gave_up: bool = False

    def is_answered_by(self, session: Session) -> bool:
        """Return whether the person proved who they are after the request arrived."""
        return session.authenticated_at >= self.asked_at

    def with_account_chosen(self) -> Mark:
        """Return the mark for the way back from choosing an account."""
        return replace(self, account_chosen=True)

    def with_giving_up(self) -> Mark:
        """Return the mark for the way back of somebody who does not prove what was asked for."""
        return replace(self, gave_up=True)

    @property
    def address(self) -> str:
        """Return the request's address with this mark: where sign-in pages come back to."""
        value = signing.dumps(
            {
                "at": self.asked_at.isoformat(),
                "chosen": self.account_chosen,
                "gave_up": self.gave_up,
                "of": _name_of(self.query),
            },
            salt=_SALT,
        )
        return f"{reverse('authorize')}?{self.query}&{PARAMETER}={quote(value)}"


def read(query: str) -> Mark:
    """Return the mark in a query string; a fresh one where there is none that holds."""
    pieces = query.split("&")
    own = [piece for piece in pieces if not piece.startswith(f"{PARAMETER}=")]
    request = "&".join(own)
    for piece in pieces:
        if piece in own:
            continue
        try:
            found = signing.loads(unquote(piece.partition("=")[2]), salt=_SALT)
        except signing.BadSignature:
            continue
        asked_at = datetime.fromisoformat(found["at"])
        same_request = hmac.compare_digest(found["of"], _name_of(request))
        if same_request and clock.now() - asked_at < LONGEST:
            return Mark(request, asked_at, found["chosen"], found.get("gave_up", False))
    return Mark(request, clock.now())


def _name_of(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()
