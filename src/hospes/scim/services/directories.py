"""Connecting a directory, replacing its token, disconnecting it, handing a team over to it."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.services import audit
from hospes.kit import visible
from hospes.kit.faults import Fault, Refused
from hospes.kit.ids import base62, bytes_for
from hospes.organizations import policies
from hospes.organizations.models import Organization, Team
from hospes.scim.models import Directory, DirectoryGroup
from hospes.scim.queries.directories import hash_of

if TYPE_CHECKING:
    from hospes.kit.origin import Origin
    from hospes.organizations.models import Membership

TOKEN_PREFIX: Final = "hsp_scim_"  # noqa: S105 - what every token begins with, for scanners to find
TOKEN_DIGITS: Final = 43  # 256 bits
LONGEST_NAME: Final = 100
# How exactly a directory's last use is kept.
USE_NOTED_EVERY: Final = timedelta(minutes=1)


class AlreadyDone(Exception):
    """The same form was sent before; ``directory`` is what it connected then."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        super().__init__(directory.name)


@dataclass(frozen=True, slots=True)
class ConnectDirectory:
    """``form_key`` names the form, so that sending it twice connects once."""

    name: str
    form_key: str


@dataclass(frozen=True, slots=True)
class Connected:
    """``token`` is in clear here and nowhere else."""

    directory: Directory
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandOver:
    """``team`` becomes a group of ``directory``, which may rename and delete it from then on."""

    directory: Directory
    team: Team


def new_token() -> str:
    """Return a fresh token."""
    return TOKEN_PREFIX + base62(secrets.token_bytes(bytes_for(TOKEN_DIGITS)), TOKEN_DIGITS)


def connect_directory(
    command: ConnectDirectory, *, acting_member: Membership, origin: Origin
) -> Connected:
    """Let a directory write the organization's members and teams; return it with its token.

    Raises:
        Denied: whoever acts does not manage members.
        Refused: ``name`` (``required``, ``too_long`` with ``limit``, ``characters``, ``taken``);
            ``""`` ``too_many`` with ``limit``.
        AlreadyDone: this form has connected its directory before.

    """
    _may(acting_member)
    organization = acting_member.organization
    name = " ".join(command.name.split())
    token = new_token()
    try:
        with transaction.atomic():
            _hold(organization)
            _raise_if_done(command.form_key, organization)
            _refuse(name, organization)
            directory = Directory.objects.create(
                public_id=str(uuid.uuid4()),
                organization=organization,
                name=name,
                token_hash=hash_of(token),
                hint=token[-4:],
                created_by=acting_member.account,
                created_at=clock.now(),
                form_key=command.form_key,
            )
            _note("scim.directory_connected", directory, acting_member, origin)
    except IntegrityError:
        _raise_if_done(command.form_key, organization)
        raise
    return Connected(directory, token)


def rotate_token(directory: Directory, *, acting_member: Membership, origin: Origin) -> Connected:
    """Give the directory another token; the old one is dead at the next request.

    Raises:
        Denied: whoever acts does not manage members.
        NotFound: the directory is not connected (any more).

    """
    _may(acting_member)
    token = new_token()
    with transaction.atomic():
        present = _present(directory)
        present.token_hash, present.hint = hash_of(token), token[-4:]
        # Whoever renews it answers for what it does from now on.
        present.created_by = acting_member.account
        present.save(update_fields=["token_hash", "hint", "created_by"])
        _note("scim.directory_token_rotated", present, acting_member, origin)
    return Connected(present, token)


def disconnect(directory: Directory, *, acting_member: Membership, origin: Origin) -> None:
    """End the directory's access. Members, teams and invitations stay, as made by hand.

    Raises:
        Denied: whoever acts does not manage members.
        NotFound: the directory is not connected (any more).

    """
    _may(acting_member)
    with transaction.atomic():
        present = _present(directory)
        detail: dict[str, object] = {
            "users": present.users.count(),
            "groups": present.groups.count(),
        }
        present.groups.all().delete()
        present.users.all().delete()
        present.revoked_at = clock.now()
        present.save(update_fields=["revoked_at"])
        _note("scim.directory_disconnected", present, acting_member, origin, detail)


def hand_over(command: HandOver, *, acting_member: Membership, origin: Origin) -> DirectoryGroup:
    """Let the directory keep a team that was made by hand.

    Who is in it by hand stays; the directory sees and takes out only people of its own.

    Raises:
        Denied: whoever acts does not manage members.
        NotFound: the directory or the team is not the organization's (any more).
        Refused: ``team`` ``kept``: a directory keeps it already.

    """
    _may(acting_member)
    with transaction.atomic():
        present = _present(command.directory)
        team = Team.objects.filter(
            pk=command.team.pk, organization_id=present.organization_id
        ).first()
        if team is None:
            raise NotFound
        if DirectoryGroup.objects.filter(team=team).exists():
            raise Refused(Fault("team", "kept"))
        now = clock.now()
        group = DirectoryGroup.objects.create(
            directory=present,
            public_id=str(uuid.uuid4()),
            team=team,
            created_at=now,
            updated_at=now,
        )
        _note("scim.team_handed_over", present, acting_member, origin, {"team": team.name})
    return group


def note_use(directory: Directory) -> None:
    """Remember that the directory was here, to the minute."""
    now = clock.now()
    before = now - USE_NOTED_EVERY
    if directory.last_used_at is None or directory.last_used_at <= before:
        Directory.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lte=before), pk=directory.pk
        ).update(last_used_at=now)


def _may(acting_member: Membership) -> None:
    if not policies.may_manage_members(acting_member):
        raise Denied


def _hold(organization: Organization) -> None:
    """Let one after another change what the organization's directories are and keep."""
    held = Organization.objects.select_for_update(no_key=True)
    if not held.filter(pk=organization.pk).exists():
        raise NotFound


def _present(directory: Directory) -> Directory:
    _hold(directory.organization)
    found = (
        Directory.objects.select_related("organization")
        .filter(pk=directory.pk, revoked_at=None)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _refuse(name: str, organization: Organization) -> None:
    limit = numbers.get("scim.directories_per_organization")
    mine = Directory.objects.filter(organization=organization, revoked_at=None)
    faults = []
    if not name:
        faults.append(Fault("name", "required"))
    elif len(name) > LONGEST_NAME:
        faults.append(Fault("name", "too_long", {"limit": LONGEST_NAME}))
    elif visible.has_hidden(name):
        faults.append(Fault("name", "characters"))
    elif mine.filter(name=name).exists():
        faults.append(Fault("name", "taken"))
    if mine.count() >= limit:
        faults.append(Fault("", "too_many", {"limit": limit}))
    if faults:
        raise Refused(faults)


def _raise_if_done(form_key: str, organization: Organization) -> None:
    done = Directory.objects.filter(form_key=form_key, organization=organization).first()
    if done is not None:
        raise AlreadyDone(done)


def _note(
    action: str,
    directory: Directory,
    acting_member: Membership,
    origin: Origin,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        actor=acting_member.account_id,
        organization=directory.organization_id,
        target=f"directory:{directory.public_id}",
        origin=origin,
        detail={"name": directory.name, **(detail or {})},
    )
