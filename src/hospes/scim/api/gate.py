"""Who knocks: a connected directory with its token, and not too often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hospes.foundation import counters, numbers
from hospes.identity.domain import throttling
from hospes.protocols.scim.errors import ScimError
from hospes.scim.queries import directories as queries
from hospes.scim.services.directories import note_use
from hospes.scim.services.holding import disconnected

if TYPE_CHECKING:
    from hospes.foundation.counters import Hit
    from hospes.scim.models import Directory

_BEARER: Final = re.compile(r"bearer +([A-Za-z0-9_.~+/=-]{1,200}) *", re.IGNORECASE)


def admit(authorization: str, *, ip: str) -> Directory:
    """Return the directory whose token the Authorization header bears (RFC 6750 §2.1).

    Raises:
        ScimError: 401, or 429 where there were too many requests or wrong tokens.

    """
    window = timedelta(seconds=numbers.get("scim.requests_window_seconds"))
    found = _BEARER.fullmatch(authorization)
    directory = queries.by_token(found[1]) if found is not None else None
    if directory is None:
        if found is not None:
            wrong = numbers.get("scim.wrong_tokens")
            network = throttling.network_key(ip)
            _refuse(counters.hit("scim.wrong_token", network, limit=wrong, window=window))
        raise disconnected()
    limit = numbers.get("scim.requests")
    _refuse(counters.hit("scim.request", str(directory.pk), limit=limit, window=window))
    note_use(directory)
    return directory


def _refuse(hit: Hit) -> None:
    if not hit.allowed:
        wait = max(1, int(hit.retry_after) + 1)
        raise ScimError("Too many requests. Try again later.", status=429, retry_after=wait)
