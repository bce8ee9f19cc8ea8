"""QR codes, drawn into the page itself: what they hold is in no address of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# Scanners want four squares of light around the code (ISO/IEC 18004 §9.1), in dark pages too.
_BORDER = 4


def drawn(text: str) -> SafeString:
    """Return ``text``, made by us, as a QR code: SVG without a size, dark on white."""
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(
        omitsize=True, border=_BORDER, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return mark_safe(svg)  # noqa: S308 - squares
