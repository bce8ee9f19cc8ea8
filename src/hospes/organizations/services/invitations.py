"""Inviting somebody, sending the invitation again, changing it and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.foundation.registry import Lane
from hospes.foundation.services import audit, messages, outbox
from hospes.identity.domain import masking
from hospes.identity.services import limits, mail_links
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import invitations as rules
from hospes.organizations.mails import invitations as mails
from hospes.organizations.models import Invitation, Membership
from hospes.organizations.services import grants as granting
from hospes.organizations.services import invitation_checks as checks
from hospes.organizations.services import invitation_links as links

if TYPE_CHECKING:
    from collections.abc import Callable

    from hospes.kit.origin import Origin
    from hospes.organizations.services.grants import Wanted

_FLAGS = ("has_billing", "mails_billing", "mails_products")


Invite = checks.Invite


@dataclass(frozen=True, slots=True)
class Invited:
    """``url`` is the link in clear, here and nowhere else."""

    invitation: Invitation
    url: str


@dataclass(frozen=True, slots=True)
class ChangeInvitation:
    """What it will give; None leaves what is there."""

    invitation: Invitation
    role: str | None = None
    language: str | None = None
    team_ids: frozenset[int] | None = None
    grants: frozenset[Wanted] | None = None
    has_billing: bool | None = None
    mails_billing: bool | None = None
    mails_products: bool | None = None


def invite(
    command: Invite,
    *,
    acting_member: Membership,
    origin: Origin,
    admit: Callable[[Membership], None] = checks.admit,
) -> Invited:
    """Invite somebody, by mail unless the invitation is silent; return it with its link.

    ``admit`` counts it, or raises ``Refused``.

    Raises:
        Denied: whoever acts may not invite.
        Refused: every fault at once: ``email`` with ``already_member`` or ``already_invited``
            (and the ``invitation``'s key), ``role`` with ``not_yours_to_give``, ``team_ids`` and
            ``grants`` with ``unknown…``; or ``""`` with ``too_many_invitations`` or
            ``too_many_mails`` and the ``minutes`` to wait.

    """
    if not policies.may_manage_members(acting_member):
        raise Denied
    command = checks.tidy(command)
    found = checks.faults(command, acting_member=acting_member)
    if found:
        raise Refused(found)
    admit(acting_member)
    if not command.is_silent:
        checks.admit_mail(command.email)
    try:
        with transaction.atomic():
            return _invite(command, acting_member, origin)
    except IntegrityError:
        # The same address was invited at the same moment, or a team or product has just gone.
        again = checks.faults(command, acting_member=acting_member)
        if again:
            raise Refused(again) from None
        raise


def renew(
    invitation: Invitation, *, by_mail: bool, acting_member: Membership, origin: Origin
) -> Invited:
    """Give a pending or expired invitation a new link and its full time; the old link is dead.

    Whoever does it vouches for it from now on. With ``by_mail`` the link is mailed.

    Raises:
        Denied: whoever acts may not give the invitation's role.
        NotFound: it belongs to another organization.
        Refused: ``""`` with ``not_pending``, ``already_member``, ``too_many_resends``,
            ``too_many_invitations`` or ``too_many_mails``.

    """
    _may_touch(invitation, acting_member)
    if invitation.status != rules.PENDING:
        raise Refused(Fault("", "not_pending"))
    if checks.is_member(invitation.email, invitation.organization_id):
        raise Refused(Fault("", "already_member"))
    limits.admit(
        "invitation.resent",
        str(invitation.pk),
        limit=numbers.get("organizations.invitation_resends_per_day"),
        window=checks.DAY,
        code="too_many_resends",
    )
    checks.admit(acting_member)
    if by_mail:
        checks.admit_mail(invitation.email)
    now = clock.now()
    token, stored = mail_links.new_token()
    with transaction.atomic():
        present = _held(invitation)
        present.token_hash = stored
        present.expires_at = now + links.lifetime()
        present.created_by = acting_member.account
        if by_mail:
            present.sent_at = now
            present.sent_times = min(present.sent_times + 1, 32767)
        present.save(
            update_fields=["token_hash", "expires_at", "created_by", "sent_at", "sent_times"]
        )
        url = links.address(token)
        if by_mail:
            _mail(present, acting_member, url)
        what = "organizations.invitation_resent" if by_mail else "organizations.invitation_renewed"
        _record(what, present, acting_member, origin)
    return Invited(present, url)


def resend(invitation: Invitation, *, acting_member: Membership, origin: Origin) -> Invited:
    """Mail a new link; see ``renew``."""
    return renew(invitation, by_mail=True, acting_member=acting_member, origin=origin)


@transaction.atomic
def cancel(invitation: Invitation, *, acting_member: Membership, origin: Origin) -> None:
    """Take a pending invitation back; its link is dead.

    Raises:
        Denied, NotFound: as ``renew``.
        Refused: ``""`` with ``not_pending``.

    """
    _may_touch(invitation, acting_member)
    now = clock.now()
    if not Invitation.objects.filter(pk=invitation.pk, status=rules.PENDING).update(
        status=rules.CANCELLED, answered_at=now
    ):
        raise Refused(Fault("", "not_pending"))
    invitation.status, invitation.answered_at = rules.CANCELLED, now
    _record("organizations.invitation_cancelled", invitation, acting_member, origin)
    _emit("organizations.invitation_cancelled", invitation, acting_member.account_id)


def change_invitation(
    command: ChangeInvitation, *, acting_member: Membership, origin: Origin
) -> bool:
    """Change what a pending invitation will give; return whether anything changed.

    Raises:
        Denied, NotFound: as ``renew``.
        Refused: every fault at once, as ``invite``; ``""`` with ``not_pending``.

    """
    _may_touch(command.invitation, acting_member)
    found = checks.role_faults(command.role, acting_member) if command.role is not None else []
    if command.language is not None and command.language not in settings.HOSPES.languages:
        found.append(Fault("language", "unknown"))
    found += checks.team_faults(command.team_ids or (), acting_member.organization_id)
    found += checks.grant_faults(command.grants or frozenset(), acting_member.organization_id)
    if found:
        raise Refused(found)
    with transaction.atomic():
        present = _held(command.invitation)
        changed = []
        for field in ("role", "language", *_FLAGS):
            value = getattr(command, field)
            if value is not None and value != getattr(present, field):
                setattr(present, field, value)
                changed.append(field)
        if "role" in changed:
            _vouch(present, acting_member)
        if changed:
            present.save(update_fields=[*changed, "created_by", "token_hash"])
        if command.team_ids is not None and _set_teams(present, command.team_ids):
            changed.append("teams")
        if command.grants is not None and granting.replace(present, command.grants):
            changed.append("grants")
        if changed:
            detail: dict[str, object] = {"changed": sorted(changed)}
            _record("organizations.invitation_changed", present, acting_member, origin, detail)
    return bool(changed)


def _vouch(invitation: Invitation, acting_member: Membership) -> None:
    """Have whoever gives another role answer for the invitation."""
    invitation.created_by = acting_member.account
    if invitation.role == Membership.Role.OWNER:
        # Whoever kept the old link was never to become that: a new one has to be sent.
        invitation.token_hash = mail_links.new_token()[1]


def _invite(command: Invite, acting_member: Membership, origin: Origin) -> Invited:
    now = clock.now()
    # One that has expired makes room; the list still says that it expired.
    Invitation.objects.filter(
        organization_id=acting_member.organization_id,
        email=command.email,
        status=rules.PENDING,
        expires_at__lte=now,
    ).update(status=rules.CANCELLED, answered_at=now)
    token, stored = mail_links.new_token()
    invitation = Invitation.objects.create(
        organization=acting_member.organization,
        email=command.email,
        first_name=command.first_name,
        last_name=command.last_name,
        language=command.language,
        role=command.role,
        is_strict=command.is_strict,
        is_silent=command.is_silent,
        **{flag: getattr(command, flag) for flag in _FLAGS},
        token_hash=stored,
        created_by=acting_member.account,
        created_at=now,
        sent_at=None if command.is_silent else now,
        sent_times=0 if command.is_silent else 1,
        expires_at=now + links.lifetime(),
    )
    _set_teams(invitation, command.team_ids)
    granting.replace(invitation, command.grants)
    url = links.address(token)
    if not command.is_silent:
        _mail(invitation, acting_member, url)
    _record(
        "organizations.invitation_created",
        invitation,
        acting_member,
        origin,
        {"role": invitation.role},
    )
    _emit("organizations.invitation_created", invitation, acting_member.account_id)
    return Invited(invitation, url)


def _may_touch(invitation: Invitation, acting_member: Membership) -> None:
    if invitation.organization_id != acting_member.organization_id:
        raise NotFound
    if not policies.may_manage_members(acting_member) or not policies.may_give_role(
        acting_member, invitation.role
    ):
        raise Denied


def _held(invitation: Invitation) -> Invitation:
    present = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organization")
        .filter(pk=invitation.pk, status=rules.PENDING)
        .first()
    )
    if present is None:
        raise Refused(Fault("", "not_pending"))
    return present


def _set_teams(invitation: Invitation, team_ids: frozenset[int]) -> bool:
    if set(invitation.teams.values_list("pk", flat=True)) == team_ids:
        return False
    invitation.teams.set(sorted(team_ids))
    return True


def _mail(invitation: Invitation, acting_member: Membership, url: str) -> None:
    mail = mails.invited(
        invitation,
        sender=acting_member.account.name,
        link=url,
        days=numbers.get("api.invitation_days"),
    )
    messages.send_mail(
        mail,
        to=invitation.email,
        locale=invitation.language,
        kind="organizations.invitation",
        lane=Lane.BULK,
    )


def _record(
    action: str,
    invitation: Invitation,
    acting_member: Membership,
    origin: Origin,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        action,
        actor=acting_member.account_id,
        organization=invitation.organization_id,
        target=f"invitation:{invitation.pk}",
        origin=origin,
        detail={"email": masking.email(invitation.email), **(detail or {})},
    )


def _emit(event: str, invitation: Invitation, actor_id: int | None) -> None:
    outbox.emit(
        event,
        {
            "organization_id": invitation.organization_id,
            "actor_id": actor_id,
            "invitation_id": invitation.pk,
            "email": invitation.email,
        },
    )
