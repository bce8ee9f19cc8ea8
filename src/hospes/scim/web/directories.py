"""The organization's directories: the list, connecting, one directory, what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.foundation import clock
from hospes.identity.web.guards import recently_confirmed
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.web import lists
from hospes.organizations.web.access import in_organization
from hospes.scim.forms import ConnectForm, HandOverForm, new_form_key
from hospes.scim.queries import directories as queries
from hospes.scim.queries.documents import BASE_PATH
from hospes.scim.services.directories import (
    AlreadyDone,
    ConnectDirectory,
    HandOver,
    connect_directory,
    disconnect,
    hand_over,
    rotate_token,
)
from hospes.scim.web import states

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse, HttpResponseBase

    from hospes.organizations.web.access import MemberRequest
    from hospes.scim.models import Directory, DirectoryUser


def base_url() -> str:
    """Return the address that a directory is told."""
    return settings.HOSPES.base_url + BASE_PATH


@require_safe
@in_organization(policies.may_manage_members)
def index(request: MemberRequest) -> HttpResponse:
    """List the connected directories and tell how to connect one."""
    organization = request.member.organization
    context = {
        "organization": organization,
        "tab": "directory",
        "directories": list(queries.connected(organization)),
        "base_url": base_url(),
    }
    return render(request, "scim/directories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.may_manage_members)
@recently_confirmed
@sensitive_variables("connected")
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a name; connect the directory; show its token this once."""
    organization = request.member.organization
    form = ConnectForm(initial={"form_key": new_form_key()})
    if request.method == "POST":
        form = ConnectForm(request.POST)
        if form.is_valid():
            command = ConnectDirectory(form.cleaned_data["name"], form.cleaned_data["form_key"])
            try:
                connected = connect_directory(
                    command, acting_member=request.member, origin=request.origin
                )
            except Refused as refused:
                form.show_faults(refused)
            except AlreadyDone as done:
                text = _("This was done already. A token is shown only once.")
                messages.info(request, text)
                return _to(done.directory)
            else:
                return _token_page(request, connected.directory, connected.token, new=True)
    status = 422 if form.is_bound else 200
    context = {"organization": organization, "form": form}
    return render(request, "scim/directory_new.html", context, status=status)


def _token_page(
    request: MemberRequest, directory: Directory, token: str, *, new: bool
) -> HttpResponse:
    context = {
        "organization": request.member.organization,
        "directory": directory,
        "token": token,
        "new": new,
        "base_url": base_url(),
    }
    return render(request, "scim/directory_token.html", context)


@require_safe
@in_organization(policies.may_manage_members)
def detail(request: MemberRequest, directory: UUID) -> HttpResponse:
    """Show what one directory keeps, and the state of each person."""
    return _detail(request, queries.one(request.member.organization, str(directory)))


def _detail(
    request: MemberRequest, directory: Directory, form: HandOverForm | None = None
) -> HttpResponse:
    organization = request.member.organization
    words = lists.words_of(request)
    page = lists.page_of(request, queries.users(directory, words=words))
    teams = queries.unclaimed_teams(organization)
    now = clock.now()
    context = {
        "organization": organization,
        "directory": directory,
        "words": words,
        "page": page,
        "rows": [{"user": user, "state": states.of(user, now=now)} for user in page],
        "groups": list(queries.groups(directory)),
        "form": form or HandOverForm(teams),
        "base_url": base_url(),
        "query": lists.query_of(request),
    }
    status = 422 if form is not None else 200
    return render(request, "scim/directory.html", context, status=status)


@require_safe
@in_organization(policies.may_manage_members)
def export(request: MemberRequest, directory: UUID) -> HttpResponseBase:
    """Send the directory's people as a CSV file."""
    found = queries.one(request.member.organization, str(directory))
    head = [_("Name in the directory"), _("E-mail address"), _("State"), _("Changed")]
    rows = _csv(queries.users(found, words=lists.words_of(request)))
    return lists.csv_file("directory", head, rows)


def _csv(users: QuerySet[DirectoryUser]) -> Iterator[tuple[object, ...]]:
    now = clock.now()
    for piece in lists.in_chunks(users):
        for user in piece:
            told = user.account or user.invitation
            state, _kind = states.of(user, now=now)
            yield user.user_name, told.email if told else "", state, user.updated_at.isoformat()


@require_POST
@in_organization(policies.may_manage_members)
def claim(request: MemberRequest, directory: UUID) -> HttpResponse:
    """Hand a team that was made by hand over to the directory."""
    organization = request.member.organization
    found = queries.one(organization, str(directory))
    teams = {team.pk: team for team in queries.unclaimed_teams(organization)}
    form = HandOverForm(teams.values(), request.POST)
    if not form.is_valid():
        return _detail(request, found, form)
    team = teams[form.cleaned_data["team"]]
    try:
        hand_over(HandOver(found, team), acting_member=request.member, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        return _detail(request, found, form)
    text = _("The directory keeps the team %(name)s from now on.") % {"name": team.name}
    messages.success(request, text)
    return _to(found)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@in_organization(policies.may_manage_members)
@recently_confirmed
@sensitive_variables("rotated")
def rotate(request: MemberRequest, directory: UUID) -> HttpResponse:
    """Ask, then replace the token and show the new one this once."""
    found = queries.one(request.member.organization, str(directory))
    if request.method == "POST":
        rotated = rotate_token(found, acting_member=request.member, origin=request.origin)
        return _token_page(request, rotated.directory, rotated.token, new=False)
    context = {
        "heading": _("Replace the token of %(name)s?") % {"name": found.name},
        "text": _(
            "The present token …%(hint)s ends at once. Until the new one is entered there, the "
            "directory is refused; what it has brought stays."
        )
        % {"hint": found.hint},
        "confirm_label": _("Replace the token"),
        "cancel_url": _address(found),
    }
    return render(request, "site/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
def end(request: MemberRequest, directory: UUID) -> HttpResponse:
    """Say what stays and what ends, then disconnect."""
    organization = request.member.organization
    found = queries.one(organization, str(directory))
    if request.method == "POST":
        disconnect(found, acting_member=request.member, origin=request.origin)
        text = _("The directory %(name)s is disconnected.") % {"name": found.name}
        messages.success(request, text)
        return HttpResponseRedirect(reverse("directory", args=[organization.public_id]))
    context = {
        "heading": _("Disconnect %(name)s?") % {"name": found.name},
        "text": _(
            "Its token ends at once. Members, work teams and open invitations stay as they are, "
            "as if made by hand; from then on you look after them on the pages Members and Teams."
        ),
        "danger": True,
        "confirm_label": _("Disconnect"),
        "cancel_url": _address(found),
    }
    return render(request, "site/confirm.html", context)


def _address(directory: Directory) -> str:
    args = [directory.organization.public_id, directory.public_id]
    return reverse("directory_detail", args=args)


def _to(directory: Directory) -> HttpResponseRedirect:
    return HttpResponseRedirect(_address(directory))
