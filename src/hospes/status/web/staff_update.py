"""Saying more about an event, and moving it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hospes.foundation import clock
from hospes.identity.web.guards import staff_only
from hospes.kit.faults import Refused
from hospes.status.forms import UpdateForm, languages
from hospes.status.models import StatusUpdate
from hospes.status.services.updates import AddUpdate, add_update, check_update
from hospes.status.web import presenting
from hospes.status.web.staff import found_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.web.guards import SignedInRequest
    from hospes.status.models import StatusEvent


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def add(request: SignedInRequest, event_id: int) -> HttpResponse:
    """Ask for an update, preview it, publish it."""
    event = found_or_404(event_id)
    if request.method != "POST":
        to = request.GET.get("status", event.status)
        initial = {"version": event.version, "status": to}
        return _page(request, UpdateForm(event=event, initial=initial), event)
    form = UpdateForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, form, event)
    given = form.cleaned_data
    command = AddUpdate(event.pk, given["status"], form.texts("text"), given["version"] or 0)
    try:
        if "preview" in request.POST:
            texts = check_update(event, command)
            return _page(request, form, event, _preview(event, given["status"], texts))
        add_update(command, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        if refused.has("", "changed_meanwhile"):
            # What was typed stays; it goes out on top of what the page shows now.
            form.look_again(event.version)
        return _page(request, form, event)
    messages.success(request, _("The update is on the status page."))
    return HttpResponseRedirect(reverse("staff_status_event", args=[event.pk]))


def _preview(event: StatusEvent, status: str, texts: dict[str, str]) -> list[dict[str, Any]]:
    update = StatusUpdate(at=clock.now(), status=status, texts=texts)
    return [
        {
            "code": code,
            "name": name,
            "update": presenting.update_line(event.kind, update, code),
            "borrowed": bool(texts) and code not in texts,
        }
        for code, name in languages()
    ]


def _page(
    request: SignedInRequest,
    form: UpdateForm,
    event: StatusEvent,
    preview: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "event": event,
        "line": presenting.line(event),
        "preview": preview,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "status/staff/update.html", context, status=status)
