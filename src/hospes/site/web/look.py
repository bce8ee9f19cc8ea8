"""The gallery of every component, in development and demo only. The accessibility test reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hospes.foundation import clock
from hospes.site import icons
from hospes.site.forms import Form
from hospes.site.frame import Frame
from hospes.site.frame_values import Group
from hospes.site.navigation import Entry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up."""

    name: str
    email: str
    initials: str
    public_id: str = ""
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """An organization made up."""

    pk: int
    name: str
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    key: str
    name: str
    state: str
    kind: str
    count: int
    last_used: object = field(default=None)


ME = Person("Amélie Rochat", "amelie.rochat@example.com", "AR")
OTHERS = (
    Person("Jonas Keller", "jonas@example.org", "JK", "1"),
    Person("Giulia Ferrari-Montanelli", "giulia.ferrari-montanelli@example.net", "GF", "2"),
)
HOUSES = (House(1, "Rochat & Filles Sàrl"), House(2, "Verein Seeblick"))


class LookForm(Form):
    """One field of each kind."""

    name = forms.CharField(
        label=gettext_lazy("Full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("We send a link to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        min_length=12,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    about = forms.CharField(
        label=gettext_lazy("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How may we reach you?"),
        choices=(("mail", gettext_lazy("By e-mail")), ("phone", gettext_lazy("By phone"))),
        widget=forms.RadioSelect,
    )
    news = forms.BooleanField(
        label=gettext_lazy("Tell me about every sign-in"),
        help_text=gettext_lazy("You get a mail each time somebody signs in with your account."),
        required=False,
    )
    picture = forms.FileField(label=gettext_lazy("Picture"), required=False)


def _only_at_home() -> None:
    if not (settings.HOSPES.development or settings.HOSPES.demo):
        raise Http404


def _frame(request: HttpRequest) -> Frame:
    here = reverse("look")
    entries = [
        Entry(_("Overview"), here, "home", current=True),
        Entry(_("Applications"), f"{here}?1", "puzzle", current=False),
        Entry(_("Members"), f"{here}?2", "users", current=False),
    ]
    own = [
        Entry(_("Profile"), f"{here}?3", "user", current=False),
        Entry(_("Sign-in and security"), f"{here}?4", "shield", current=False),
        Entry(_("Devices"), f"{here}?5", "device", current=False),
    ]
    return Frame(
        request,
        given={
            "account": ME,
            "accounts": OTHERS,
            "organization": HOUSES[0],
            "organizations": HOUSES,
            "has_navigation": True,
            "navigation": [Group("", entries), Group(_("Your account"), own)],
        },
    )


def _rows() -> list[Row]:
    now = clock.now()
    return [
        Row("1", "Shop", _("Active"), "success", 18230, now - timedelta(minutes=4)),
        Row("2", "Intranet", _("Active"), "success", 912, now - timedelta(days=2)),
        Row("3", "Test environment for the new web site", _("Paused"), "warning", 3),
        Row("4", "Photo archive", _("Blocked"), "danger", 0, now - timedelta(days=400)),
    ]


@require_safe
def look(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    _only_at_home()
    now = clock.now()
    wrong = LookForm({"name": "Amélie Rochat", "email": "amelie@", "password": "short"})
    wrong.add_error(None, _("These values do not fit together."))
    if "toasts" in request.GET:
        messages.success(request, _("Your profile was saved."))
        messages.warning(request, _("The address is not confirmed yet."))
        messages.error(request, _("The picture could not be read."))
        messages.info(request, _("A new version of the terms applies from next month."))
    context = {
        "frame": _frame(request),
        "form": LookForm(auto_id="blank_%s"),
        "wrong": wrong,
        "icons": sorted(icons.shapes()),
        "rows": _rows(),
        "people": (ME, *OTHERS),
        "page": Paginator(range(95), 10).page(3),
        "now": now,
        "earlier": now - timedelta(hours=3),
        "kinds": ("info", "success", "warning", "danger"),
    }
    return render(request, "site/look/look.html", context)


@require_safe
def narrow(request: HttpRequest) -> HttpResponse:
    """Show a narrow page with the browser notice."""
    _only_at_home()
    return render(
        request, "site/look/narrow.html", {"form": LookForm(), "frame": Frame(request, bare=True)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the confirmation page; confirming changes nothing."""
    _only_at_home()
    if request.method == "POST":
        messages.success(request, _("Confirmed. This is only the gallery: nothing was changed."))
        return HttpResponseRedirect(reverse("look"))
    context = {
        "heading": _("Delete the application Shop?"),
        "text": _("People can no longer sign in to it with their account. This cannot be undone."),
        "confirm_label": _("Delete"),
        "danger": True,
        "cancel_url": reverse("look"),
    }
    return render(request, "site/confirm.html", context)
