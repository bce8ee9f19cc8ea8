"""How a mail looks: one text and one HTML rendering for all of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def render(content: dict[str, Any], *, locale: str) -> tuple[str, str]:
    """Return a mail's text and HTML, in ``locale``."""
    context = {
        "mail": content,
        "locale": locale,
        "provider": settings.HOSPES.provider_name,
        "base_url": settings.HOSPES.base_url,
    }
    with translation.override(locale):
        text = render_to_string("foundation/mail/mail.txt", context)
        html = render_to_string("foundation/mail/mail.html", context)
    return _tidy(text), html


def _tidy(text: str) -> str:
    """Join runs of empty lines, which the template's conditions leave behind."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
