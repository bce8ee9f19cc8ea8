"""What a directory does to people: add, change, switch off and on, remove."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from hospes.foundation import clock, numbers
from hospes.protocols.scim.errors import ScimError, invalid_value, not_found, uniqueness
from hospes.protocols.scim.filters import storable
from hospes.scim.domain.people import folded
from hospes.scim.models import DirectoryUser
from hospes.scim.queries import documents
from hospes.scim.services import places
from hospes.scim.services.holding import hold, need_version
from hospes.scim.services.noting import note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hospes.kit.origin import Origin
    from hospes.scim.models import Directory
    from hospes.scim.services.holding import Transform

LONGEST_NAME: Final = 254
# What has a place of its own, or is made anew with every answer.
_APART: Final = frozenset({"schemas", "id", "externalId", "userName", "active", "groups", "meta"})


@transaction.atomic
def create_user(
    directory: Directory, resource: Mapping[str, Any], *, origin: Origin
) -> dict[str, Any]:
    """Add a person: a member of that verified address is linked, anybody else is invited.

    ``resource`` has been read by ``protocols.scim.reading``.

    Raises:
        ScimError: ``uniqueness`` (409), ``invalidValue``, too many users (``tooMany``) or
            invitations (429).

    """
    hold(directory)
    now = clock.now()
    user = DirectoryUser(
        directory=directory, public_id=str(uuid.uuid4()), created_at=now, updated_at=now
    )
    _write(user, resource)
    most = numbers.get("scim.users_per_directory")
    if directory.users.count() >= most:
        raise ScimError(f"A directory keeps at most {most} users.", kind="tooMany", status=413)
    places.address_of(user)
    user.save(force_insert=True)
    if user.active:
        places.let_in(user, origin)
        user.save(update_fields=["account", "invitation", "invited_here"])
    note(
        "scim.user_created",
        directory,
        origin,
        subject=user.account_id,
        detail={"user_name": user.user_name},
    )
    return documents.users(directory, [user])[0]


@transaction.atomic
def change_user(
    directory: Directory,
    public_id: str,
    transform: Transform,
    *,
    if_match: str = "",
    origin: Origin,
) -> dict[str, Any]:
    """Make of a user what ``transform`` makes of its resource, and return that.

    Raises:
        ScimError: as ``create_user``; the user is not this directory's (404) or another version
            (412); a legal representative would be removed (403); what ``transform`` raises.

    """
    hold(directory)
    user = _own(directory, public_id)
    before = documents.users(directory, [user])[0]
    need_version(before, if_match)
    after = transform(before)
    was_active, wished = user.active, places.wishes(user)
    _write(user, after)
    changed = _changed(before, after)
    if not changed and user.active == was_active:
        return before
    places.address_of(user)
    user.updated_at = clock.now()
    user.save()
    what = "scim.user_changed"
    if user.active and not was_active:
        what = "scim.user_activated"
        places.let_in(user, origin)
    elif was_active and not user.active:
        what = "scim.user_deactivated"
        places.send_off(user, origin)
    elif user.active:
        places.adjust(user, wished, origin)
    user.save(update_fields=["account", "invitation", "invited_here"])
    note(
        what,
        directory,
        origin,
        subject=user.account_id,
        detail={"user_name": user.user_name, "changed": changed},
    )
    return documents.users(directory, [user])[0]


@transaction.atomic
def delete_user(
    directory: Directory, public_id: str, *, if_match: str = "", origin: Origin
) -> None:
    """Remove a person from the organization, or take the invitation back, and forget the user.

    Raises:
        ScimError: as ``change_user``.

    """
    hold(directory)
    user = _own(directory, public_id)
    if if_match:
        need_version(documents.users(directory, [user])[0], if_match)
    if user.active:
        places.send_off(user, origin)
    note(
        "scim.user_deleted",
        directory,
        origin,
        subject=user.account_id,
        detail={"user_name": user.user_name},
    )
    user.delete()


def _own(directory: Directory, public_id: str) -> DirectoryUser:
    if not storable(public_id):
        raise not_found()
    found = (
        DirectoryUser.objects.select_related("account", "invitation", "directory__organization")
        .filter(directory=directory, public_id=public_id)
        .first()
    )
    if found is None:
        raise not_found()
    return found


def _write(user: DirectoryUser, resource: Mapping[str, Any]) -> None:
    name = " ".join(str(resource.get("userName") or "").split())
    external_id = str(resource.get("externalId") or "")
    if not name:
        raise invalid_value("A user has a userName.")
    if max(len(name), len(external_id)) > LONGEST_NAME:
        raise invalid_value(f"userName and externalId have at most {LONGEST_NAME} characters.")
    key = folded(name)
    same = DirectoryUser.objects.filter(directory=user.directory, user_name_folded=key)
    if same.exclude(pk=user.pk).exists():
        raise uniqueness(f"There is a user with the userName {name} already.")
    user.user_name, user.user_name_folded, user.external_id = name, key, external_id
    # A PUT that does not name it lets nobody in whom the directory switched off before.
    user.active = resource.get("active", user.active) is True
    user.attributes = {key: value for key, value in resource.items() if key not in _APART}


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the names of the attributes that differ; their values are nobody's business."""
    names = ({*before, *after} - _APART) | {"userName", "externalId", "active"}
    # A PUT without ``active`` leaves it.
    return sorted(
        name
        for name in names
        if before.get(name) != after.get(name) and not (name == "active" and name not in after)
    )
