"""What follows a password reset."""

from __future__ import annotations


def signs_in(*, two_step: bool) -> bool:
    """Return whether a reset by mail also signs in.

    Only where the password is all there is: a reset never stands in for a second factor.
    """
    return not two_step
