"""Telephone numbers: read as people write them, kept as E.164."""

from __future__ import annotations


def parse(text: str, region: str) -> str:
    """Return the number as E.164 (``+41791234567``), or ``""`` if it can be no number.

    ``region`` is the ISO 3166 country that a number without ``+`` is read for.
    """
    # The library brings its tables along; most processes never need them.
    import phonenumbers  # noqa: PLC0415 - see above

    try:
        number = phonenumbers.parse(text[:40], region.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or number.extension:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown(e164: str) -> str:
    """Return a kept number with its usual spaces (``+41 79 123 45 67``)."""
    import phonenumbers  # noqa: PLC0415 - see ``parse``

    if not e164:
        return ""
    number = phonenumbers.parse(e164, None)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region_of(e164: str) -> str:
    """Return the country a kept number belongs to, ``""`` where that is open."""
    import phonenumbers  # noqa: PLC0415 - see ``parse``

    if not e164:
        return ""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164, None)) or ""


def regions() -> dict[str, int]:
    """Return every country that has numbers, with its dialling code."""
    import phonenumbers  # noqa: PLC0415 - see ``parse``

    return {
        region: phonenumbers.country_code_for_region(region)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    }
