"""One member of an organization: role, mails, removal, unlocking."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.errors import Denied, NotFound
from hospes.identity.services import credentials, locks
from hospes.identity.services.locks import Lock
from hospes.identity.web.guards import recently_confirmed
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Fault, Refused
from hospes.organizations import policies
from hospes.organizations.domain import roles
from hospes.organizations.domain.colours import name_of
from hospes.organizations.forms.members import (
    MESSAGES,
    FlagsForm,
    MailsForm,
    RemoveForm,
    RoleForm,
)
from hospes.organizations.models import Membership, role_words
from hospes.organizations.queries import activity as activity_queries
from hospes.organizations.queries import members as queries
from hospes.organizations.services import members, unlocking
from hospes.organizations.services.handing_over import handover
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.activity_words import line
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from hospes.organizations.web.access import MemberRequest

FLAGS = ("has_billing", "mails_billing", "mails_products")


def _found(request: MemberRequest, account: UUID) -> Membership:
    """Return the member of the organization that the page is about."""
    found = queries.member(request.member.organization, str(account))
    if found is None:
        raise NotFound
    return found


def _own_or_managed(request: MemberRequest, account: UUID) -> Membership:
    """Return it to whoever manages members, and to the member themselves.

    To the others nobody has a page: they do not learn either who belongs here.
    """
    manages = policies.may_manage_members(request.member)
    if not manages and str(account) != request.account.public_id:
        raise Denied
    return _found(request, account)


def _page(member: Membership) -> str:
    return reverse("member", args=[member.organization.public_id, member.account.public_id])


@require_safe
@in_organization()
def detail(request: MemberRequest, account: UUID) -> HttpResponse:
    """Show a member to those who manage members, and everybody their own membership."""
    found = _own_or_managed(request, account)
    acting = request.member
    own = found.pk == acting.pk
    manages = policies.may_manage_members(acting)
    changes = policies.may_change_member(acting, found)
    entries = queries.activity(found) if manages else []
    people = activity_queries.people_in(entries)
    lock = locks.lock_of(found.account) if manages else Lock.OPEN
    context = {
        "organization": found.organization,
        "found": found,
        "person": found.account,
        "own": own,
        "manages": manages,
        "changes": changes,
        "removes": changes and not own,
        "role": role_words.NAMES[found.role],
        "meaning": role_words.MEANINGS[found.role],
        "sees_billing": policies.may_see_billing(found),
        "teams": [
            {"pk": team.pk, "name": team.name, "colour": name_of(team.color_id)}
            for team in found.teams.all()
        ],
        "two_step": found.account.two_step_since is not None,
        "lock": lock.value,
        "unlocks": lock is Lock.WRONG_PASSWORDS and not own and unlocking.may_unlock(acting, found),
        "lines": [line(entry, people) for entry in entries],
    }
    return render(request, "organizations/member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
@second_factor_proved
def change_role(request: HttpRequest, account: UUID) -> HttpResponse:
    """Offer the roles that whoever asks may give, and give one."""
    asked = cast("MemberRequest", request)
    found = _found(asked, account)
    if not policies.may_change_member(asked.member, found):
        raise Denied
    own = found.pk == asked.member.pk
    offered = tuple(
        role
        for role in reversed(roles.ROLES)
        if policies.may_give_role(asked.member, role)
        and not (own and roles.raises(found.role, role))
    )
    form = RoleForm(request.POST or None, offered=offered, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        command = members.ChangeRole(found, form.cleaned_data["role"])
        try:
            changed = members.change_role(command, acting_member=asked.member, origin=asked.origin)
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            told = _("%(name)s is now: %(role)s. A mail tells them.") % {
                "name": found.account.name,
                "role": role_words.NAMES[changed.role],
            }
            messages.success(request, told)
            return HttpResponseRedirect(_page(found))
    context = {
        "organization": found.organization,
        "found": found,
        "person": found.account,
        "form": form,
        "meanings": [(role_words.NAMES[role], role_words.MEANINGS[role]) for role in offered],
        "own": own,
    }
    return render(request, "organizations/member_role.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization()
def change_flags(request: MemberRequest, account: UUID) -> HttpResponse:
    """Let members choose what is mailed to them, and leads who sees invoices."""
    found = _own_or_managed(request, account)
    changes = policies.may_change_member(request.member, found)
    if not changes and found.pk != request.member.pk:
        raise Denied
    form_class = FlagsForm if changes and not policies.leads(found) else MailsForm
    form = form_class(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(found, name) for name in FLAGS},
    )
    if request.method == "POST" and form.is_valid():
        command = members.ChangeFlags(found, **form.cleaned_data)
        try:
            changed = members.change_flags(
                command, acting_member=request.member, origin=request.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return HttpResponseRedirect(_page(found))
    context = {
        "organization": found.organization,
        "found": found,
        "person": found.account,
        "form": form,
        "own": found.pk == request.member.pk,
    }
    return render(request, "organizations/member_mails.html", context, status=_status(request))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
def remove(request: MemberRequest, account: UUID) -> HttpResponse:
    """Say what ends, ask for the own password, and end a membership."""
    found = _found(request, account)
    if not policies.may_change_member(request.member, found):
        raise Denied
    if found.pk == request.member.pk:
        return HttpResponseRedirect(
            reverse("leave_organization", args=[found.organization.public_id])
        )
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _check_password(request, form.cleaned_data["password"])
            members.remove_member(
                members.RemoveMember(found), acting_member=request.member, origin=request.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            told = _("%(name)s no longer belongs to %(organization)s.") % {
                "name": found.account.name,
                "organization": found.organization.name,
            }
            messages.success(request, told)
            return HttpResponseRedirect(reverse("members", args=[found.organization.public_id]))
    context = {
        "organization": found.organization,
        "found": found,
        "person": found.account,
        "acting": request.account,
        "form": form,
        "goes": handover(found),
    }
    return render(request, "organizations/member_remove.html", context, status=_status(request))


def _check_password(request: MemberRequest, password: str) -> None:
    try:
        credentials.check_own_password(request.account, password, origin=request.origin)
    except Refused as refused:
        raise Refused(
            [Fault("password", fault.code, fault.params) for fault in refused.faults]
        ) from refused


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
@recently_confirmed
def unlock(request: HttpRequest, account: UUID) -> HttpResponse:
    """Ask, then let a member sign in again whom wrong passwords locked out."""
    asked = cast("MemberRequest", request)
    found = _found(asked, account)
    if not unlocking.may_unlock(asked.member, found):
        raise Denied
    if request.method == "POST":
        command = unlocking.UnlockMember(found)
        try:
            unlocking.unlock_member(command, acting_member=asked.member, origin=asked.origin)
        except Refused as refused:
            fault = refused.faults[0]
            messages.error(request, str(MESSAGES["", fault.code]) % fault.params)
        else:
            told = _("%(name)s can sign in again. A mail tells them.")
            messages.success(request, told % {"name": found.account.name})
        return HttpResponseRedirect(_page(found))
    context = {
        "organization": found.organization,
        "heading": _("Unlock the account of %(name)s?") % {"name": found.account.name},
        "text": _(
            "Wrong passwords locked it. Unlock it only if the person asked you to: somebody may be "
            "guessing. The password and the second step stay as they are."
        ),
        "confirm_label": _("Unlock"),
        "cancel_url": _page(found),
    }
    return render(request, "organizations/member_unlock.html", context)


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
