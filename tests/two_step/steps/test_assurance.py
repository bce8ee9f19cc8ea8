"""What adds up to two factors, and what does not."""

from __future__ import annotations

import pytest

from hospes.identity.domain import assurance


@pytest.mark.parametrize(
    "amr",
    [
        ("pwd", "otp", "mfa"),
        ("pwd", "sms", "mfa"),
        ("pwd", "swk", "mfa"),
        ("pwd", "hwk", "user", "mfa"),
        # A passkey that checked its user is something one has and something one knows or is.
        ("hwk", "user", "mfa"),
    ],
)
def test_two_factors(amr):
    assert assurance.has_two_factors(amr)


@pytest.mark.parametrize(
    "amr",
    [
        (),
        ("pwd",),
        ("mfa",),
        ("pwd", "mfa"),
        ("pwd", "user", "mfa"),
        ("pwd", "otp"),
        ("otp", "mfa"),
        ("otp", "sms", "mfa"),
        ("hwk", "mfa"),
        ("MFA", "pwd", "otp"),
    ],
)
def test_less_than_two_factors(amr):
    assert not assurance.has_two_factors(amr)


@pytest.mark.parametrize(
    "second", [(), ("pwd",), ("user",), ("mfa",), ("otp", "pwd"), ("otp", "mfa")]
)
def test_the_first_step_once_more_is_no_second_one(second):
    with pytest.raises(ValueError, match="not a second step"):
        assurance.with_second(("pwd",), second)


def test_a_second_step_is_named_beside_the_first():
    assert assurance.with_second(("pwd",), ("hwk", "user")) == ("hwk", "mfa", "pwd", "user")
