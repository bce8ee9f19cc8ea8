"""What a number of the product is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Unit(Enum):
    """What a number counts; ``label`` is lazy."""

    SECONDS = ("seconds", _("seconds"))
    MINUTES = ("minutes", _("minutes"))
    HOURS = ("hours", _("hours"))
    DAYS = ("days", _("days"))
    BUSINESS_DAYS = ("business_days", _("business days"))
    MONTHS = ("months", _("months"))
    CHARACTERS = ("characters", _("characters"))
    DIGITS = ("digits", _("digits"))
    TIMES = ("times", _("times"))
    LEVEL = ("level", _("level"))
    PIXELS = ("pixels", _("pixels"))
    MEGABYTES = ("megabytes", _("megabytes"))
    COUNT = ("count", _("pieces"))
    # 1 is on, 0 is off.
    SWITCH = ("switch", _("on or off"))
    HOUR_OF_DAY = ("hour_of_day", _("hour of the day"))

    def __init__(self, code: str, label: StrOrPromise) -> None:
        self.code = code
        self.label = label


class Section(Enum):
    """A heading of the settings page; ``label`` is lazy."""

    SIGN_IN = ("sign_in", _("Sign-in and second factor"))
    OAUTH = ("oauth", _("OAuth2 and OpenID Connect"))
    API = ("api", _("REST API"))
    MONEY = ("money", _("Money and renewals"))
    CLOCKS = ("clocks", _("Deadlines and reaction times"))
    PLATFORM = ("platform", _("Platform"))

    def __init__(self, code: str, label: StrOrPromise) -> None:
        self.code = code
        self.label = label


SECTIONS: tuple[Section, ...] = tuple(Section)


@dataclass(frozen=True, slots=True)
class Number:
    """One number a provider may change. ``in_use`` tells whether something here obeys it yet."""

    key: str
    default: int
    minimum: int
    maximum: int
    unit: Unit
    label: StrOrPromise
    section: Section
    help: StrOrPromise = ""
    in_use: bool = True

    def __post_init__(self) -> None:
        if not self.minimum <= self.default <= self.maximum:
            raise ValueError(f"{self.key}: the default lies outside its own range")

    def accepts(self, value: Any) -> bool:
        """Return whether ``value`` is a whole number within the range."""
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and self.minimum <= value <= self.maximum
        )
