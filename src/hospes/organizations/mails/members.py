"""Mails to members: about their role, their place, their lock and two-step verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hospes.foundation.services.messages import Mail

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def role_changed(
    *,
    first_name: str,
    organization: str,
    before: StrOrPromise,
    after: StrOrPromise,
    meaning: StrOrPromise,
    actor: str,
    url: str,
) -> Mail:
    """Return the mail that sums up a change of role."""
    return Mail(
        subject=_("Your role in %(organization)s has changed") % {"organization": organization},
        heading=_("You have another role"),
        paragraphs=(
            _("Hello %(name)s, your role in %(organization)s was changed by %(actor)s.")
            % {"name": first_name, "organization": organization, "actor": actor},
        ),
        facts=(
            (_("Before"), str(before)),
            (_("Now"), str(after)),
            (_("What this role may do"), str(meaning)),
        ),
        action=(_("See your membership"), url),
        after=(_("If this is unexpected, ask the person who changed it."),),
    )


def removed(*, first_name: str, organization: str, actor: str) -> Mail:
    """Return the mail that tells of the end of a membership."""
    return Mail(
        subject=_("You no longer belong to %(organization)s") % {"organization": organization},
        heading=_("Your membership has ended"),
        paragraphs=(
            _("Hello %(name)s, %(actor)s removed you from %(organization)s.")
            % {"name": first_name, "organization": organization, "actor": actor},
            _(
                "Its products, work teams and documents are closed to you from now on. Your "
                "account and your other organizations stay as they are."
            ),
        ),
    )


def unlocked(
    *,
    first_name: str,
    organization: str,
    actor: str,
    facts: tuple[tuple[str, str], ...],
    sign_in_url: str,
    secure_url: str,
) -> Mail:
    """Return the mail that tells the owner that somebody lifted the account's lock."""
    return Mail(
        subject=_("Your account is unlocked"),
        heading=_("You can sign in again"),
        paragraphs=(
            _(
                "Hello %(name)s, your account was locked after wrong passwords. %(actor)s of "
                "%(organization)s lifted the lock. Your password and your second step are as they "
                "were."
            )
            % {"name": first_name, "actor": actor, "organization": organization},
        ),
        facts=facts,
        action=(_("Sign in"), sign_in_url),
        after=(
            _(
                "If the wrong passwords were not yours, somebody may be guessing: secure your "
                "account here: %(url)s"
            )
            % {"url": secure_url},
        ),
    )


def two_step_reminder(*, first_name: str, organization: str, actor: str, url: str) -> Mail:
    """Return the mail that asks a member to set up two-step verification."""
    return Mail(
        subject=_("Please set up two-step verification"),
        heading=_("Please set up two-step verification"),
        paragraphs=(
            _(
                "Hello %(name)s, %(actor)s of %(organization)s asks you to protect your account "
                "with a second step. Signing in then also asks for your phone, a passkey or a "
                "code, so that a stolen password alone opens nothing."
            )
            % {"name": first_name, "actor": actor, "organization": organization},
        ),
        action=(_("Set it up"), url),
    )


def two_step_required(*, first_name: str, organization: str, url: str, leave_url: str) -> Mail:
    """Return the mail to members who need a second step from now on.

    ``leave_url`` is "" for those who cannot choose to leave instead.
    """
    after = (_("You can also leave the organization: %(url)s") % {"url": leave_url},)
    return Mail(
        subject=_("%(organization)s now asks for two-step verification")
        % {"organization": organization},
        heading=_("Two-step verification is required"),
        paragraphs=(
            _(
                "Hello %(name)s, everybody in %(organization)s needs two-step verification now, "
                "and your account has none yet. Until you set it up, the pages of this "
                "organization stay closed to you; what it has given you is kept."
            )
            % {"name": first_name, "organization": organization},
        ),
        action=(_("Set it up"), url),
        after=after if leave_url else (),
    )
