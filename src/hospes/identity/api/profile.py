"""``/profile``: the person behind the token."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import TYPE_CHECKING

from hospes.foundation.errors import NotFound
from hospes.identity.api import profile_changes as changes
from hospes.identity.api import profile_shaping as shaping
from hospes.identity.api import proving
from hospes.identity.models import Account
from hospes.identity.schemas import profile as shapes
from hospes.identity.services import (
    email_change,
    passwords,
    pictures,
    recovery_contacts,
)
from hospes.rest.answers import DONE, Item, Listed
from hospes.rest.faults import Problem, wrong
from hospes.rest.routes import Route
from hospes.rest.words import Query, Word

if TYPE_CHECKING:
    from hospes.rest.calls import Call

TAG = "Profile"
# Changes of these take what ``proving`` asks for, as their pages do.
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
    return Item(shaping.profile(call, _account(call)))


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
    return Item(shaping.profile(call, Account.objects.get(pk=account.pk)))


def set_avatar(call: Call) -> Item:
    """Show a picture instead of initials."""
    try:
        data = base64.b64decode(call.body.avatar, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("validation_failed", wrong("avatar", "base64")) from None
    account = _account(call)
    pictures.set_picture(pictures.SetPicture(data), acting_account=account, origin=call.origin)
    return Item(shaping.profile(call, Account.objects.get(pk=account.pk)))


def delete_avatar(call: Call) -> Item:
    """Go back to initials."""
    if not pictures.remove_picture(acting_account=_account(call), origin=call.origin):
        raise NotFound
    return DONE


def list_emails(call: Call) -> Listed:
    """Answer the person's addresses."""
    return Listed(shaping.emails(_account(call)))


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
    return Listed(shaping.phones(_account(call)))


def show_phone(call: Call, phone_id: int) -> Item:
    """Answer one of the numbers."""
    return Item(_phone(call, phone_id))


def delete_phone(call: Call, phone_id: int) -> Item:
    """Take the recovery phone away."""
    _phone(call, phone_id)
    recovery_contacts.remove_recovery_phone(acting_account=_account(call), origin=call.origin)
    return DONE


def _prove(call: Call) -> None:
    """Have whoever calls prove who they are, where what is changed takes it."""
    if any(getattr(call.body, name) is not None for name in _WITH_PASSWORD):
        proving.prove(call)


# ---- what is read ----------------------------------------------------------------------------


def _account(call: Call) -> Account:
    found = Account.objects.filter(pk=call.principal.account_id, state=Account.State.ACTIVE).first()
    if found is None:
        raise NotFound
    return found


def _email(call: Call, email_type: str, email_id: int) -> shapes.Email:
    for each in shaping.emails(_account(call)):
        if (each.type, each.id) == (email_type, email_id):
            return each
    raise NotFound


def _phone(call: Call, phone_id: int) -> shapes.Phone:
    for each in shaping.phones(_account(call)):
        if each.id == phone_id:
            return each
    raise NotFound


_read = partial(Route, "GET", version=2, tag=TAG, scope="profile:read")
_write = partial(Route, version=2, tag=TAG, scope="profile:write")
_EXPAND = {
    "security": "How the account is protected.",
    "emails": "Its addresses.",
    "phones": "Its telephone numbers.",
}
_query = Query(expand=_EXPAND)
_email_of = {"email_type": "`primary` or `recovery`.", "email_id": "The address's number."}
_phone_of = {"phone_id": "The telephone number's number."}

ROUTES = (
    _read(
        "/profile",
        handler=show_profile,
        summary="Show the profile",
        description="The person behind the token.",
        answer=shapes.Profile,
        query=Query(
            expand=_EXPAND,
            words={
                "no_avatar_default": Word(
                    "Taken for the programs that send it: who has no picture has none here.",
                    kind="boolean",
                )
            },
        ),
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
        before=proving.prove,
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
        before=proving.prove,
        parameters=_phone_of,
    ),
)
