"""The part of an application's form about devices and about people who sign out."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hospes.connect.domain.session_options import NAMES
from hospes.connect.forms import profile_words

MESSAGES: Final = {
    **profile_words.MESSAGES,
    ("", "https_only"): _("Use https and its usual port."),
    ("", "other_site"): _(
        "Use the scheme, host and port of one of the redirect URLs: elsewhere the frame sees "
        "nothing of the sign-in that is to end."
    ),
}


class SessionOptionsForm(forms.Form):
    """Other options of applications have a page of their own; these go with the addresses."""

    device_grant = forms.BooleanField(
        label=_("Sign devices in"),
        help_text=_(
            "For televisions, printers and command lines: they show a code, and people type it in "
            "on their phone or computer."
        ),
        required=False,
    )
    backchannel_logout_uri = forms.CharField(
        label=_("Address that is told of sign-outs"),
        help_text=_(
            "Your server gets a signed message when somebody's session ends here (back-channel "
            "logout)."
        ),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )
    frontchannel_logout_uri = forms.CharField(
        label=_("Address that browsers open at a sign-out"),
        help_text=_(
            "It is loaded in a hidden frame (front-channel logout). Browsers that keep other "
            "sites' cookies out of frames make it useless: prefer the address above."
        ),
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
    )

    def session_options(self) -> dict[str, Any]:
        """Return what was typed."""
        return {name: self.cleaned_data[name] for name in NAMES}
