"""The frame's own values: they need neither database nor a signed-in person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from hospes.site import frame, navigation, preferences

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the side navigation."""

    label: str
    entries: list[navigation.Entry]


def _groups(request: HttpRequest) -> list[Group]:
    """Return the side navigation; drawn twice in a page, worked out once."""
    known: list[Group] | None = request.__dict__.get("_navigation_groups")
    if known is None:
        known = request.__dict__["_navigation_groups"] = _work_out(request)
    return known


def _work_out(request: HttpRequest) -> list[Group]:
    labels = {"main": "", "settings": _("Your account"), "staff": _("Staff")}
    groups = [
        Group(labels[section], navigation.entries(request, section))
        for section in navigation.SECTIONS
    ]
    return [group for group in groups if group.entries]


def register() -> None:
    """Register them."""
    frame.own("provider_name", lambda _request: settings.HOSPES.provider_name)
    frame.own("theme", preferences.theme)
    frame.own("language", lambda _request: translation.get_language() or "en")
    frame.own("languages", lambda _request: preferences.languages())
    frame.contribute("navigation", _groups)
    frame.contribute("has_navigation", lambda request: bool(_groups(request)))
