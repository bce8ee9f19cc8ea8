"""Lines of an application's log that the hot plane writes: refused tokens, reuse, revocation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hospes.edge import statements

if TYPE_CHECKING:
    from hospes.edge.databases import Connection

TOKEN_REFUSED = "token_refused"  # noqa: S105 - a kind of line
TOKENS_REVOKED = "tokens_revoked"
REUSE_DETECTED = "reuse_detected"
# Whoever knows a client ID can cause refusals: more a minute are not written down.
MOST_A_MINUTE = 20
_MOST_KEPT = 10_000


class Events:
    """Writes lines, of each application and kind no more than ``MOST_A_MINUTE``."""

    def __init__(self) -> None:
        self._counts: dict[tuple[int, str, int], int] = {}

    def write(
        self,
        connection: Connection,
        kind: str,
        *,
        application: int,
        grant: int | None,
        address: str,
        detail: dict[str, str],
        now: int,
    ) -> None:
        """Write one line, unless there were too many within this minute."""
        key = (application, kind, now // 60)
        count = self._counts.get(key, 0)
        if count >= MOST_A_MINUTE:
            return
        if len(self._counts) > _MOST_KEPT:
            self._counts.clear()
        self._counts[key] = count + 1
        text = json.dumps(detail, ensure_ascii=False)
        connection.change(
            statements.ADD_EVENT, application, now, kind, grant or 0, address[:45], text
        )
