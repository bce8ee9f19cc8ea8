"""Inviting a list of people: judged as a whole, then sent row by row in the background."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.models import Job
from hospes.foundation.services import audit, jobs
from hospes.identity.domain import addresses
from hospes.kit.faults import Fault, Refused
from hospes.kit.origin import Origin
from hospes.organizations import policies
from hospes.organizations.domain import invitations as rules
from hospes.organizations.domain import pasted, rights, roles
from hospes.organizations.models import (
    Invitation,
    InvitationList,
    InvitationRow,
    Membership,
    Team,
    role_words,
)
from hospes.organizations.services import invitation_checks as checks
from hospes.organizations.services import invitations
from hospes.organizations.services.grants import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hospes.organizations.domain.pasted import Person

SEND = "organizations.send_invitation_list"
_CHUNK = 500
# Later is early enough for these: the row waits.
_WAITS = "too_many_invitations"


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: what was written, what would be asked for, and what is wrong with it."""

    line: int
    command: checks.Invite
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class InviteMany:
    """``form_key`` (a UUID) names the form, so that sending it twice invites once."""

    form_key: str
    rows: tuple[Judged, ...]


def judge(
    people: Sequence[Person], common: checks.Invite, *, acting_member: Membership
) -> tuple[Judged, ...]:
    """Return every row with all its faults; a row without any can be invited.

    ``common`` says what holds where a row says nothing itself. So many statements for a
    thousand rows as for one of each five hundred.
    """
    organization_id = acting_member.organization_id
    teams = {
        name.casefold(): key
        for key, name in Team.objects.filter(organization_id=organization_id).values_list(
            "pk", "name"
        )
    }
    words = _role_words()
    common_faults = checks.team_faults(common.team_ids, organization_id)
    rows = []
    for person in people:
        command, faults = _asked(person, common, teams, words)
        rows.append((person.line, command, (*faults, *common_faults)))
    return _judged(rows, acting_member)


def judge_commands(
    commands: Sequence[checks.Invite], *, acting_member: Membership
) -> tuple[Judged, ...]:
    """Return every row with all its faults, where the rows are commands already.

    So many statements as different sets of teams and of rights are asked for.
    """
    known: dict[frozenset[int], tuple[Fault, ...]] = {}
    rows = []
    for line, command in enumerate(map(checks.tidy, commands), 1):
        if command.team_ids not in known:
            found = checks.team_faults(command.team_ids, acting_member.organization_id)
            known[command.team_ids] = tuple(found)
        rows.append((line, command, known[command.team_ids]))
    return _judged(rows, acting_member)


def is_being_sent(list_id: int) -> bool:
    """Return whether a job for the list waits or runs."""
    return Job.objects.filter(
        task=SEND,
        key__startswith=f"invitation_list:{list_id}:",
        state__in=(Job.State.WAITING, Job.State.RUNNING),
    ).exists()


def _judged(
    rows: Sequence[tuple[int, checks.Invite, Sequence[Fault]]], acting_member: Membership
) -> tuple[Judged, ...]:
    organization_id = acting_member.organization_id
    members, pending = _known({command.email for _, command, _ in rows}, organization_id)
    unknown: dict[frozenset[Wanted], list[Fault]] = {}
    seen: set[str] = set()
    judged = []
    for line, command, read_faults in rows:
        faults = [*read_faults]
        named = {fault.field for fault in read_faults}
        faults += [
            fault for fault in checks.own_faults(command, acting_member) if fault.field not in named
        ]
        if command.email in members:
            faults.append(Fault("email", "already_member"))
        elif command.email in pending:
            faults.append(Fault("email", "already_invited", {"invitation": pending[command.email]}))
        elif command.email and command.email in seen:
            faults.append(Fault("email", "twice"))
        seen.add(command.email)
        if command.grants not in unknown:
            unknown[command.grants] = checks.grant_faults(command.grants, organization_id)
        faults += unknown[command.grants]
        judged.append(Judged(line, command, tuple(faults)))
    return tuple(judged)


@transaction.atomic
def begin(command: InviteMany, *, acting_member: Membership, origin: Origin) -> InvitationList:
    """Write the list down and have it sent; return it. The same form again changes nothing.

    Raises:
        Denied: whoever acts may not invite.
        NotFound: the form is another organization's.
        Refused: ``""`` with ``nobody`` or ``too_many_rows`` (with the ``limit``).

    """
    if not policies.may_manage_members(acting_member):
        raise Denied
    limit = numbers.get("organizations.invitation_list_rows")
    if len(command.rows) > limit:
        raise Refused(Fault("", "too_many_rows", {"limit": limit}))
    if not any(not row.faults for row in command.rows):
        raise Refused(Fault("", "nobody"))
    now = clock.now()
    made, is_new = InvitationList.objects.get_or_create(
        public_id=command.form_key,
        defaults={
            "organization_id": acting_member.organization_id,
            "created_by": acting_member.account,
            "ip": origin.ip,
            "user_agent": origin.user_agent,
            "created_at": now,
        },
    )
    if made.organization_id != acting_member.organization_id:
        raise NotFound
    if not is_new:
        return made
    InvitationRow.objects.bulk_create(
        [
            InvitationRow(
                list=made,
                number=number,
                email=row.command.email[:254],
                wanted=_stored(row.command),
                state=InvitationRow.State.REFUSED if row.faults else InvitationRow.State.WAITING,
                faults=_told(row.faults),
            )
            for number, row in enumerate(command.rows, 1)
        ],
        batch_size=_CHUNK,
    )
    audit.record(
        "organizations.invitation_list_sent",
        actor=acting_member.account_id,
        organization=acting_member.organization_id,
        target=f"invitation_list:{made.public_id}",
        origin=origin,
        detail={"rows": len(command.rows)},
    )
    jobs.enqueue(SEND, {"list_id": made.pk}, key=f"invitation_list:{made.pk}:0")
    return made


