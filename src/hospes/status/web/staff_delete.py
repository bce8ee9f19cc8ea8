"""Taking an event off the page, and bringing it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hospes.identity.web.guards import staff_only
from hospes.kit.faults import Refused
from hospes.status.services.removal import delete_event, restore_event
from hospes.status.web import presenting
from hospes.status.web.staff import found_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.web.guards import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def delete(request: SignedInRequest, event_id: int) -> HttpResponse:
    """Ask, then take the event off the page."""
    event = found_or_404(event_id)
    overtaken = False
    if request.method == "POST":
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= 18 else 0  # noqa: PLR2004 - within 64 bits
        try:
            delete_event(
                event.pk, version=version, acting_account=request.account, origin=request.origin
            )
        except Refused:
            overtaken = True
        else:
            messages.success(request, _("The event is off the status page. You can bring it back."))
            return HttpResponseRedirect(reverse("staff_status_event", args=[event.pk]))
    context = {"event": event, "line": presenting.line(event), "overtaken": overtaken}
    return render(request, "status/staff/delete.html", context, status=422 if overtaken else 200)


@require_POST
@staff_only
def restore(request: SignedInRequest, event_id: int) -> HttpResponse:
    """Bring a deleted event back."""
    event = found_or_404(event_id, with_deleted=True)
    restore_event(event.pk, acting_account=request.account, origin=request.origin)
    messages.success(request, _("The event is on the status page again."))
    return HttpResponseRedirect(reverse("staff_status_event", args=[event.pk]))
