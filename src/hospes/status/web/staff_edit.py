"""Writing an event and changing what is said of it, with a preview in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hospes.foundation import clock
from hospes.identity.web.guards import staff_only
from hospes.kit.faults import Refused
from hospes.status.domain import moves
from hospes.status.forms import FORM_KEY, EventForm, initial_of, languages, new_form_key
from hospes.status.models import StatusEvent
from hospes.status.services.events import (
    AlreadyOpened,
    ChangeEvent,
    OpenEvent,
    change_event,
    check_change,
    check_new,
    draft_of,
    open_event,
)
from hospes.status.web import presenting
from hospes.status.web.staff import found_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hospes.identity.web.guards import SignedInRequest
    from hospes.status.domain.drafts import Draft


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def create(request: SignedInRequest) -> HttpResponse:
    """Ask for an event, preview it, publish it."""
    key = request.POST.get("form_key", "")
    if not FORM_KEY.fullmatch(key):
        key = new_form_key()
    if request.method != "POST":
        kind = request.GET.get("kind")
        planned = kind == moves.MAINTENANCE
        initial = {
            "kind": kind if kind in moves.KINDS else None,
            "status": moves.PLANNED if planned else moves.ONGOING,
            "starts_at": None if planned else clock.now(),
        }
        return _page(request, EventForm(initial=initial), form_key=key)
    form = EventForm(request.POST)
    if not form.is_valid():
        return _page(request, form, form_key=key)
    given = form.cleaned_data
    command = OpenEvent(given["kind"], given["status"], form.draft(), form_key=key)
    try:
        if "preview" in request.POST:
            draft = check_new(command)
            shown = StatusEvent(kind=command.kind, status=command.status, updated_at=clock.now())
            return _page(request, form, form_key=key, preview=_preview(shown, draft))
        event = open_event(command, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        return _page(request, form, form_key=key)
    except AlreadyOpened as done:
        event = done.event
    messages.success(request, _("The event is on the status page."))
    return HttpResponseRedirect(reverse("staff_status_event", args=[event.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def edit(request: SignedInRequest, event_id: int) -> HttpResponse:
    """Change an event; whoever saves after somebody else is told, and nothing is lost."""
    event = found_or_404(event_id)
    if request.method != "POST":
        return _page(request, EventForm(event=event, initial=initial_of(event)), event=event)
    form = EventForm(request.POST, event=event)
    if not form.is_valid():
        return _page(request, form, event=event)
    command = ChangeEvent(event.pk, form.cleaned_data["version"] or 0, form.draft())
    try:
        if "preview" in request.POST:
            draft = check_change(event, command.draft)
            return _page(request, form, event=event, preview=_preview(event, draft))
        change_event(command, acting_account=request.account, origin=request.origin)
    except Refused as refused:
        form.show_faults(refused)
        if refused.has("", "changed_meanwhile"):
            return _overtaken(request, form, event)
        return _page(request, form, event=event)
    messages.success(request, _("The event was changed."))
    return HttpResponseRedirect(reverse("staff_status_event", args=[event.pk]))


def _overtaken(request: SignedInRequest, form: EventForm, event: StatusEvent) -> HttpResponse:
    """Show what somebody else has saved beside what was typed; saving again keeps the latter."""
    stored, typed = draft_of(event), form.draft()
    names = dict(languages())
    differing = [
        (f"{names[code]}: {label}", texts.get(code, ""), code)
        for label, texts, mine in (
            (_("Title"), stored.titles, typed.titles),
            (_("Text"), stored.descriptions, typed.descriptions),
        )
        for code in names
        if texts.get(code, "") != mine.get(code, "").replace("\r\n", "\n").strip()
    ]
    form.look_again(event.version)
    context = {
        "stored": differing,
        "stored_starts_at": stored.starts_at if stored.starts_at != typed.starts_at else None,
        "stored_ends_at": stored.ends_at if stored.ends_at != typed.ends_at else None,
        "overtaken": True,
    }
    return _page(request, form, event=event, more=context)


def _preview(event: StatusEvent, draft: Draft) -> list[dict[str, Any]]:
    """Return the event in every language, as readers of each will see it."""
    event.titles, event.descriptions = dict(draft.titles), dict(draft.descriptions)
    event.services, event.is_cyberattack = list(draft.services), draft.is_cyberattack
    event.starts_at, event.ends_at = draft.starts_at, draft.ends_at
    return [
        {
            "code": code,
            "name": name,
            "line": presenting.line(event, code, with_updates=False),
            "borrowed": code not in draft.titles,
        }
        for code, name in languages()
    ]


def _page(
    request: SignedInRequest,
    form: EventForm,
    *,
    event: StatusEvent | None = None,
    form_key: str = "",
    preview: list[dict[str, Any]] | None = None,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "event": event,
        "form_key": form_key,
        "zone": str(timezone.get_current_timezone()),
        "preview": preview,
        **(more or {}),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "status/staff/edit.html", context, status=status)