def send(list_id: int) -> None:
    """Invite whoever of the list still waits, each row whole or not at all.

    Where the limits say "later" the rest waits for them.
    """
    asked = InvitationList.objects.filter(pk=list_id).first()
    if asked is None:
        return
    waiting = asked.rows.filter(state=InvitationRow.State.WAITING).order_by("number")
    for key in list(waiting.values_list("pk", flat=True)):
        minutes = _send_row(asked, key)
        if minutes:
            jobs.enqueue(
                SEND,
                {"list_id": list_id},
                key=f"invitation_list:{list_id}:{key}:{clock.now():%Y%m%d%H%M}",
                run_at=clock.now() + timedelta(minutes=minutes),
            )
            return
    InvitationList.objects.filter(pk=list_id, finished_at=None).update(finished_at=clock.now())


@transaction.atomic
def _send_row(asked: InvitationList, key: int) -> int:
    """Invite one person; return how many minutes to wait first, 0 where it is done."""
    row = (
        InvitationRow.objects.select_for_update()
        .filter(pk=key, state=InvitationRow.State.WAITING)
        .first()
    )
    if row is None:
        return 0
    origin = Origin(ip=asked.ip, user_agent=asked.user_agent)
    try:
        done = invitations.invite(_read(row), acting_member=_acting(asked), origin=origin)
    except Denied:
        row.state, row.faults = InvitationRow.State.REFUSED, _told([Fault("", "not_allowed")])
    except Refused as refused:
        waits = next((fault for fault in refused.faults if fault.code == _WAITS), None)
        if waits is not None:
            return int(waits.params["minutes"])
        row.state, row.faults = InvitationRow.State.REFUSED, _told(refused.faults)
    else:
        row.state, row.invitation = InvitationRow.State.INVITED, done.invitation
    row.save(update_fields=["state", "faults", "invitation"])
    return 0


def _acting(asked: InvitationList) -> Membership:
    """Return whoever asked, as the member they are now.

    Raises:
        Denied: they are no member any longer.

    """
    if asked.created_by_id is None:
        raise Denied
    member = (
        Membership.objects.select_related("organization", "account")
        .filter(organization_id=asked.organization_id, account_id=asked.created_by_id)
        .first()
    )
    if member is None:
        raise Denied
    return member


def _role_words() -> dict[str, str]:
    """Return what people call each role, in every language of the installation."""
    words = {role: role for role in roles.ROLES}
    for language in settings.HOSPES.languages:
        with translation.override(language):
            words |= {pasted.fold(str(name)): role for role, name in role_words.NAMES.items()}
    return words


def _asked(
    person: Person, common: checks.Invite, teams: dict[str, int], words: dict[str, str]
) -> tuple[checks.Invite, list[Fault]]:
    faults = []
    role = words.get(pasted.fold(person.role), "") if person.role else common.role
    if not role:
        faults.append(Fault("role", "unknown"))
    language = person.language[:2].lower() if person.language else common.language
    team_ids = common.team_ids
    if person.teams:
        known = [teams.get(name.casefold()) for name in person.teams]
        faults += [
            Fault("team_ids", "no_such_team", {"name": name})
            for name, key in zip(person.teams, known, strict=True)
            if key is None
        ]
        team_ids = frozenset(key for key in known if key is not None)
    grants = common.grants
    if person.grants:
        read = [wanted_of(word) for word in person.grants]
        faults += [
            Fault("grants", "unreadable", {"word": word})
            for word, each in zip(person.grants, read, strict=True)
            if each is None
        ]
        grants = frozenset(each for each in read if each is not None)
    command = replace(
        common,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        role=role,
        language=language,
        team_ids=team_ids,
        grants=grants,
        is_silent=False,
    )
    return checks.tidy(command), faults


def wanted_of(word: str) -> Wanted | None:
    """Read a right as "technical" (on everything) or "product:42:technical"; None: unreadable."""
    place, _, right = word.strip().lower().rpartition(":")
    reach = rights.reach(place or "all")
    if reach is None or not rights.is_right(right):
        return None
    return Wanted(reach, right)


def _known(emails: Iterable[str], organization_id: int) -> tuple[set[str], dict[str, int]]:
    """Return which of the addresses are members', and which wait for an answer."""
    asked = sorted(email for email in emails if addresses.is_plausible(email))
    members: set[str] = set()
    pending: dict[str, int] = {}
    for start in range(0, len(asked), _CHUNK):
        part = asked[start : start + _CHUNK]
        members.update(
            Membership.objects.filter(
                organization_id=organization_id, account__email__in=part
            ).values_list("account__email", flat=True)
        )
        pending.update(
            Invitation.objects.filter(
                organization_id=organization_id,
                email__in=part,
                status=rules.PENDING,
                expires_at__gt=clock.now(),
            ).values_list("email", "pk")
        )
    return members, pending


def _stored(command: checks.Invite) -> dict[str, Any]:
    values = asdict(command)
    values["team_ids"] = sorted(command.team_ids)
    values["grants"] = [[each.reach.word, each.right] for each in sorted(command.grants)]
    return values


def _read(row: InvitationRow) -> checks.Invite:
    values = dict(row.wanted)
    values["team_ids"] = frozenset(values["team_ids"])
    values["grants"] = frozenset(
        Wanted(reach, right)
        for word, right in values["grants"]
        if (reach := rights.reach(word)) is not None
    )
    return checks.Invite(**values)


def _told(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    return [{"field": fault.field, "code": fault.code, "params": fault.params} for fault in faults]
