"""Invitations: the list, one of them, its new link, changing it and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.web.two_step import qr
from hospes.kit.faults import Refused
from hospes.organizations import policies
from hospes.organizations.domain import invitations as rules
from hospes.organizations.forms.invitations import FLAGS, ChangeForm, fault_words
from hospes.organizations.forms.teams import ticks
from hospes.organizations.models import role_words
from hospes.organizations.queries import invitations as queries
from hospes.organizations.queries.invitations import InvitationFilter
from hospes.organizations.services import invitations as services
from hospes.organizations.web import lists, single_products
from hospes.organizations.web.access import in_organization
from hospes.organizations.web.teams import right_heads, wide_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from hospes.organizations.models import Invitation
    from hospes.organizations.services.invitations import Invited
    from hospes.organizations.web.access import MemberRequest

STATE_WORDS = {
    rules.PENDING: (gettext_lazy("Waiting"), "info"),
    rules.ACCEPTED: (pgettext_lazy("invitation", "Accepted"), "success"),
    rules.REJECTED: (pgettext_lazy("invitation", "Declined"), "warning"),
    rules.CANCELLED: (pgettext_lazy("invitation", "Taken back"), "neutral"),
    rules.EXPIRED: (pgettext_lazy("invitation", "Expired"), "warning"),
}


@require_safe
@in_organization(policies.may_manage_members)
def index(request: MemberRequest) -> HttpResponse:
    """List the invitations, filtered, with what became of each."""
    organization = request.member.organization
    chosen = _chosen(request)
    page = lists.page_of(request, queries.listed(organization, chosen))
    unvouched = queries.unvouched(organization, page)
    context = {
        "organization": organization,
        "page": page,
        "rows": [{**row_of(each), "unvouched": each.pk in unvouched} for each in page],
        "chosen": chosen,
        "states": [(state, STATE_WORDS[state][0]) for state in rules.STATES],
        "query": lists.query_of(request),
    }
    return render(request, "organizations/invitations.html", context)


@require_safe
@in_organization(policies.may_manage_members)
def export(request: MemberRequest) -> StreamingHttpResponse:
    """Stream the list, filtered like the page, as CSV."""
    head = (
        _("ID"), _("E-mail address"), _("First name"), _("Last name"), _("Role"),
        _("Work teams"), _("State"), _("Invited by"), _("Invited"), _("Works until"),
    )  # fmt: skip
    found = queries.in_pieces(request.member.organization, _chosen(request))
    return lists.csv_file("invitations", head, _csv(found))


def _csv(found: Iterable[Invitation]) -> Iterator[tuple[object, ...]]:
    for each in found:
        yield (
            each.pk, each.email, each.first_name, each.last_name, role_words.NAMES[each.role],
            ", ".join(sorted(team.name for team in each.teams.all())),
            STATE_WORDS[queries.state_of(each)][0],
            each.created_by.name if each.created_by else "",
            *(
                timezone.localtime(when).isoformat(sep=" ", timespec="seconds")
                for when in (each.created_at, each.expires_at)
            ),
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
def detail(request: MemberRequest, invitation: int) -> HttpResponse:
    """Show an invitation; change what it will give."""
    found = _found(request, invitation)
    if request.method != "POST":
        return _page(request, found)
    form = _form(request, found, request.POST)
    wanted = ticks(request.POST.getlist("grant"))
    if wanted is not None and single_products.is_asked(request):
        typed = single_products.typed(form, request.POST, request.FILES)
        return _page(request, found, _form(request, found, initial=typed), wanted)
    if not form.is_valid() or wanted is None:
        if wanted is None:
            form.add_error(None, _("There is no such right. Nothing was saved."))
        return _page(request, found, form, wanted)
    try:
        changed = services.change_invitation(
            form.change(found, wanted | single_products.beyond(found)),
            acting_member=request.member,
            origin=request.origin,
        )
    except Refused as refused:
        form.show_faults(refused)
        return _page(request, found, form, wanted)
    messages.success(
        request, _("The invitation is saved.") if changed else _("Nothing was changed.")
    )
    return HttpResponseRedirect(_address(found))


@require_POST
@never_cache
@in_organization(policies.may_manage_members)
@sensitive_variables("renewed")
def renew(request: MemberRequest, invitation: int) -> HttpResponse:
    """Give an invitation a new link, mailed or shown this once."""
    found = _found(request, invitation)
    # Sent again by going back or loading anew, it would make the link just shown worthless.
    if request.POST.get("seen", "") != found.expires_at.isoformat():
        messages.info(request, _("This invitation has got a new link meanwhile."))
        return HttpResponseRedirect(_address(found))
    by_mail = request.POST.get("by") == "mail"
    try:
        renewed = services.renew(
            found, by_mail=by_mail, acting_member=request.member, origin=request.origin
        )
    except Refused as refused:
        return _page(request, found, faults=fault_words(refused.faults))
    if by_mail:
        messages.success(
            request,
            _("The invitation was sent to %(email)s again. Earlier links no longer work.")
            % {"email": found.email},
        )
        return HttpResponseRedirect(_address(found))
    return link_page(request, renewed, new=False)


@require_http_methods(["GET", "HEAD", "POST"])
@in_organization(policies.may_manage_members)
def cancel(request: MemberRequest, invitation: int) -> HttpResponse:
    """Ask whether to take an invitation back; do so."""
    found = _found(request, invitation)
    if request.method == "POST":
        try:
            services.cancel(found, acting_member=request.member, origin=request.origin)
        except Refused as refused:
            return _page(request, found, faults=fault_words(refused.faults))
        messages.success(
            request,
            _("The invitation to %(email)s was taken back.") % {"email": found.email},
        )
        listed = reverse("invitations", args=[found.organization.public_id])
        return HttpResponseRedirect(listed)
    context = {
        "heading": _("Take the invitation back?"),
        "text": _("The link that %(email)s got no longer works. You can invite them again.")
        % {"email": found.email},
        "danger": True,
        "confirm_label": _("Take it back"),
        "cancel_url": _address(found),
    }
    return render(request, "site/confirm.html", context)


def link_page(request: HttpRequest, invited: Invited, *, new: bool) -> HttpResponse:
    """Return the page that shows a link; it is built from this very answer and kept nowhere."""
    invitation = invited.invitation
    context = {
        "organization": invitation.organization,
        "invitation": invitation,
        "url": invited.url,
        "qr": qr.drawn(invited.url),
        "new": new,
        "mailed": new and not invitation.is_silent,
    }
    return render(request, "organizations/invitation_link.html", context)


def row_of(invitation: Invitation) -> dict[str, Any]:
    """Return an invitation with its state and role in words."""
    state = queries.state_of(invitation)
    label, kind = STATE_WORDS[state]
    return {
        "invitation": invitation,
        "state": state,
        "label": label,
        "kind": kind,
        "role": role_words.NAMES[invitation.role],
    }


def _chosen(request: HttpRequest) -> InvitationFilter:
    state = request.GET.get("state", "")
    return InvitationFilter(lists.words_of(request), state if state in rules.STATES else "")


def _found(request: MemberRequest, key: int) -> Invitation:
    # Longer numbers than keys are are no keys.
    known = lists.key_of(str(key))
    found = None if known is None else queries.find(request.member.organization, known)
    if found is None:
        raise NotFound
    return found


def _address(invitation: Invitation) -> str:
    return reverse("invitation", args=[invitation.organization.public_id, invitation.pk])


def _form(
    request: MemberRequest, found: Invitation, data: Any = None, *, initial: Any = None
) -> ChangeForm:
    initial = initial or {
        "role": found.role,
        "language": found.language,
        "team_ids": [team.pk for team in found.teams.all()],
        **{flag: getattr(found, flag) for flag in FLAGS},
    }
    offered = queries.teams(found.organization)
    return ChangeForm(data, initial=initial, member=request.member, teams=offered)


def _page(
    request: MemberRequest,
    found: Invitation,
    form: ChangeForm | None = None,
    wanted: Iterable[Any] | None = None,
    *,
    faults: Iterable[str] = (),
) -> HttpResponse:
    left_out = single_products.beyond(found)
    if wanted is None:
        held = {(each.reach, each.right) for each in found.grants.all()}
        held -= single_products.pairs(left_out)
    else:
        held = single_products.pairs(wanted)
    mine = policies.may_give_role(request.member, found.role)
    row = row_of(found)
    context = {
        **row,
        "organization": found.organization,
        "unvouched": row["state"] == rules.PENDING
        and bool(queries.unvouched(found.organization, [found])),
        "mine": mine,
        # An expired one can be renewed and changed as long as no newer one took its place.
        "open": mine and found.status == rules.PENDING,
        "form": form or _form(request, found),
        "heads": right_heads(),
        "wide": wide_rows(found.organization, held),
        **single_products.shown(
            request,
            found.organization,
            held,
            left_out=len({each.reach for each in left_out}),
        ),
        "seen": found.expires_at.isoformat(),
        "faults": list(faults),
    }
    status = 422 if faults or (form is not None and form.errors) else 200
    return render(request, "organizations/invitation.html", context, status=status)
