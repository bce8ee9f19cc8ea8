"""Seeds of one-time codes, sealed for the row they stand in."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hospes.foundation import numbers, sealing
from hospes.protocols.otp import totp

if TYPE_CHECKING:
    from hospes.identity.models import Method

CONTEXT = "identity.method:{pk}"
_HEAD = struct.Struct(">BH")


def new_seed() -> bytes:
    """Return a fresh seed."""
    return secrets.token_bytes(totp.SEED_BYTES)


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed, and how the app that holds it computes its codes."""

    secret: bytes = field(repr=False)
    digits: int
    period: int


def seal_seed(method: Method, secret: bytes) -> str:
    """Return the seed as the column of ``method``, which has its row already, holds it.

    The provider's present numbers are sealed with it: an app that was set up before they changed
    goes on as it was told.
    """
    head = _HEAD.pack(
        numbers.get("identity.one_time_code_digits"), numbers.get("identity.one_time_code_seconds")
    )
    return sealing.seal(head + secret, context=CONTEXT.format(pk=method.pk))


def read_seed(method: Method) -> Seed:
    """Return the seed of a method that has one, and its numbers.

    Raises:
        CannotOpen: the value was changed, moved, or sealed under a key that is gone.

    """
    opened = sealing.open_sealed(method.seed_sealed, context=CONTEXT.format(pk=method.pk))
    digits, period = _HEAD.unpack_from(opened)
    return Seed(opened[_HEAD.size :], digits, period)


def open_seed(method: Method) -> bytes:
    """Return the seed alone; raises as ``read_seed``."""
    return read_seed(method).secret


sealing.register_column("identity.Method", "seed_sealed", CONTEXT)
