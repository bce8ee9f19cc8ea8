"""Telling members by mail what was done to them, in their own language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from hospes.foundation import clock
from hospes.foundation.registry import Lane
from hospes.foundation.services.messages import send_mail
from hospes.identity.services.security_notices import words_for
from hospes.organizations.mails import members as mails
from hospes.organizations.models import Membership, role_words

if TYPE_CHECKING:
    from hospes.foundation.services.messages import Mail
    from hospes.identity.models import Account


def address(url_name: str, *arguments: str) -> str:
    """Return a page's full address: always the configured one, never the Host header's."""
    return f"{settings.HOSPES.base_url}{reverse(url_name, args=arguments)}"


def name_of(acting_member: Membership | None) -> str:
    """Return who acted, in the present language; None is the organization's directory."""
    if acting_member is None:
        return _("your organization's directory")
    return acting_member.account.name or acting_member.account.email


def tell_role_changed(member: Membership, before: str, *, acting_member: Membership | None) -> None:
    """Sum up for a member what changed, who did it and what the role may do."""
    account, organization = member.account, member.organization
    with translation.override(account.locale):
        mail = mails.role_changed(
            first_name=account.first_name,
            organization=organization.name,
            before=role_words.NAMES[before],
            after=role_words.NAMES[member.role],
            meaning=role_words.MEANINGS[member.role],
            actor=name_of(acting_member),
            url=address("member", organization.public_id, account.public_id),
        )
    _send(mail, account, "role_changed")


def tell_removed(member: Membership, *, acting_member: Membership | None) -> None:
    """Tell somebody that they no longer belong to the organization."""
    account = member.account
    with translation.override(account.locale):
        mail = mails.removed(
            first_name=account.first_name,
            organization=member.organization.name,
            actor=name_of(acting_member),
        )
    _send(mail, account, "member_removed")


def tell_unlocked(member: Membership, *, acting_member: Membership) -> None:
    """Tell the owner of an account who lifted its lock."""
    account = member.account
    with translation.override(account.locale):
        mail = mails.unlocked(
            first_name=account.first_name,
            organization=member.organization.name,
            actor=name_of(acting_member),
            facts=((_("When"), words_for(account, clock.now())),),
            sign_in_url=address("sign_in"),
            secure_url=address("settings_secure"),
        )
    _send(mail, account, "account_unlocked")


def remind(member: Membership, *, acting_member: Membership) -> None:
    """Ask a member to set up two-step verification."""
    account = member.account
    with translation.override(account.locale):
        mail = mails.two_step_reminder(
            first_name=account.first_name,
            organization=member.organization.name,
            actor=name_of(acting_member),
            url=address("two_step"),
        )
    _send(mail, account, "two_step_reminder")


def tell_two_step_required(member: Membership) -> None:
    """Tell a member without two-step verification that the organization asks for it now."""
    account, organization = member.account, member.organization
    leaves = member.role == Membership.Role.CLIENT
    with translation.override(account.locale):
        mail = mails.two_step_required(
            first_name=account.first_name,
            organization=organization.name,
            url=address("two_step"),
            leave_url=address("leave_organization", organization.public_id) if leaves else "",
        )
    _send(mail, account, "two_step_required", Lane.BULK)


def _send(mail: Mail, account: Account, what: str, lane: Lane = Lane.MAIN) -> None:
    if account.mail_address:
        send_mail(
            mail,
            to=account.mail_address,
            locale=account.locale,
            kind=f"organizations.{what}",
            lane=lane,
        )
