"""``/profile``: the person behind the token."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation.errors import NotFound
from hospes.identity.api import profile_changes as changes
from hospes.identity.models import Account
from hospes.identity.queries import two_step
from hospes.identity.schemas import profile as shapes
from hospes.identity.services import (
    credentials,
    email_change,
    passwords,
    pictures,
    recovery_contacts,
)
from hospes.identity.services.two_step import backup_codes
from hospes.kit import published
from hospes.kit.faults import Fault, Refused
from hospes.rest.answers import DONE, Item, Listed
from hospes.rest.faults import Problem, wrong
from hospes.rest.routes import Route
from hospes.rest.words import Query

if TYPE_CHECKING:
    from datetime import datetime

    from hospes.rest.calls import Call

TAG = "Profile"
PRIMARY, RECOVERY = 1, 2
# Changes of these take the password again, as their pages do.
_WITH_PASSWORD = (
    "email",
    "password",
    "reminder_email",
    "reminder_phone",
    "successful_connexion_notification",
    "unsuccessful_connexion_notification",
    "unsuccessful_connexion_limit",
    "unsuccessful_connexion_rate_limit",
)


def show_profile(call: Call) -> Item:
    """Answer the person's own profile."""
    return Item(_shaped(call, _account(call)))


def change_profile(call: Call) -> Item:
    """Change the person's own profile."""
    account = _account(call)
    body = call.body
    changes.refuse_what_contradicts(body)
    changes.names(call, account)
    changes.rules(call, account)
    if body.password is not None:
        passwords.change_password(
            passwords.ChangePassword(
                body.current_password, body.password, frozenset(body.keep_session_ids or ())
            ),
            acting_account=account,
            origin=call.origin,
        )
    if body.email is not None:
        email_change.ask_email_change(
            email_change.AskEmailChange(body.email), acting_account=account, origin=call.origin
        )
    changes.contacts(call, account)
    return Item(_shaped(call, Account.objects.get(pk=account.pk)))


