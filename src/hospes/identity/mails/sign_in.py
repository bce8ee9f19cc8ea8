"""Mails about signing in: a new device, a sign-in, wrong passwords, a lock."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hospes.foundation.services.messages import Mail

Facts = tuple[tuple[str, str], ...]


def new_device(*, facts: Facts, not_me: str) -> Mail:
    """Return the mail about a sign-in on a browser that was not seen before."""
    return Mail(
        subject=_("New sign-in to your account"),
        heading=_("Somebody signed in to your account on a new device"),
        paragraphs=(_("If this was you, there is nothing to do."),),
        facts=facts,
        action=(_("This wasn't me"), not_me),
        after=(_("The button ends that sign-in and lets you set a new password."),),
    )


def signed_in(*, facts: Facts, not_me: str) -> Mail:
    """Return the mail that owners can ask for at every sign-in."""
    return Mail(
        subject=_("You signed in to your account"),
        heading=_("Somebody signed in to your account"),
        paragraphs=(_("You asked to be told of every sign-in."),),
        facts=facts,
        action=(_("This wasn't me"), not_me),
        after=(_("The button ends that sign-in and lets you set a new password."),),
    )


def failed(*, facts: Facts, recover: str) -> Mail:
    """Return the mail about a wrong password; at most one an hour is sent."""
    return Mail(
        subject=_("Somebody tried to sign in to your account"),
        heading=_("A wrong password was given for your account"),
        paragraphs=(
            _("Nobody was signed in. If this was you, there is nothing to do."),
            _("If it was not you, your password held. Set a new one if you think it is known."),
        ),
        facts=facts,
        action=(_("Set a new password"), recover),
        after=(_("You get this mail at most once an hour, and can turn it off in your settings."),),
    )


def locked(*, facts: Facts, recover: str) -> Mail:
    """Return the mail that the owner's own rule locked the account."""
    return Mail(
        subject=_("Your account is locked"),
        heading=_("Your account was locked after too many wrong passwords"),
        paragraphs=(
            _("You chose to have it locked in this case. Nobody was signed in."),
            _("A new password unlocks it."),
        ),
        facts=facts,
        action=(_("Set a new password"), recover),
        after=(_("Devices on which you are signed in stay signed in."),),
    )
