"""Postal addresses as people give them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

from hospes.kit import visible
from hospes.kit.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = {"street": 120, "street2": 120, "zip": 20, "city": 80}
_CODE_LENGTH = 2
# What CLDR lists beside the countries of ISO 3166-1: unions, exclaves, pseudo locales.
_NO_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """``country`` is ISO 3166-1 alpha-2, upper case. Every part may be ""."""

    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing but, perhaps, the country is given."""
        return not (self.street or self.street2 or self.zip or self.city)


PARTS = tuple(field.name for field in fields(PostalAddress))


@cache
def country_names(language: str) -> Mapping[str, str]:
    """Return every country's name in that language by its code, sorted by name (CLDR)."""
    # The library brings its tables along; most processes never need them.
    from babel import Locale  # noqa: PLC0415 - see above

    territories = Locale.parse(language, sep="-").territories
    found = {
        code: name
        for code, name in territories.items()
        if len(code) == _CODE_LENGTH and code.isalpha() and code not in _NO_COUNTRIES
    }
    return dict(sorted(found.items(), key=lambda item: _sorting(item[1])))


def _sorting(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def is_country(code: str) -> bool:
    """Return whether there is a country of that code, in upper case."""
    return code in country_names("en")


def tidy(address: PostalAddress) -> PostalAddress:
    """Return the address with single blanks and its country in upper case."""
    parts = {name: " ".join(getattr(address, name).split()) for name in PARTS}
    return PostalAddress(**{**parts, "country": parts["country"].upper()})


def faults_of(
    address: PostalAddress, *, prefix: str, wants_country: bool, wants_all: bool
) -> list[Fault]:
    """Return everything that is wrong with a tidied address, in the order of the form.

    Fields are named ``<prefix>_<part>``. Whoever gives a part of an address gives street, city
    and country; not every country has postal codes.
    """
    faults = []
    begun = wants_all or not address.is_empty
    for name in ("street", "street2", "zip", "city"):
        text = getattr(address, name)
        if len(text) > LONGEST[name]:
            faults.append(Fault(f"{prefix}_{name}", "too_long", {"limit": LONGEST[name]}))
        elif visible.has_hidden(text):
            faults.append(Fault(f"{prefix}_{name}", "characters"))
        elif begun and not text and name in {"street", "city"}:
            faults.append(Fault(f"{prefix}_{name}", "required"))
    if address.country and not is_country(address.country):
        faults.append(Fault(f"{prefix}_country", "unknown"))
    elif not address.country and (begun or wants_country):
        faults.append(Fault(f"{prefix}_country", "required"))
    return faults