def set_avatar(call: Call) -> Item:
    """Show a picture instead of initials."""
    try:
        data = base64.b64decode(call.body.avatar, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("validation_failed", wrong("avatar", "base64")) from None
    account = _account(call)
    pictures.set_picture(pictures.SetPicture(data), acting_account=account, origin=call.origin)
    return Item(_shaped(call, Account.objects.get(pk=account.pk)))


def delete_avatar(call: Call) -> Item:
    """Go back to initials."""
    if not pictures.remove_picture(acting_account=_account(call), origin=call.origin):
        raise NotFound
    return DONE


def list_emails(call: Call) -> Listed:
    """Answer the person's addresses."""
    return Listed(_emails(_account(call)))


def show_email(call: Call, email_type: str, email_id: int) -> Item:
    """Answer one of the addresses."""
    return Item(_email(call, email_type, email_id))


def delete_email(call: Call, email_type: str, email_id: int) -> Item:
    """Take the recovery address away; the sign-in address is changed, never deleted."""
    if _email(call, email_type, email_id).is_primary:
        raise Problem("validation_failed", wrong("email_type", "in", ("recovery",)))
    recovery_contacts.remove_recovery_email(acting_account=_account(call), origin=call.origin)
    return DONE


def list_phones(call: Call) -> Listed:
    """Answer the person's telephone numbers."""
    return Listed(_phones(_account(call)))


def show_phone(call: Call, phone_id: int) -> Item:
    """Answer one of the numbers."""
    return Item(_phone(call, phone_id))


def delete_phone(call: Call, phone_id: int) -> Item:
    """Take the recovery phone away."""
    _phone(call, phone_id)
    recovery_contacts.remove_recovery_phone(acting_account=_account(call), origin=call.origin)
    return DONE


def _prove(call: Call) -> None:
    """Have the password given where what is asked for takes it; a wrong one counts.

    Raises:
        Problem: ``current_password`` is missing.
        Refused: it is wrong, or was tried too often.

    """
    body = call.body
    given = body.current_password
    asks = call.route.method == "DELETE" or any(
        getattr(body, name) is not None for name in _WITH_PASSWORD
    )
    if not asks:
        return
    if given is None:
        raise Problem("validation_failed", wrong("current_password", "required"))
    try:
        credentials.check_own_password(_account(call), given, origin=call.origin)
    except Refused as refused:
        raise Refused(
            Fault("current_password", fault.code, fault.params) for fault in refused.faults
        ) from refused


# ---- what is read ----------------------------------------------------------------------------


def _account(call: Call) -> Account:
    found = Account.objects.filter(pk=call.principal.account_id, state=Account.State.ACTIVE).first()
    if found is None:
        raise NotFound
    return found


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _shaped(call: Call, account: Account) -> shapes.Profile:
    shape = shapes.Profile(
        id=account.pk,
        display_name=account.name,
        firstname=account.first_name,
        lastname=account.last_name,
        email=account.email,
        login=account.email,
        avatar=settings.HOSPES.base_url + account.picture_url if account.picture else None,
        locale=published.locale_of(account.locale),
        language_id=published.language_number(account.locale),
        timezone=account.timezone,
        timezone_id=published.number_of(account.timezone),
        successful_connexion_notification=account.mail_on_sign_in,
        unsuccessful_connexion_notification=account.mail_on_failed_sign_in,
        unsuccessful_connexion_limit=account.lock_after_failures is not None,
        unsuccessful_connexion_rate_limit=account.lock_after_failures,
        created_at=int(account.created_at.timestamp()),
    )
    if call.wants("security"):
        shape.security = _security(account)
    if call.wants("emails"):
        shape.emails = _emails(account)
    if call.wants("phones"):
        shape.phones = _phones(account)
    return shape


def _security(account: Account) -> shapes.Security:
    return shapes.Security(
        double_auth=account.two_step_since is not None,
        double_auth_methods=sorted({each.kind for each in two_step.living_methods(account)}),
        remaining_rescue_code=backup_codes.remaining(account),
        has_recovery_email=account.recovery_email_verified_at is not None,
        has_valid_phone=account.recovery_phone_verified_at is not None,
        email_validated_at=_seconds(account.email_verified_at),
        last_login_at=_seconds(account.last_sign_in_at),
        date_last_changed_password=int(account.password_changed_at.timestamp()),
    )


def _emails(account: Account) -> list[shapes.Email]:
    found = [(PRIMARY, "primary", account.email, account.email_verified_at)]
    if account.recovery_email:
        proved = account.recovery_email_verified_at
        found.append((RECOVERY, "recovery", account.recovery_email, proved))
    return [
        shapes.Email(
            id=number,
            type=kind,
            email=email,
            is_primary=number == PRIMARY,
            checked_at=_seconds(proved),
        )
        for number, kind, email, proved in found
    ]


def _email(call: Call, email_type: str, email_id: int) -> shapes.Email:
    for each in _emails(_account(call)):
        if (each.type, each.id) == (email_type, email_id):
            return each
    raise NotFound


def _phones(account: Account) -> list[shapes.Phone]:
    if not account.recovery_phone:
        return []
    proved = _seconds(account.recovery_phone_verified_at)
    return [shapes.Phone(id=1, phone=account.recovery_phone, checked_at=proved)]


def _phone(call: Call, phone_id: int) -> shapes.Phone:
    for each in _phones(_account(call)):
        if each.id == phone_id:
            return each
    raise NotFound


_read = partial(Route, "GET", version=2, tag=TAG, scope="profile:read")
_write = partial(Route, version=2, tag=TAG, scope="profile:write")
_query = Query(
    expand={
        "security": "How the account is protected.",
        "emails": "Its addresses.",
        "phones": "Its telephone numbers.",
    }
)
_email_of = {"email_type": "`primary` or `recovery`.", "email_id": "The address's number."}
_phone_of = {"phone_id": "The telephone number's number."}

ROUTES = (
    _read(
        "/profile",
        handler=show_profile,
        summary="Show the profile",
        description="The person behind the token.",
        answer=shapes.Profile,
        query=_query,
        also=(1,),
    ),
    _write(
        "PATCH",
        "/profile",
        handler=change_profile,
        summary="Update the profile",
        description="Changes what is sent; what is left out stays.",
        answer=shapes.Profile,
        body=shapes.ProfileChange,
        before=_prove,
        query=_query,
        attributes={
            "first_name": "firstname",
            "last_name": "lastname",
            "new_password": "password",
            "phone": "reminder_phone",
            "lock_after_failures": "unsuccessful_connexion_rate_limit",
        },
        dry_run=True,
    ),
    _write(
        "POST",
        "/profile/avatar",
        handler=set_avatar,
        summary="Set the avatar",
        description="Shows a picture instead of initials.",
        answer=shapes.Profile,
        body=shapes.Avatar,
        body_limit=8 * 1024 * 1024,
        attributes={"picture": "avatar"},
    ),
    _write(
        "DELETE",
        "/profile/avatar",
        handler=delete_avatar,
        summary="Delete the avatar",
        description="Goes back to initials.",
        answer=bool,
    ),
    _read(
        "/profile/emails",
        handler=list_emails,
        summary="List e-mail addresses",
        description="The sign-in address, and the recovery address where there is one.",
        answer=list[shapes.Email],
    ),
    _read(
        "/profile/emails/{email_type:text}/{email_id}",
        handler=show_email,
        summary="Show an e-mail address",
        description="One of the addresses.",
        answer=shapes.Email,
        parameters=_email_of,
    ),
    _write(
        "DELETE",
        "/profile/emails/{email_type:text}/{email_id}",
        handler=delete_email,
        summary="Delete an e-mail address",
        description="Takes the recovery address away.",
        answer=bool,
        body=shapes.Confirmed,
        before=_prove,
        parameters=_email_of,
    ),
    _read(
        "/profile/phones",
        handler=list_phones,
        summary="List telephone numbers",
        description="The recovery phone, where there is one.",
        answer=list[shapes.Phone],
    ),
    _read(
        "/profile/phones/{phone_id}",
        handler=show_phone,
        summary="Show a telephone number",
        description="One of the numbers.",
        answer=shapes.Phone,
        parameters=_phone_of,
    ),
    _write(
        "DELETE",
        "/profile/phones/{phone_id}",
        handler=delete_phone,
        summary="Delete a telephone number",
        description="Takes the recovery phone away.",
        answer=bool,
        body=shapes.Confirmed,
        before=_prove,
        parameters=_phone_of,
    ),
)
