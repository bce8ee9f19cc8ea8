"""The line above every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hospes.foundation import clock

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell, and a link to do something about it."""

    text: str
    url: str
    label: str


def is_development() -> bool:
    """Return whether development pages exist on this installation."""
    return bool(settings.HOSPES.development or settings.HOSPES.demo)


def moved_clock(_request: HttpRequest) -> Notice | None:
    """Tell that the clock was moved, for as long as it is."""
    if not clock.offset() or not is_development():
        return None
    return Notice(
        text=_("The development clock was moved; this is not the real time."),
        url=reverse("dev_clock"),
        label=_("Look at the clock"),
    )
