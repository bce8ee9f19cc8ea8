"""Accepting and declining an invitation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import translation

from hospes.foundation import clock
from hospes.foundation.services import audit, messages, outbox
from hospes.identity.domain import masking
from hospes.identity.models import SignUp
from hospes.kit.faults import Fault, Refused
from hospes.organizations.domain import invitations as rules
from hospes.organizations.mails import invitations as mails
from hospes.organizations.models import (
    CurrentOrganization,
    Grant,
    Invitation,
    Membership,
    Organization,
    Team,
    TeamMember,
)
from hospes.organizations.services import invitation_links as links
from hospes.organizations.services import members

if TYPE_CHECKING:
    from hospes.identity.models import Account, Session
    from hospes.kit.origin import Origin


@dataclass(frozen=True, slots=True)
class Answer:
    """``token`` is the secret of the link, "" where the address alone entitles."""

    invitation: Invitation
    token: str = ""


@transaction.atomic
def accept(
    command: Answer, *, acting_account: Account, origin: Origin, sign_in: Session | None = None
) -> Membership:
    """Make the account a member, with the invitation's role, teams and rights.

    Of several who accept at once one becomes a member. Teams and products that are gone by now
    are left out. ``sign_in`` looks at the organization from then on.

    Raises:
        Refused: ``dead`` (it was answered, taken back or renewed, its time is over, or whoever
            sent it may not give this any longer), ``another_address`` (it is strict),
            ``already_member``.

    """
    invitation = _held(command)
    if not links.is_addressee(invitation, acting_account) and not links.holds_link(
        invitation, command.token
    ):
        raise Refused(Fault("", "dead"))
    if not links.may_accept(invitation, command.token, acting_account):
        raise Refused(Fault("", "another_address"))
    organization = invitation.organization
    if Membership.objects.filter(organization=organization, account=acting_account).exists():
        raise Refused(Fault("", "already_member"))
    _answer(invitation, rules.ACCEPTED, acting_account)
    membership = members.join(
        organization,
        acting_account,
        invitation.role,
        flags=members.Flags(
            has_billing=invitation.has_billing,
            mails_billing=invitation.mails_billing,
            mails_products=invitation.mails_products,
        ),
        origin=origin,
        actor=acting_account,
    )
    _give(invitation, membership)
    _drop_provisional(invitation, acting_account, origin)
    if sign_in is not None:
        CurrentOrganization.objects.update_or_create(
            session=sign_in, defaults={"organization": organization}
        )
    _tell(invitation, acting_account, origin)
    return membership


@transaction.atomic
def reject(command: Answer, *, acting_account: Account | None, origin: Origin) -> None:
    """Decline: the link is dead, and whoever invited is told.

    Whoever holds the link may, signed in or not: no account is needed to say no.

    Raises:
        Refused: ``dead``, as ``accept``.

    """
    invitation = _held(command)
    if not links.is_addressee(invitation, acting_account) and not links.holds_link(
        invitation, command.token
    ):
        raise Refused(Fault("", "dead"))
    _answer(invitation, rules.REJECTED, None)
    _tell(invitation, acting_account, origin)


def _held(command: Answer) -> Invitation:
    """Return the invitation as it is now, with the right of whoever sent it held still."""
    # Roles change under this lock (``members``): whoever sent it cannot be demoted meanwhile.
    organization = (
        Organization.objects.select_for_update(no_key=True)
        .filter(pk=command.invitation.organization_id)
        .first()
    )
    invitation = (
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organization", "created_by")
        .filter(pk=command.invitation.pk)
        .first()
    )
    if organization is None or invitation is None or not links.is_alive(invitation):
        raise Refused(Fault("", "dead"))
    return invitation


def _answer(invitation: Invitation, status: str, account: Account | None) -> None:
    now = clock.now()
    answered = Invitation.objects.filter(
        pk=invitation.pk,
        status=rules.PENDING,
        token_hash=invitation.token_hash,
        expires_at__gt=now,
    ).update(status=status, answered_at=now, accepted_by=account)
    if not answered:
        raise Refused(Fault("", "dead"))
    invitation.status, invitation.answered_at = status, now


def _give(invitation: Invitation, membership: Membership) -> None:
    """Give the new member the teams and rights that the invitation holds."""
    # Held, so that none is deleted before the place in it is written.
    teams = list(
        Team.objects.select_for_update(no_key=True)
        .filter(pk__in=invitation.teams.values("pk"), organization_id=invitation.organization_id)
        .order_by("pk")
    )
    now = clock.now()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, membership=membership, added_at=now) for team in teams]
    )
    for team in teams:
        outbox.emit(
            "organizations.team_members_changed",
            {
                "organization_id": invitation.organization_id,
                "actor_id": membership.account_id,
                "team_id": team.pk,
                "added": [membership.account_id],
                "removed": [],
            },
        )
    if Grant.objects.filter(invitation=invitation).update(invitation=None, membership=membership):
        outbox.emit(
            "organizations.grants_changed",
            {
                "organization_id": invitation.organization_id,
                "actor_id": membership.account_id,
                "holder": f"member:{membership.account_id}",
            },
        )


def _drop_provisional(invitation: Invitation, account: Account, origin: Origin) -> None:
    """Delete the organization that signing up for this invitation made, if nothing is in it.

    Every account has one from its first moment, as it may never accept; by accepting it has
    another, and one of its own was not asked for.
    """
    signed_up_for_it = SignUp.objects.filter(
        email=account.email,
        used_at__gte=account.created_at,
        continue_to=links.answer_path(invitation),
    ).exists()
    if not signed_up_for_it:
        return
    own = Organization.objects.filter(
        memberships__account=account,
        memberships__role=Membership.Role.OWNER,
        # Neither made on purpose nor changed since.
        created_by=None,
        updated_at=None,
    ).exclude(pk=invitation.organization_id)
    for organization in own.select_for_update(of=("self",)):
        if _is_untouched(organization):
            event = {
                "organization_id": organization.pk,
                "actor_id": account.pk,
                "name": organization.name,
            }
            audit.record(
                "organizations.provisional_deleted",
                actor=account.pk,
                subject=account.pk,
                organization=organization.pk,
                target=f"organization:{organization.public_id}",
                origin=origin,
                detail={"name": organization.name},
            )
            outbox.emit("organizations.organization_deleted", event)
            organization.delete()


def _is_untouched(organization: Organization) -> bool:
    """Return whether nothing, of any room, hangs on it but its one membership."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    try:
        collector.collect([organization])
    except (ProtectedError, RestrictedError):
        return False
    found: dict[Any, set[Any]] = {model: set(rows) for model, rows in collector.data.items()}
    fast: list[Any] = list(collector.fast_deletes)
    for rows in fast:
        found.setdefault(rows.model, set()).update(rows)
    changed: list[Any] = [rows for each in collector.field_updates.values() for rows in each]
    if any(len(rows) for rows in changed):
        return False
    found.pop(Organization, None)
    found.pop(CurrentOrganization, None)
    return len(found.pop(Membership, set())) == 1 and not any(found.values())


def _tell(invitation: Invitation, account: Account | None, origin: Origin) -> None:
    accepted = invitation.status == rules.ACCEPTED
    what = "organizations.invitation_accepted" if accepted else "organizations.invitation_rejected"
    actor = account.pk if account else None
    audit.record(
        what,
        actor=actor,
        subject=actor,
        organization=invitation.organization_id,
        target=f"invitation:{invitation.pk}",
        origin=origin,
        detail={"email": masking.email(invitation.email)},
    )
    event = {
        "organization_id": invitation.organization_id,
        "actor_id": actor,
        "invitation_id": invitation.pk,
        "email": invitation.email,
    }
    outbox.emit(what, {**event, "account_id": actor} if accepted else event)
    sender = invitation.created_by
    if sender is None or not sender.mail_address:
        return
    with translation.override(sender.locale):
        mail = mails.answered(
            invitation,
            accepted=accepted,
            first_name=sender.first_name,
        )
    messages.send_mail(
        mail, to=sender.mail_address, locale=sender.locale, kind="organizations.invitation_answered"
    )
