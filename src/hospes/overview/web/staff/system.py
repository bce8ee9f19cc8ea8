"""`/staff/system`: what runs here and whether it is well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hospes.foundation import clock
from hospes.identity.web.guards import staff_only
from hospes.overview.queries import system as system_queries

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FAULTS = {
    "dead_jobs": gettext_lazy("Some jobs failed for good. Retry or discard them."),
    "worker_late": gettext_lazy("Work waits longer than it should. Is a worker running?"),
    "no_mail": gettext_lazy("No mail server is configured, so nobody receives mail."),
    "no_signing_keys": gettext_lazy("There is no key to sign ID tokens with."),
    "migrations_waiting": gettext_lazy("The database waits for a migration: run “hospes migrate”."),
    "clock_moved": gettext_lazy("The clock was moved and does not show the real time."),
}


@staff_only
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """Show versions, health, mail and keys."""
    state = system_queries.system(now=clock.now(), offset=clock.offset())
    return render(
        request,
        "overview/staff/system.html",
        {"system": state, "faults": [FAULTS[code] for code in state.faults]},
    )
