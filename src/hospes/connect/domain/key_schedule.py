"""When a signing key is made, when it signs, and how long it stays published."""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400
ALGORITHMS = ("RS256", "ES256", "EdDSA")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Lifetimes in seconds.

    ``lifetime`` is how long a key signs. ``overlap`` is how long its successor is published
    before it signs, and how long a replaced key stays published after its last signature.
    """

    lifetime: int = 90 * DAY
    overlap: int = 7 * DAY

    def successor_is_due(self, signs_from: int, now: int) -> bool:
        """Return whether the key that signs from ``signs_from`` needs a successor by now."""
        return now >= signs_from + self.lifetime - self.overlap

    def successor_signs_from(self, signs_from: int, now: int) -> int:
        """Return when the successor begins to sign.

        Never sooner than one overlap from now, also when rotation runs late: clients that keep
        the published set for a while must have had the time to see the new key.
        """
        return max(signs_from + self.lifetime, now + self.overlap)

    def published_until(self, successor_signs_from: int, id_token_seconds: int) -> int:
        """Return when a replaced key leaves the published set: after its last ID token ended."""
        return successor_signs_from + max(self.overlap, id_token_seconds)


def signing_position(signs_from: tuple[int, ...], now: int) -> int | None:
    """Return the index of the key that signs at ``now``: the latest that has begun."""
    begun = [(instant, index) for index, instant in enumerate(signs_from) if instant <= now]
    return max(begun)[1] if begun else None
