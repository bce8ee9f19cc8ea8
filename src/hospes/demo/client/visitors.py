"""What the shop remembers of each visitor: in memory, for as long as it runs."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hospes.demo.client.relying_party import Pending, Person, Registration

MOST_VISITORS: Final = 1000
MOST_PENDING: Final = 5


@dataclass(slots=True)
class Visitor:
    """One browser. ``token`` stands in its forms, so that no other site can send them."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    pending: list[Pending] = field(default_factory=list)
    person: Person | None = None
    own: Registration | None = None

    def take_pending(self, state: str) -> Pending | None:
        """Return the sign-in that waits for ``state``, once."""
        for each in self.pending:
            if hmac.compare_digest(each.state.encode(), state.encode()):
                self.pending.remove(each)
                return each
        return None

    def add_pending(self, pending: Pending) -> None:
        """Remember a sign-in; of several begun side by side the latest few are kept."""
        self.pending = [*self.pending, pending][-MOST_PENDING:]

    def owns(self, token: str) -> bool:
        """Return whether a form was drawn for this visitor."""
        return hmac.compare_digest(self.token.encode(), token.encode())


class Visitors:
    """Visitors by the value of their cookie; those not seen for longest are forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[str, Visitor] = OrderedDict()

    def find(self, key: str) -> Visitor | None:
        """Return the visitor with this cookie."""
        with self._lock:
            visitor = self._found.get(key)
            if visitor is not None:
                self._found.move_to_end(key)
            return visitor

    def new(self, visitor: Visitor | None = None) -> tuple[str, Visitor]:
        """Return a fresh cookie value for ``visitor`` (None: somebody new)."""
        key = secrets.token_urlsafe(24)
        visitor = visitor or Visitor()
        with self._lock:
            self._found[key] = visitor
            while len(self._found) > MOST_VISITORS:
                self._found.popitem(last=False)
        return key, visitor

    def renew(self, key: str) -> str:
        """Give a visitor a fresh cookie value, as after every sign-in, and return it."""
        with self._lock:
            visitor = self._found.pop(key, None)
        return self.new(visitor)[0]
