"""Passwords for programs that cannot ask for a second step: the list, a new one, the end of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.identity.forms.application_passwords import (
    FORM_KEY,
    MESSAGES,
    NameForm,
    new_form_key,
)
from hospes.identity.queries import application_passwords as queries
from hospes.identity.services import application_passwords as service
from hospes.identity.web.guards import recently_confirmed, signed_in
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.models import Account, ApplicationPassword
    from hospes.identity.web.guards import SignedInRequest

LIST = "settings_application_passwords"
NAMED = 20


@require_safe
@signed_in
def overview(request: HttpRequest) -> HttpResponse:
    """List the passwords, the newest first; there are never more than a page holds."""
    account = cast("SignedInRequest", request).account
    rows = [
        {"password": each, "created": _moment(each.created_at), "used": _moment(each.last_used_at)}
        for each in queries.living(account)
    ]
    context = {
        "rows": rows,
        "limit": numbers.get("identity.application_passwords"),
        "person": account,
    }
    return render(request, "identity/application_passwords/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@second_factor_proved
@sensitive_variables("created")
def create(request: HttpRequest) -> HttpResponse:
    """Ask what it is for; make it; show it this once."""
    person = cast("SignedInRequest", request)
    form = NameForm(request.POST or None)
    key = request.POST.get("form_key", "")
    if request.method == "POST" and form.is_valid() and FORM_KEY.fullmatch(key):
        try:
            created = service.create(
                form.creating(key), acting_account=person.account, origin=person.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        except service.AlreadyDone:
            messages.info(
                request,
                _(
                    "This was done already. A password is shown only once, so it is not shown "
                    "again."
                ),
            )
            return HttpResponseRedirect(reverse(LIST))
        else:
            # Built from this very answer, and kept nowhere.
            context = {
                "password": created.password,
                "value": created.value,
                "person": person.account,
            }
            return render(request, "identity/application_passwords/shown.html", context)
    context = {"form": form, "form_key": key if FORM_KEY.fullmatch(key) else new_form_key()}
    status = 422 if form.is_bound else 200
    return render(request, "identity/application_passwords/new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@recently_confirmed
def rename(request: HttpRequest, password_id: int) -> HttpResponse:
    """Give a password another name."""
    person = cast("SignedInRequest", request)
    password = _own(person.account, password_id)
    form = NameForm(request.POST or None, initial={"name": password.name})
    if request.method == "POST" and form.is_valid():
        try:
            service.rename(
                form.renaming(password_id), acting_account=person.account, origin=person.origin
            )
        except Refused as refused:
            add_faults(form, refused, MESSAGES)
        else:
            messages.success(request, _("The name was saved."))
            return HttpResponseRedirect(reverse(LIST))
    context = {"form": form, "password": password}
    status = 422 if form.is_bound else 200
    return render(request, "identity/application_passwords/rename.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke(request: HttpRequest, password_id: int) -> HttpResponse:
    """Ask, and revoke one password."""
    person = cast("SignedInRequest", request)
    password = _own(person.account, password_id)
    if request.method == "POST":
        service.revoke(password_id, acting_account=person.account, origin=person.origin)
        told = _("The password “%(name)s” was revoked.") % {"name": password.name}
        messages.success(request, told)
        return HttpResponseRedirect(reverse(LIST))
    heading = _("Revoke the password “%(name)s”?") % {"name": password.name}
    return _question(request, [], heading)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def revoke_all(request: HttpRequest) -> HttpResponse:
    """Name them all, ask, and revoke them."""
    person = cast("SignedInRequest", request)
    if request.method == "POST":
        count = service.revoke_all(acting_account=person.account, origin=person.origin)
        if count:
            told = ngettext(
                "%(count)d password was revoked.", "%(count)d passwords were revoked.", count
            )
            messages.success(request, told % {"count": count})
        else:
            messages.info(request, _("There was no password to revoke."))
        return HttpResponseRedirect(reverse(LIST))
    found = list(queries.living(person.account))
    if not found:
        messages.info(request, _("There was no password to revoke."))
        return HttpResponseRedirect(reverse(LIST))
    heading = ngettext("Revoke %(count)d password?", "Revoke %(count)d passwords?", len(found))
    return _question(request, found, heading % {"count": len(found)})


def _question(
    request: HttpRequest, passwords: list[ApplicationPassword], heading: str
) -> HttpResponse:
    context = {
        "passwords": passwords[:NAMED],
        "left": max(0, len(passwords) - NAMED),
        "cancel_url": reverse(LIST),
        "danger": True,
        "heading": heading,
    }
    return render(request, "identity/application_passwords/revoke.html", context)


def _own(account: Account, password_id: int) -> ApplicationPassword:
    found = queries.one_living(account, password_id)
    if found is None:
        raise NotFound
    return found


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
