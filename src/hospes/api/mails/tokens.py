"""What is mailed about API tokens, in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_NAMED = 20


def created(
    *, name: str, scopes: Sequence[str], facts: tuple[tuple[str, str], ...], url: str
) -> Mail:
    """Tell that a token was made; ``scopes`` in words."""
    subject = _("An API token was created")
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(
            _("The API token “%(name)s” was created for your account.") % {"name": name},
            _("Whoever has it can use the API in your name, within what you chose."),
        ),
        facts=((_("Permissions"), "; ".join(scopes)), *facts),
        action=(_("See your API tokens"), url),
        after=(_("If it was not you, revoke the token there and change your password."),),
    )


def silence_nears(names: Sequence[str], *, date: str, url: str) -> Mail:
    """Tell that tokens will be switched off because nobody uses them."""
    count = len(names)
    subject = ngettext(
        "An unused API token will be switched off",
        "%(count)d unused API tokens will be switched off",
        count,
    ) % {"count": count}
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(
            _(
                "A token that is not used for a long time is switched off, so that a forgotten "
                "one opens nothing. From %(date)s on this concerns: %(names)s."
            )
            % {"date": date, "names": _named(names)},
            _("To keep a token, use it once. A token that is off cannot be switched on again."),
        ),
        action=(_("See your API tokens"), url),
    )


def deactivated(names: Sequence[str], *, days: int, url: str) -> Mail:
    """Tell that tokens were switched off because nobody used them."""
    count = len(names)
    subject = ngettext(
        "An unused API token was switched off",
        "%(count)d unused API tokens were switched off",
        count,
    ) % {"count": count}
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(
            ngettext(
                "Not used for %(days)d day: %(names)s.",
                "Not used for %(days)d days: %(names)s.",
                days,
            )
            % {"days": days, "names": _named(names)},
            _("If a program still needs one, create a new token for it."),
        ),
        action=(_("See your API tokens"), url),
    )


def leaked(names: Sequence[str], *, facts: tuple[tuple[str, str], ...], url: str) -> Mail:
    """Tell that somebody found tokens where they should not be; they are revoked already."""
    count = len(names)
    subject = ngettext(
        "An API token was found in the open and revoked",
        "%(count)d API tokens were found in the open and revoked",
        count,
    ) % {"count": count}
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(
            _("Somebody who had the whole token reported it to us: %(names)s.")
            % {"names": _named(names)},
            _(
                "It works no longer. Look for it in public code, logs and chats, create a new "
                "token for the program that used it, and check what was done with it."
            ),
        ),
        facts=facts,
        action=(_("See your API tokens"), url),
    )


def all_revoked(count: int, *, facts: tuple[tuple[str, str], ...], url: str) -> Mail:
    """Tell that the account was taken back, and its tokens ended with that."""
    subject = ngettext(
        "Your API token was revoked", "Your %(count)d API tokens were revoked", count
    ) % {"count": count}
    return Mail(
        subject=subject,
        heading=subject,
        paragraphs=(
            _(
                "Your account was secured because somebody else may have been in it. Whoever that "
                "was may have made or seen a token, so none of them works any longer."
            ),
            _("Create new tokens for the programs that need one."),
        ),
        facts=facts,
        action=(_("See your API tokens"), url),
    )


def _named(names: Sequence[str]) -> str:
    listed = ", ".join(f"“{name}”" for name in names[:MOST_NAMED])
    left = len(names) - MOST_NAMED
    if left <= 0:
        return listed
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", left) % {
        "names": listed,
        "count": left,
    }
