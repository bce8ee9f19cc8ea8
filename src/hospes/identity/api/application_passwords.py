"""``/profile/applications/passwords``: passwords for programs without a second step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hospes.foundation.errors import NotFound
from hospes.identity.api import proving
from hospes.identity.models import Account
from hospes.identity.queries import application_passwords as queries
from hospes.identity.schemas import application_passwords as shapes
from hospes.identity.services import application_passwords as service
from hospes.rest.answers import DONE, Item, Listed
from hospes.rest.routes import Route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hospes.identity.models import ApplicationPassword
    from hospes.rest.calls import Call

TAG = "Profile"


def list_passwords(call: Call) -> Listed:
    """Answer those that work, the newest first."""
    return Listed(list(queries.living(_account(call))), _shaped)


def show_password(call: Call, password_id: int) -> Item:
    """Answer one of them."""
    found = queries.one_living(_account(call), password_id)
    if found is None:
        raise NotFound
    return Item(shapes.ApplicationPassword(**_values(found)))


def create_password(call: Call) -> Item:
    """Make one, and answer it this once."""
    created = service.create(
        service.CreateApplicationPassword(call.body.name),
        acting_account=_account(call),
        origin=call.origin,
    )
    return Item(shapes.NewApplicationPassword(**_values(created.password), password=created.value))


def revoke_password(call: Call, password_id: int) -> Item:
    """Revoke one of them."""
    service.revoke(password_id, acting_account=_account(call), origin=call.origin)
    return DONE


def _account(call: Call) -> Account:
    found = Account.objects.filter(pk=call.principal.account_id, state=Account.State.ACTIVE).first()
    if found is None:
        raise NotFound
    return found


def _shaped(rows: Sequence[ApplicationPassword]) -> list[shapes.ApplicationPassword]:
    return [shapes.ApplicationPassword(**_values(each)) for each in rows]


def _values(password: ApplicationPassword) -> dict[str, Any]:
    return {
        "id": password.pk,
        "name": password.name,
        "created_at": password.created_at,
        "last_used_at": password.last_used_at,
        "last_used_by": password.last_used_by or None,
    }


_PATH = "/profile/applications/passwords"
_read = partial(Route, "GET", version=2, tag=TAG, scope="profile:read")
_write = partial(Route, version=2, tag=TAG, scope="profile:write")
_password_of = {"password_id": "The password's number."}

ROUTES = (
    _read(
        _PATH,
        handler=list_passwords,
        summary="List application passwords",
        description=(
            "The passwords of programs that cannot ask for a second step, without the passwords "
            "themselves; revoked ones are not among them."
        ),
        answer=list[shapes.ApplicationPassword],
    ),
    _write(
        "POST",
        _PATH,
        handler=create_password,
        summary="Add an application password",
        description="Makes a password for one program. It is answered only now.",
        answer=shapes.NewApplicationPassword,
        body=shapes.CreateApplicationPassword,
        before=proving.prove,
        status=201,
        errors=("too_many_request",),
    ),
    _read(
        f"{_PATH}/{{password_id}}",
        handler=show_password,
        summary="Show an application password",
        description="One of them, without the password itself.",
        answer=shapes.ApplicationPassword,
        parameters=_password_of,
    ),
    _write(
        "DELETE",
        f"{_PATH}/{{password_id}}",
        handler=revoke_password,
        summary="Revoke an application password",
        description="Programs that use it are refused from now on.",
        answer=bool,
        parameters=_password_of,
    ),
)
