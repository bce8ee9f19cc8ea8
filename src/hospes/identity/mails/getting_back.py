"""Mails and texts of vanished addresses, forgotten logins and cases."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hospes.foundation.services.messages import Mail


def orphaned(*, first_name: str, login: str, old: str, link: str, days: int) -> Mail:
    """Return the mail with a temporary login ID, sent to the recovery address."""
    return Mail(
        subject=_("Your sign-in address no longer exists"),
        heading=_("Sign in with a temporary login ID"),
        paragraphs=(
            _(
                "Hello %(name)s, the mailbox %(old)s was removed, so it cannot be your sign-in "
                "address any more. Until you have named a new one, sign in with this login ID and "
                "your usual password:"
            )
            % {"name": first_name, "old": old},
        ),
        code=login,
        action=(_("Sign in"), link),
        after=(
            ngettext(
                "The login ID works for %(days)d day. After signing in you are asked for a new "
                "address.",
                "The login ID works for %(days)d days. After signing in you are asked for a new "
                "address.",
                days,
            )
            % {"days": days},
        ),
    )


def orphaned_text(*, login: str, link: str) -> str:
    """Return the SMS with a temporary login ID."""
    return _(
        "Your sign-in address no longer exists. Sign in with %(login)s and your usual password: "
        "%(link)s"
    ) % {"login": login, "link": link}


def reminder(*, first_name: str, login: str, link: str) -> Mail:
    """Return the mail that tells a forgotten login."""
    return Mail(
        subject=_("Your login"),
        heading=_("This is how you sign in"),
        paragraphs=(
            _(
                "Hello %(name)s, somebody, most likely you, gave your phone number and this "
                "address to find out with what you sign in. It is:"
            )
            % {"name": first_name},
        ),
        facts=((_("Your login"), login),),
        action=(_("Sign in"), link),
        after=(
            _("If it was not you, there is nothing to do: without your password it opens nothing."),
        ),
    )


def reminder_text(*, login: str) -> str:
    """Return the SMS that tells a forgotten login."""
    return _("You sign in with %(login)s") % {"login": login}


def several_text(*, link: str) -> str:
    """Return the SMS to a phone that several accounts have named."""
    return _(
        "Several accounts have this number. Ask again and also give the recovery address: %(link)s"
    ) % {"link": link}


def reset_code_text(*, code: str, minutes: int) -> str:
    """Return the SMS with a code for a new password."""
    return ngettext(
        "%(code)s is your code for a new password. It works for %(minutes)d minute. Tell it to "
        "nobody.",
        "%(code)s is your code for a new password. It works for %(minutes)d minutes. Tell it to "
        "nobody.",
        minutes,
    ) % {"code": code, "minutes": minutes}


def sign_in_code_text(*, code: str, minutes: int) -> str:
    """Return the SMS with a code for the second step."""
    return ngettext(
        "%(code)s is your code for signing in. It works for %(minutes)d minute. Tell it to nobody.",
        "%(code)s is your code for signing in. It works for %(minutes)d minutes. Tell it to "
        "nobody.",
        minutes,
    ) % {"code": code, "minutes": minutes}


def phone_code_text(*, code: str) -> str:
    """Return the SMS with a code that confirms a recovery phone."""
    return _("%(code)s is the code that confirms your recovery phone.") % {"code": code}


def case_opened(*, reference: str, link: str) -> Mail:
    """Return the mail to whoever opened a case."""
    return Mail(
        subject=_("We look into it: %(reference)s") % {"reference": reference},
        heading=_("We got your request"),
        paragraphs=(
            _(
                "Somebody of our support team will look into it. We may ask you to prove who you "
                "are; we never ask for your password."
            ),
        ),
        facts=((_("Reference"), reference),),
        action=(_("See how far it is"), link),
        after=(_("If you did not ask for help with signing in, open the page and withdraw it."),),
    )


def case_refused(*, reference: str, link: str) -> Mail:
    """Return the mail to whoever opened a case that staff refused."""
    return Mail(
        subject=_("We could not help: %(reference)s") % {"reference": reference},
        heading=_("We could not make sure that the account is yours"),
        paragraphs=(
            _(
                "So nothing was changed. If you can tell us more, or reach one of the addresses or "
                "phones of the account after all, please try again."
            ),
        ),
        facts=((_("Reference"), reference),),
        action=(_("Ask again"), link),
    )


def case_granted(*, kind: str, reference: str, login: str, link: str, days: int) -> Mail:
    """Return the mail to whoever opened a case that staff granted; ``days``: of the link, or 0."""
    texts = {
        "second_step_lost": _(
            "Two-step verification is off. Sign in with your password and set it up again."
        ),
        "unlock": _("Your account is unlocked. You can sign in again."),
    }
    text = texts.get(kind) or _("You can set a new password now. Two-step verification stays on.")
    facts = [(_("Reference"), reference)]
    if login:
        facts.append((_("Your login"), login))
    after: tuple[str, ...] = ()
    if days:
        after = (
            ngettext(
                "The link works once, within %(days)d day.",
                "The link works once, within %(days)d days.",
                days,
            )
            % {"days": days},
        )
    return Mail(
        subject=_("You can get back in: %(reference)s") % {"reference": reference},
        heading=_("The way back into your account"),
        paragraphs=(text,),
        facts=tuple(facts),
        action=(_("Choose a new password") if days else _("Sign in"), link),
        after=after,
    )
