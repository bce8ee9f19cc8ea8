"""The link of an invitation: 256 random bits, of which only the SHA-256 is kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from hospes.foundation import clock, numbers
from hospes.identity.domain import tokens
from hospes.identity.services import mail_links
from hospes.organizations import policies
from hospes.organizations.domain.invitations import PENDING
from hospes.organizations.models import Invitation, Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hospes.identity.models import Account


def lifetime() -> timedelta:
    """Return how long a link works."""
    return timedelta(days=numbers.get("api.invitation_days"))


def address(token: str) -> str:
    """Return the full address of the link."""
    return mail_links.address("invitation_link", token)


def answer_path(invitation: Invitation) -> str:
    """Return the page that answers it, for those who have the link or its very address.

    It names no secret, so that it may stand in a sign-up's row and in an address bar.
    """
    return reverse("invitation_answer", args=[invitation.pk])


def find(token: str) -> Invitation | None:
    """Return the invitation that the link belongs to, if it can still be answered."""
    found = _rows().filter(token_hash=tokens.fingerprint(token)).first()
    return found if found is not None and is_alive(found) else None


def find_answerable(key: int, token: str, account: Account | None) -> Invitation | None:
    """Return the invitation, if it can still be answered, to whom it may be shown.

    That is who holds its link (``token``), and who owns the address it was sent to.
    """
    found = _rows().filter(pk=key).first()
    if found is None or not is_alive(found):
        return None
    return found if holds_link(found, token) or is_addressee(found, account) else None


def holds_link(invitation: Invitation, token: str) -> bool:
    """Return whether ``token`` is the secret of its newest link."""
    return bool(token) and secrets.compare_digest(invitation.token_hash, tokens.fingerprint(token))


def is_addressee(invitation: Invitation, account: Account | None) -> bool:
    """Return whether the account has proved that the invitation's address is its own."""
    return (
        account is not None
        and account.email_verified_at is not None
        and account.email == invitation.email
    )


def may_accept(invitation: Invitation, token: str, account: Account) -> bool:
    """Return whether this account may accept; a strict invitation is for its address alone."""
    if is_addressee(invitation, account):
        return True
    return not invitation.is_strict and holds_link(invitation, token)


def is_alive(invitation: Invitation) -> bool:
    """Return whether it can still be answered.

    It gives nothing that whoever sent it could not give now: it dies with that right.
    """
    return (
        invitation.status == PENDING
        and invitation.expires_at > clock.now()
        and is_vouched_for(invitation)
    )


def is_vouched_for(invitation: Invitation) -> bool:
    """Return whether whoever sent it may still give its role in that organization."""
    if invitation.created_by_id is None:
        return False
    sender = Membership.objects.filter(
        organization_id=invitation.organization_id, account_id=invitation.created_by_id
    ).first()
    return policies.may_manage_members(sender) and policies.may_give_role(sender, invitation.role)


def _rows() -> QuerySet[Invitation]:
    return Invitation.objects.select_related("organization", "created_by")
