"""Fields whose rules a service knows, so that it tells every fault at once."""

from __future__ import annotations

from typing import Any

from django import forms


class ToldByService(forms.CharField):
    """A text that is asked for; the service says what is wrong with it, emptiness included."""

    def validate(self, value: Any) -> None:
        """Leave it to the service."""


def password_field(
    label: Any, *, new: bool, help_text: Any = "", focus: bool = False
) -> ToldByService:
    """Return a password field as password managers recognize it."""
    attributes = {"autocomplete": "new-password" if new else "current-password"}
    if focus:
        attributes["autofocus"] = "autofocus"
    return ToldByService(
        label=label,
        help_text=help_text,
        strip=False,
        widget=forms.PasswordInput(attrs=attributes),
    )
