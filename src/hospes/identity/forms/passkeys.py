"""The form of a new passkey."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.identity.services.two_step.methods import LONGEST_NAME
from hospes.site.forms import Form


class PasskeyForm(Form):
    """What to call it. What the browser made comes along in a field that only scripts fill."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Left empty, it is named after the device."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
