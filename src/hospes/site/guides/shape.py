"""What a guide consists of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Device = Literal["computer", "android", "iphone", "app"]


@dataclass(frozen=True, slots=True)
class Part:
    """One task of a guide. Steps may hold ``%(site)s``, the installation's host."""

    title: _StrOrPromise
    steps: tuple[_StrOrPromise, ...]
    note: _StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide for one browser on one kind of device.

    ``cookies`` is what most readers came for; ``site_only`` opens cookies for this site while the
    others stay closed; ``scripts`` switches JavaScript on; ``more`` are further tasks.
    """

    key: str
    browser: _StrOrPromise
    device: Device
    cookies: Part
    site_only: Part | None = None
    scripts: Part | None = None
    more: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return all parts in the order of reading."""
        found = (self.cookies, self.site_only, self.scripts, *self.more)
        return tuple(part for part in found if part is not None)
