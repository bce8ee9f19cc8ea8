"""What a directory's user is in the organization: invited, a member, or neither.

The directory's word alone makes nobody a member: whoever is to be one has agreed once, by an
invitation to the very address, or belonged to the organization before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from hospes.foundation import clock, numbers
from hospes.foundation.errors import Denied, NotFound
from hospes.identity.models import Account
from hospes.identity.services import limits
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain.invitations import PENDING
from hospes.organizations.models import Invitation, Membership
from hospes.organizations.services import invitations, members, team_members
from hospes.organizations.services.invitation_checks import DAY, Invite
from hospes.organizations.services.invitation_links import is_alive
from hospes.protocols.scim.errors import ScimError, forbidden, invalid_value
from hospes.scim.domain import people
from hospes.scim.models import DirectoryGroup

if TYPE_CHECKING:
    from hospes.kit.origin import Origin
    from hospes.scim.models import Directory, DirectoryUser

_TOO_MUCH = {"too_many_invitations", "too_many_mails", "too_many_resends", "throttled"}


def address_of(user: DirectoryUser) -> str:
    """Return the address that an invitation goes to.

    Raises:
        ScimError: the directory names none (``invalidValue``).

    """
    address = people.address_of(user.attributes, user.user_name)
    if not address:
        raise invalid_value(
            "The user has no e-mail address to invite: give one in emails, or as userName."
        )
    return address


def membership_of(user: DirectoryUser) -> Membership | None:
    """Return the user's place in the organization, if there is one."""
    if user.account_id is None:
        return None
    return (
        Membership.objects.select_related("organization", "account")
        .filter(organization_id=user.directory.organization_id, account_id=user.account_id)
        .first()
    )


def let_in(user: DirectoryUser, origin: Origin) -> None:
    """Make a user a member again, link a member to it, or invite; the row is saved by the caller.

    Raises:
        ScimError: it cannot be done now.

    """
    address = address_of(user)
    if membership_of(user) is not None:
        take_places(user, origin)
        return
    if user.account is not None:
        # Agreed once, and has not left: no new mail is due.
        _vouched(user.directory)
        role = people.role_of(user.attributes) or Membership.Role.NORMAL
        members.join(user.directory.organization, user.account, role, origin=origin, actor=None)
        take_places(user, origin)
        return
    known = (
        Membership.objects.select_related("account")
        .filter(
            organization_id=user.directory.organization_id,
            account__email=address,
            account__email_verified_at__isnull=False,
        )
        .exclude(account__state=Account.State.DELETED)
        .first()
    )
    if known is not None:
        user.account = known.account
        user.save(update_fields=["account"])
        take_places(user, origin)
        return
    _invite(user, address, origin)


def _invite(user: DirectoryUser, address: str, origin: Origin) -> None:
    directory = user.directory
    voucher = _voucher(directory, people.role_of(user.attributes))
    waiting = Invitation.objects.filter(
        organization=directory.organization, email=address, status=PENDING
    ).first()
    if waiting is not None and is_alive(waiting):
        # Somebody invited them by hand, or another directory did: one mail is enough.
        user.invitation, user.invited_here = waiting, False
        return
    first_name, last_name = people.names_of(user.attributes, user.user_name, address)
    command = Invite(
        email=address,
        first_name=first_name,
        last_name=last_name,
        language=_language(user, voucher),
        role=people.role_of(user.attributes) or Membership.Role.NORMAL,
        is_strict=True,
    )
    try:
        if waiting is not None and waiting.expires_at > clock.now():
            # Dead because whoever sent it may not give it any longer: it makes room.
            invitations.cancel(waiting, acting_member=voucher, origin=origin)
        invited = invitations.invite(command, acting_member=voucher, origin=origin, admit=_admit)
    except Refused as refused:
        raise told(refused) from refused
    user.invitation, user.invited_here = invited.invitation, True


def _admit(voucher: Membership) -> None:
    """Count one more invitation of the organization's directories, apart from those by hand.

    A directory brings a whole company when it is connected; whoever connected it may go on
    inviting by hand.

    Raises:
        Refused: ``too_many_invitations``.

    """
    limits.admit(
        "scim.invitations",
        str(voucher.organization_id),
        limit=numbers.get("scim.invitations_per_organization_per_day"),
        window=DAY,
        code="too_many_invitations",
    )


def _language(user: DirectoryUser, voucher: Membership) -> str:
    offered = settings.HOSPES.languages
    wanted = people.language_of(user.attributes, offered)
    organization = user.directory.organization
    return wanted or organization.language or voucher.account.locale


def _voucher(directory: Directory, role: str) -> Membership:
    """Return the member in whose name the directory invites.

    Whoever connected it, while they manage members; else whoever has represented the organization
    longest.

    Raises:
        ScimError: nobody may give the role.

    """
    leads = (
        Membership.objects.select_related("organization", "account")
        .filter(
            organization_id=directory.organization_id,
            role__in=(Membership.Role.OWNER, Membership.Role.ADMIN),
        )
        .order_by("pk")
    )
    own = leads.filter(account=directory.created_by).first() if directory.created_by else None
    if own is None and role == Membership.Role.ADMIN:
        raise _unvouched()
    found = own or leads.filter(role=Membership.Role.OWNER).first()
    if found is None or not policies.may_give_role(found, role or Membership.Role.NORMAL):
        raise forbidden("Nobody in the organization may invite with that role.")
    return found


