"""Development pages: the mailbox that stands in for delivery, and the clock.

They exist only where the installation is for development or a demo; anywhere else they are not
found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock
from hospes.kit.faults import Refused
from hospes.overview.forms import MailboxFilterForm, MoveClockForm
from hospes.overview.queries import mailbox as mailbox_queries
from hospes.overview.services import development_clock
from hospes.overview.services import mailbox as mailbox_services
from hospes.overview.services.notices import is_development
from hospes.site import csp
from hospes.site.forms import add_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from hospes.foundation.models import MailboxEntry

# A mail's own page: no script, no request, no form; links open in the whole window when clicked.
MAIL_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
)
FAULTS = {
    ("hours", "not_ahead"): gettext_lazy("Say by how much to move the clock forward."),
    ("hours", "too_far"): gettext_lazy("The clock goes ten years ahead at most."),
}
_CHANNEL_ICONS = {"mail": "mail", "sms": "phone", "push": "bell"}


def development_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 404 unless the installation is for development or a demo."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_development():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class Line:
    """One message in the list."""

    entry: MailboxEntry
    icon: str
    channel: str


def _channel_name(channel: str) -> str:
    names = {"mail": _("E-mail"), "sms": _("SMS"), "push": _("Push message")}
    return names.get(channel, channel)


def _line(entry: MailboxEntry) -> Line:
    return Line(entry, _CHANNEL_ICONS.get(entry.channel, "mail"), _channel_name(entry.channel))


@development_only
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the messages, newest first; ``refresh=1`` loads the list again every few seconds."""
    form = MailboxFilterForm(request.GET)
    recipient = form.cleaned_data.get("to", "") if form.is_valid() else ""
    refreshing = request.GET.get("refresh") == "1"
    switched = {"refresh": "1"} if not refreshing else {}
    query = urlencode(({"to": recipient} if recipient else {}) | switched)
    response = render(
        request,
        "overview/development/mailbox.html",
        {
            "form": form,
            "recipient": recipient,
            "recipients": mailbox_queries.recipients(),
            "lines": [_line(entry) for entry in mailbox_queries.entries(recipient)],
            "limit": mailbox_queries.LIMIT,
            "refreshing": refreshing,
            "switch_url": f"{reverse('dev_mailbox')}?{query}",
        },
    )
    if refreshing:
        # The one way to load a page again that needs no script.
        response.headers["Refresh"] = "5"
    return response


@development_only
@require_safe
def message(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show one message as safe text with links, and a mail's HTML in a frame."""
    entry = _entry(entry_id)
    response = render(
        request,
        "overview/development/message.html",
        {"line": _line(entry), "entry": entry},
    )
    # The only frame of the product, and it shows only an address of our own.
    policy = csp.policy(https=settings.HOSPES.https)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    response.headers["X-Frame-Options"] = "DENY"
    return response


@development_only
@require_safe
def message_html(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Answer with a mail's HTML as it is, under a policy that lets it do nothing but look."""
    del request
    entry = _entry(entry_id)
    if not entry.html:
        raise Http404
    return HttpResponse(
        entry.html.replace("<head>", '<head><base target="_top">', 1),
        headers={
            "Content-Security-Policy": MAIL_POLICY,
            "X-Frame-Options": "SAMEORIGIN",
            # On a page of its own a sandboxed answer with another value is not shown at all.
            "Cross-Origin-Opener-Policy": "unsafe-none",
        },
    )


def _entry(entry_id: int) -> MailboxEntry:
    entry = mailbox_queries.entry(entry_id)
    if entry is None:
        raise Http404
    return entry


@development_only
@require_http_methods(["GET", "HEAD", "POST"])
def empty_mailbox(request: HttpRequest) -> HttpResponse:
    """Ask, then delete every message."""
    if request.method == "POST":
        count = mailbox_services.delete_all()
        messages.success(
            request,
            ngettext("%(count)d message deleted.", "%(count)d messages deleted.", count)
            % {"count": count},
        )
        return HttpResponseRedirect(reverse("dev_mailbox"))
    return render(request, "overview/development/empty_mailbox.html")


@development_only
@require_http_methods(["GET", "HEAD", "POST"])
def move_clock(request: HttpRequest) -> HttpResponse:
    """Show the clock; a POST moves it forward, or back to the machine's time with ``reset``."""
    form = MoveClockForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if "reset" in request.POST:
            development_clock.back_to_now()
            messages.success(request, _("The clock shows the real time again."))
            return HttpResponseRedirect(reverse("dev_clock"))
        if form.is_valid() and _move(request, form):
            return HttpResponseRedirect(reverse("dev_clock"))
    return render(
        request,
        "overview/development/clock.html",
        {
            "form": form,
            "presets": [
                (0, 1, _("1 hour")),
                (1, 0, _("1 day")),
                (7, 0, _("1 week")),
                (30, 0, _("30 days")),
                (365, 0, _("1 year")),
            ],
            "now": clock.now(),
            "offset": clock.offset(),
        },
    )


def _move(request: HttpRequest, form: MoveClockForm) -> bool:
    by = timedelta(days=form.cleaned_data["days"] or 0, hours=form.cleaned_data["hours"] or 0)
    try:
        development_clock.move_forward(by)
    except Refused as refused:
        add_faults(form, refused, FAULTS)
        return False
    messages.success(request, _("The clock was moved forward."))
    return True
