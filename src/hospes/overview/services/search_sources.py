"""What this installation's search looks through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospes.connect.models import Application
from hospes.organizations import policies
from hospes.organizations import queries as organization_queries
from hospes.overview.domain.matching import Found, matches
from hospes.overview.services import search
from hospes.site import navigation
from hospes.site.guides import GUIDES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

# Names are compared without accents and capitals, which databases do differently: here, then.
NAMES = 2000
_DEVICES = {
    "computer": gettext_lazy("On a computer"),
    "android": gettext_lazy("On Android"),
    "iphone": gettext_lazy("On iPhone and iPad"),
    "app": gettext_lazy("Inside another app"),
}


def pages(request: HttpRequest, words: tuple[str, ...]) -> Iterator[Found]:
    """Yield the pages of the navigation that this person has."""
    for entry in navigation.search(request, " ".join(words)):
        yield Found(entry.label, entry.url, icon=entry.icon)


def applications(request: HttpRequest, words: tuple[str, ...]) -> Iterator[Found]:
    """Yield the applications of the organization looked at: one query, names only."""
    membership = organization_queries.current_membership(request)
    if membership is None or not policies.may_see_applications(membership):
        return
    rows = Application.objects.filter(organization_id=membership.organization_id)
    for name, client_id in rows.order_by("name", "pk").values_list("name", "client_id")[:NAMES]:
        if matches(words, name, client_id):
            yield Found(
                name,
                reverse("application_detail", args=[client_id]),
                note=membership.organization.name,
                icon="key",
            )


def guides(_request: HttpRequest, words: tuple[str, ...]) -> Iterator[Found]:
    """Yield the browser guides, by browser, device or task."""
    for guide in GUIDES:
        title = _("Cookies and JavaScript in %(browser)s") % {"browser": guide.browser}
        device = str(_DEVICES[guide.device])
        if matches(words, title, device, *(str(part.title) for part in guide.parts)):
            yield Found(title, reverse("browser_guide", args=[guide.key]), device, icon="help")


def register() -> None:
    """Let search look through all of them."""
    search.register("pages", gettext_lazy("Pages"), pages, order=10)
    search.register("applications", gettext_lazy("Applications"), applications, order=20)
    search.register("guides", gettext_lazy("Guides"), guides, order=30)
