"""`/staff/accounts`: find, look at, lock, unlock, sign out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation.errors import NotFound
from hospes.identity.services.getting_back import orphans
from hospes.identity.web.guards import recently_confirmed, staff_only
from hospes.kit.faults import Refused
from hospes.overview.forms import AccountFilterForm, ReasonForm
from hospes.overview.queries import accounts as account_queries
from hospes.overview.services import staff_accounts
from hospes.overview.web.presenting import activity_lines, first_query, older_url, row_id
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Account
    from hospes.identity.web.guards import SignedInRequest

FAULTS = {
    ("reason", "missing"): gettext_lazy("Say why, so that others can follow it later."),
    ("reason", "too_long"): gettext_lazy("Use at most %(maximum)d characters."),
    ("", "own_account"): gettext_lazy("You cannot lock your own account."),
    ("", "not_active"): gettext_lazy("This account is no longer active, so nothing was changed."),
    ("", "gone"): gettext_lazy("This account is deleted, so nothing was changed."),
    ("", "already"): gettext_lazy("This account has a temporary login ID already."),
    ("", "not_locked"): gettext_lazy("This account is not locked, so nothing was changed."),
}


@staff_only
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List accounts, newest first, by name, address or state."""
    form = AccountFilterForm(request.GET)
    valid = form.is_valid()
    page = account_queries.page(
        query=form.cleaned_data.get("q", "") if valid else "",
        state=form.cleaned_data.get("state", "") if valid else "",
        before=row_id(request.GET.get("before")),
    )
    return render(
        request,
        "overview/staff/accounts.html",
        {
            "form": form,
            "accounts": page.accounts,
            "older_url": older_url(request, page.older),
            "paged": "before" in request.GET,
            "first_query": first_query(request),
            "filtered": valid and any(form.cleaned_data.values()),
        },
    )


@staff_only
@require_safe
def account(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Show one account, without its secrets."""
    view = account_queries.view(_load(public_id))
    return render(
        request,
        "overview/staff/account.html",
        {
            "view": view,
            "person": view.account,
            "language": dict(settings.LANGUAGES).get(view.account.locale, view.account.locale),
            "own": view.account.pk == request.account.pk,
            "activity": activity_lines(view.activity),
        },
    )


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for a reason, then lock the account and end its sessions."""

    def act(person: Account, reason: str) -> str:
        staff_accounts.lock_account(
            staff_accounts.LockAccount(person, reason),
            acting_account=request.account,
            origin=request.origin,
        )
        return _("The account is locked and signed out everywhere.")

    return _for_a_reason(request, _load(public_id), act, "overview/staff/lock.html")


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for a reason, then unlock the account."""

    def act(person: Account, reason: str) -> str:
        staff_accounts.unlock_account(
            staff_accounts.UnlockAccount(person, reason),
            acting_account=request.account,
            origin=request.origin,
        )
        return _("The account is unlocked.")

    return _for_a_reason(request, _load(public_id), act, "overview/staff/unlock.html")


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def address_gone(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask for a reason, then send the owner of a vanished address a temporary login ID."""

    def act(person: Account, reason: str) -> str:
        made = orphans.orphan_login(
            person, acting_account=request.account, origin=request.origin, reason=reason
        )
        return _("The temporary login ID %(login)s was sent.") % {"login": made.login}

    return _for_a_reason(request, _load(public_id), act, "overview/staff/address_gone.html")


def _for_a_reason(
    request: SignedInRequest, person: Account, act: Callable[[Account, str], str], template: str
) -> HttpResponse:
    """Ask for a reason, act with it, and say what ``act`` returned."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            done = act(person, form.cleaned_data["reason"])
        except Refused as refused:
            add_faults(form, refused, FAULTS)
        else:
            messages.success(request, done)
            return _back(person)
    return render(request, template, {"person": person, "form": form})


@staff_only
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def end_sessions(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Ask, then sign the account out of every browser."""
    person = _load(public_id)
    if request.method == "POST":
        ended = staff_accounts.end_sessions(
            person, acting_account=request.account, origin=request.origin
        )
        messages.success(
            request,
            ngettext("%(count)d session ended.", "%(count)d sessions ended.", ended)
            % {"count": ended},
        )
        return _back(person)
    return render(request, "overview/staff/end_sessions.html", {"person": person})


def _load(public_id: str) -> Account:
    person = account_queries.by_public_id(public_id)
    if person is None:
        raise NotFound
    return person


def _back(person: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("staff_account", args=[person.public_id]))
