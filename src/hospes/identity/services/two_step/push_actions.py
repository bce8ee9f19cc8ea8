"""What the audit log calls the actions of the Authenticator."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hospes.foundation.services.audit import register_action

LABELS = {
    "identity.authenticator_invited": _("Code for linking a phone shown"),
    "identity.challenge_sent": _("Sign-in request sent to the phone"),
    "identity.challenge_approved": _("Sign-in approved on the phone"),
    "identity.challenge_refused": _("Sign-in refused on the phone"),
    "identity.challenge_mismatched": _("Wrong number typed on the phone too often"),
    "identity.approval_asked": _("Application asked on the phone"),
    "identity.approval_given": _("Request of an application approved on the phone"),
    "identity.approval_refused": _("Request of an application refused on the phone"),
    "identity.challenges_withdrawn": _("Sign-in requests on the phone withdrawn"),
    "identity.push_ended": _("Phone not reachable any more, notifications ended"),
}


def register() -> None:
    """Name them."""
    for action, label in LABELS.items():
        register_action(action, label)
