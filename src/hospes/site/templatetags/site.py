"""The design system's template tags. They are built in: templates need no ``{% load %}``."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hospes.foundation import clock
from hospes.kit import useragents
from hospes.site import guides, icons, moments

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.forms import BaseForm, BoundField
    from django.template import Context

register = template.Library()


@register.simple_tag
def asset(path: str) -> str:
    """Return a static file's address, under its hashed name once files are collected."""
    try:
        return static(path)
    except ValueError:
        # Not collected yet: the plain name keeps pages readable, and `hospes doctor` tells.
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon. Without ``label`` it is decoration; with one it is an image of that name."""
    shapes = mark_safe(icons.shapes()[name])  # noqa: S308 - our own sprite
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" role="img"'
            ' aria-label="{}">{}</svg>',
            label,
            shapes,
        )
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        shapes,
    )


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """Draw one field: label, control, help and errors."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or ""
    attributes = widget.attrs
    return render_to_string(
        "site/forms/field.html",
        {
            "field": bound,
            "kind": kind,
            "label": label or bound.label,
            "help": hint or bound.help_text,
            "new_password": kind == "password" and attributes.get("autocomplete") == "new-password",
            "choices_apart": getattr(widget, "input_type", "") == "radio"
            or type(widget).__name__ == "CheckboxSelectMultiple",
        },
    )


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """Draw the summary of what is wrong, with links to the fields; nothing if all is well."""
    if not form.is_bound or not form.errors:
        return mark_safe("")
    return render_to_string("site/forms/errors.html", {"form": form})


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Draw the summary of errors and all fields."""
    return render_to_string("site/forms/form.html", {"form": form})


@register.simple_tag
def submit(label: str, style: str = "primary", name: str = "", value: str = "") -> SafeString:
    """Draw a submit button. ``style`` is primary, danger, quiet or plain."""
    classes = "button" if style == "plain" else f"button button--{style}"
    if name:
        return format_html(
            '<button class="{}" type="submit" name="{}" value="{}">{}</button>',
            classes,
            name,
            value,
            label,
        )
    return format_html('<button class="{}" type="submit">{}</button>', classes, label)


@register.inclusion_tag("site/components/empty_state.html")
def empty_state(
    icon: str, title: str, text: str = "", url: str = "", label: str = ""
) -> dict[str, object]:
    """Draw what stands where a list is empty: what would be here, and the next step."""
    return {"icon": icon, "title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("site/components/avatar.html")
def avatar(person: Any, size: str = "medium") -> dict[str, object]:
    """Draw a person's picture or initials. ``size`` is small, medium or large."""
    initials = str(getattr(person, "initials", "") or "?")
    return {
        "picture": getattr(person, "picture_url", "") or "",
        "initials": initials,
        # One of six tints, the same for a person everywhere.
        "tint": zlib.crc32(str(getattr(person, "email", "") or initials).encode()) % 6,
        "size": size,
        "pixels": {"small": 28, "medium": 36, "large": 72}[size],
    }


@register.simple_tag
def moment(when: datetime | date | None, style: str = "medium") -> SafeString:
    """Draw a time in the reader's language and time zone.

    ``style`` is medium, long, date, time or relative. ``None`` is drawn as a dash.
    """
    if when is None:
        return format_html('<span class="muted" title="{}">\N{EN DASH}</span>', _("Never"))
    text, title = moments.words(
        when,
        style=style,
        language=translation.get_language() or "en",
        zone=timezone.get_current_timezone(),
        now=clock.now(),
    )
    return format_html('<time datetime="{}" title="{}">{}</time>', when.isoformat(), title, text)


@register.filter
def number(value: float) -> str:
    """Write a number the way the reader's language does."""
    return moments.number(value, translation.get_language() or "en")


@register.inclusion_tag("site/components/copy_button.html")
def copy_button(value: str, label: str = "") -> dict[str, object]:
    """Draw a button that copies ``value``; it appears only where scripts run."""
    return {"value": value, "label": label or _("Copy")}


@register.simple_tag
def badge(label: str, kind: str = "neutral") -> SafeString:
    """Draw a badge. ``kind`` is neutral, info, success, warning or danger."""
    return format_html('<span class="badge badge--{}">{}</span>', kind, label)


@register.simple_tag
def agent_label(user_agent: str) -> str:
    """Name a browser and its system in the reader's language, such as "Firefox on Windows"."""
    agent = useragents.parse(user_agent)
    if agent.browser and agent.system:
        return _("%(browser)s on %(system)s") % {"browser": agent.browser, "system": agent.system}
    return agent.browser or agent.system or _("Unknown browser")


@register.simple_tag
def fill(text: str) -> str:
    """Return a guide's sentence with the installation's host in it."""
    return str(text).replace("%(site)s", settings.HOSPES.host)


@register.inclusion_tag("site/components/browser_steps.html", takes_context=True)
def browser_steps(context: Context) -> dict[str, object]:
    """Draw the steps that switch cookies on in the browser at hand."""
    request = context.get("request")
    headers = request.headers if request is not None else {}
    agent = useragents.parse(headers.get("User-Agent", ""), headers.get("Sec-CH-UA", ""))
    return {"guide": guides.for_agent(agent)}


@register.inclusion_tag("site/components/breadcrumbs.html")
def breadcrumbs(*steps: str) -> dict[str, object]:
    """Draw the way here: label, address, label, address, …; the page itself is not among them."""
    return {"steps": list(zip(steps[::2], steps[1::2], strict=True))}


@register.inclusion_tag("site/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, object]:
    """Draw the links between the pages of a ``django.core.paginator.Page``."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    rest = query.urlencode()
    return {"page": page, "prefix": f"?{rest}&" if rest else "?"}


@register.simple_block_tag(end_name="end_bulk_bar")
def bulk_bar(content: str) -> SafeString:
    """Draw the bar below a table with selection; between the tags stand its buttons.

    The table's form carries ``data-selection``, so that the bar follows the ticks.
    """
    return render_to_string("site/components/bulk_bar.html", {"buttons": content})
