"""Asking for the account's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hospes.foundation import numbers
from hospes.identity.forms.security import DELETION_MESSAGES, DeletionForm
from hospes.identity.services.deletion import ask_deletion, losses, obstacles
from hospes.identity.web.two_step.guards import second_factor_proved
from hospes.kit.faults import Refused
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@second_factor_proved
def ask(request: HttpRequest) -> HttpResponse:
    """Name what goes and what stands against it; ask for the address as a confirmation."""
    asked = cast("SignedInRequest", request)
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            due = ask_deletion(form.command(), acting_account=asked.account, origin=asked.origin)
        except Refused as refused:
            add_faults(form, refused, DELETION_MESSAGES)
        else:
            # Nobody is signed in here any more: shown at once, without another request.
            context = {"due": due, "email": asked.account.email}
            return render(request, "identity/settings/deletion_planned.html", context)
    context = {
        "form": form,
        "person": asked.account,
        "losses": losses(asked.account),
        "obstacles": obstacles(asked.account),
        "grace_days": numbers.get("identity.deletion_grace_days"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "identity/settings/deletion.html", context, status=status)