def _vouched(directory: Directory) -> None:
    """Refuse where whoever holds the token may no longer do what the directory is to do.

    An administrator who was removed would otherwise come back by the token that they kept.

    Raises:
        ScimError: whoever connected the directory, or renewed its token, leads no more (403).

    """
    if not Membership.objects.filter(
        organization_id=directory.organization_id,
        account=directory.created_by,
        role__in=(Membership.Role.OWNER, Membership.Role.ADMIN),
    ).exists():
        raise _unvouched()


def _unvouched() -> ScimError:
    return forbidden(
        "Whoever connected this directory does not manage members any more. Somebody who does "
        "renews its token first, on the Directory page."
    )


def send_off(user: DirectoryUser, origin: Origin) -> None:
    """End a user's membership, or take the directory's own invitation back.

    Raises:
        ScimError: the user is a legal representative (403).

    """
    membership = membership_of(user)
    if membership is None:
        take_back(user, origin)
        return
    try:
        members.remove_member(members.RemoveMember(membership), acting_member=None, origin=origin)
    except (Denied, Refused) as refusal:
        raise forbidden(
            f"{user.user_name} is a legal representative of the organization and is not removed "
            "by a directory. Another legal representative can do so on the Members page."
        ) from refusal
    except NotFound:
        # Gone in the meantime, as was wanted.
        return


def take_back(user: DirectoryUser, origin: Origin) -> None:
    """Cancel the directory's own invitation of a user, if it is still unanswered."""
    invitation = user.invitation
    if invitation is None or not user.invited_here or invitation.status != PENDING:
        return
    voucher = _voucher(user.directory, invitation.role)
    try:
        invitations.cancel(invitation, acting_member=voucher, origin=origin)
    except Refused:
        # Answered at this very moment.
        return


def adjust(user: DirectoryUser, before: tuple[str, str, str], origin: Origin) -> None:
    """Bring role, language and address up to date; ``before`` is ``wishes`` as they were.

    Raises:
        ScimError: it cannot be done now.

    """
    address, role, language = wishes(user)
    old_address, old_role, old_language = before
    membership = membership_of(user)
    if membership is not None:
        if role != old_role and membership.role != Membership.Role.OWNER:
            if role == Membership.Role.ADMIN:
                _vouched(user.directory)
            _give_role(membership, role or Membership.Role.NORMAL, origin)
        return
    invitation = user.invitation
    if user.account_id is not None or invitation is None or invitation.status != PENDING:
        return
    if address != old_address:
        take_back(user, origin)
        user.invitation, user.invited_here = None, False
        let_in(user, origin)
    elif user.invited_here and (role, language) != (old_role, old_language):
        change = invitations.ChangeInvitation(
            invitation,
            role=role or Membership.Role.NORMAL,
            language=language or None,
        )
        voucher = _voucher(user.directory, role)
        try:
            invitations.change_invitation(change, acting_member=voucher, origin=origin)
        except Refused as refused:
            raise told(refused) from refused


def wishes(user: DirectoryUser) -> tuple[str, str, str]:
    """Return address, role and language that the directory names, each ``""`` for none."""
    return (
        people.address_of(user.attributes, user.user_name),
        people.role_of(user.attributes),
        people.language_of(user.attributes, settings.HOSPES.languages),
    )


def _give_role(membership: Membership, role: str, origin: Origin) -> None:
    if membership.role == role:
        return
    try:
        members.change_role(members.ChangeRole(membership, role), acting_member=None, origin=origin)
    except Refused as refused:
        raise told(refused) from refused
    except Denied as denied:
        raise forbidden("A directory does not change this member's role.") from denied


def take_places(user: DirectoryUser, origin: Origin) -> None:
    """Put a member into the teams whose groups the user waits for."""
    membership = membership_of(user)
    if membership is None or user.pk is None:
        return
    waited = DirectoryGroup.objects.filter(waiting=user).select_related("team").order_by("pk")
    for group in list(waited):
        team_members.add_members(
            team_members.AddMembers(group.team, (membership,)), acting_member=None, origin=origin
        )
        group.waiting.remove(user)


def told(refused: Refused) -> ScimError:
    """Say a refusal of the organization's services in SCIM's words."""
    faults = refused.faults
    waits = [fault.params.get("minutes", 1) for fault in faults if fault.code in _TOO_MUCH]
    if waits:
        return ScimError(
            f"Too many invitations or changes for now. Try again in {max(waits)} minutes.",
            status=429,
            retry_after=60 * max(waits),
        )
    named = ", ".join(sorted({f"{fault.field} {fault.code}".strip() for fault in faults}))
    return invalid_value(f"The organization does not take this: {named}.")
