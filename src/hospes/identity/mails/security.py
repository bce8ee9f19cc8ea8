"""The one mail that tells of every security change: what, when, where from, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospes.foundation.services.messages import Mail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, in words; ``text`` may hold ``%(name)s`` for the particulars."""

    subject: StrOrPromise
    text: StrOrPromise


NOTICES: dict[str, Notice] = {
    "password_changed": Notice(
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed."),
    ),
    "email_change_requested": Notice(
        gettext_lazy("A new sign-in address was asked for"),
        gettext_lazy(
            "Somebody signed in to your account asked to sign in with %(email)s from now on. "
            "Nothing changes until that address is confirmed."
        ),
    ),
    "email_changed": Notice(
        gettext_lazy("Your sign-in address was changed"),
        gettext_lazy("You now sign in with %(email)s."),
    ),
    "login_restored": Notice(
        gettext_lazy("You have a new sign-in address"),
        gettext_lazy("You now sign in with %(email)s. The temporary login ID has ended."),
    ),
    "email_change_undone": Notice(
        gettext_lazy("The change of your sign-in address was undone"),
        gettext_lazy(
            "You sign in with %(email)s again, and every session of your account was ended. "
            "Set a new password now: whoever made the change knows the present one."
        ),
    ),
    "recovery_email_changed": Notice(
        gettext_lazy("Your recovery e-mail address was changed"),
        gettext_lazy("Your recovery e-mail address is now %(email)s."),
    ),
    "recovery_email_removed": Notice(
        gettext_lazy("Your recovery e-mail address was removed"),
        gettext_lazy("Your account has no recovery e-mail address any more."),
    ),
    "recovery_phone_changed": Notice(
        gettext_lazy("Your recovery phone number was changed"),
        gettext_lazy("Your recovery phone number is now %(phone)s."),
    ),
    "recovery_phone_confirmed": Notice(
        gettext_lazy("Your recovery phone number is confirmed"),
        gettext_lazy("%(phone)s can now help you back into your account."),
    ),
    "recovery_case_opened": Notice(
        gettext_lazy("Somebody asks for help with getting into your account"),
        gettext_lazy(
            "Somebody told our support that they cannot get into your account. Nothing changes "
            "before we have made sure who it is. If it was not you, tell us: sign in and secure "
            "your account."
        ),
    ),
    "recovery_case_granted": Notice(
        gettext_lazy("Our support helped somebody back into your account"),
        gettext_lazy(
            "They proved to us that the account is theirs. If that was not you, secure your "
            "account at once and call us."
        ),
    ),
    "recovery_phone_removed": Notice(
        gettext_lazy("Your recovery phone number was removed"),
        gettext_lazy("Your account has no recovery phone number any more."),
    ),
    "two_step_on": Notice(
        gettext_lazy("Two-step verification is on"),
        gettext_lazy(
            "Signing in to your account now also asks for %(name)s. Keep your backup codes safe: "
            "they are the way in when the phone is lost."
        ),
    ),
    "two_step_off": Notice(
        gettext_lazy("Two-step verification is off"),
        gettext_lazy(
            "%(name)s was the last second step of your account and was removed. The backup codes "
            "are worthless, and the password alone opens your account."
        ),
    ),
    "locked_by_support": Notice(
        gettext_lazy("Our support locked your account"),
        gettext_lazy(
            "Every device was signed out, and nobody can sign in until our support unlocks it."
        ),
    ),
    "unlocked_by_support": Notice(
        gettext_lazy("Our support unlocked your account"),
        gettext_lazy("You can sign in again, with the password that you have."),
    ),
    "signed_out_by_support": Notice(
        gettext_lazy("Our support signed you out everywhere"),
        gettext_lazy("Every device has to sign in to your account again."),
    ),
    "two_step_switched_off": Notice(
        gettext_lazy("Our support switched two-step verification off"),
        gettext_lazy(
            "Somebody proved to us that the account is theirs. The password alone opens it until a "
            "second step is set up again. If that was not you, secure your account at once and "
            "call us."
        ),
    ),
    "method_added": Notice(
        gettext_lazy("A second step was added to your account"),
        gettext_lazy("%(name)s can now be used as the second step when signing in."),
    ),
    "method_removed": Notice(
        gettext_lazy("A second step was removed from your account"),
        gettext_lazy("%(name)s can no longer be used when signing in."),
    ),
    "methods_taken_back": Notice(
        gettext_lazy("Second steps were removed from your account"),
        gettext_lazy(
            "They were added while somebody else may have been in your account: %(names)s. Backup "
            "codes made meanwhile are worthless. What was yours you can add again; without any "
            "second step your password alone opens the account."
        ),
    ),
    "backup_codes_taken_back": Notice(
        gettext_lazy("Your backup codes are worthless"),
        gettext_lazy(
            "They were made while somebody else may have been in your account. Make new ones."
        ),
    ),
    "backup_codes_made": Notice(
        gettext_lazy("New backup codes were made"),
        gettext_lazy("Your old backup codes are worthless. The new ones were shown once."),
    ),
    "backup_code_used": Notice(
        gettext_lazy("A backup code was used"),
        gettext_lazy(
            "One of your backup codes took the place of the second step. Codes that are left: "
            "%(left)s."
        ),
    ),
    "codes_failed": Notice(
        gettext_lazy("Somebody who knows your password was stopped at the second step"),
        gettext_lazy(
            "Your password was right, but %(count)s wrong codes followed. Nobody was signed in. "
            "If it was not you, your password is known to somebody: set a new one now."
        ),
    ),
    "codes_failed_inside": Notice(
        gettext_lazy("Somebody who is signed in to your account typed wrong codes"),
        gettext_lazy(
            "On a browser that is signed in to your account, %(count)s wrong codes were typed for "
            "the second step. If it was not you, set a new password now: it signs out every "
            "device."
        ),
    ),
    "application_password_created": Notice(
        gettext_lazy("An application password was created"),
        gettext_lazy(
            "The application password “%(name)s” was created. A program that has it can use your "
            "account for mail, calendars and the like, without a second step."
        ),
    ),
    "application_passwords_revoked": Notice(
        gettext_lazy("Your application passwords were revoked"),
        gettext_lazy(
            "Your account was secured, and whoever else was in it may have known them, so none of "
            "them works any longer: %(names)s. Create new ones for the programs that need one."
        ),
    ),
    "notices_changed": Notice(
        gettext_lazy("Your sign-in notices were changed"),
        gettext_lazy("The rules for sign-in mails and for locking your account were changed."),
    ),
    "data_export_requested": Notice(
        gettext_lazy("A copy of your data was asked for"),
        gettext_lazy("A copy of everything in your account is being made."),
    ),
    "deletion_requested": Notice(
        gettext_lazy("Your account is going to be deleted"),
        gettext_lazy(
            "Your account will be deleted on %(date)s. To keep it, sign in before then; "
            "nothing else is needed."
        ),
    ),
    "deletion_withdrawn": Notice(
        gettext_lazy("Your account stays"),
        gettext_lazy("You signed in, so your account will not be deleted."),
    ),
}


def security_mail(
    notice: str,
    *,
    params: Mapping[str, str],
    facts: tuple[tuple[str, str], ...],
    action: tuple[str, str] | None,
    secure_url: str,
) -> Mail:
    """Return the mail in the active language.

    ``facts`` say when and where from. Without an ``action`` of its own the mail's button leads to
    the page where the account is secured.
    """
    words = NOTICES[notice]
    if action is None:
        action = (_("This wasn't me"), secure_url)
        after = _("If it was you, there is nothing to do.")
    else:
        after = _("If it wasn't you, secure your account here as well: %(url)s") % {
            "url": secure_url
        }
    return Mail(
        subject=str(words.subject),
        heading=str(words.subject),
        paragraphs=(str(words.text) % params,),
        facts=facts,
        action=action,
        after=(after,),
    )
