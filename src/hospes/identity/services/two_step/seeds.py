"""Seeds of one-time codes, sealed for the row they stand in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hospes.foundation import sealing
from hospes.protocols.otp import totp

if TYPE_CHECKING:
    from hospes.identity.models import Method

CONTEXT = "identity.method:{pk}"


def new_seed() -> bytes:
    """Return a fresh seed."""
    return secrets.token_bytes(totp.SEED_BYTES)


def seal_seed(method: Method, seed: bytes) -> str:
    """Return the seed as the column of ``method``, which has its row already, holds it."""
    return sealing.seal(seed, context=CONTEXT.format(pk=method.pk))


def open_seed(method: Method) -> bytes:
    """Return the seed of a method that has one.

    Raises:
        CannotOpen: the value was changed, moved, or sealed under a key that is gone.

    """
    return sealing.open_sealed(method.seed_sealed, context=CONTEXT.format(pk=method.pk))


sealing.register_column("identity.Method", "seed_sealed", CONTEXT)
