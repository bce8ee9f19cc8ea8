"""`/status/feed`: the events as an Atom feed (RFC 4287), one for each language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hospes.foundation.errors import NotFound
from hospes.site import moments
from hospes.status.forms import languages
from hospes.status.queries import board
from hospes.status.web import freshness, presenting

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hospes.status.web.presenting import Line


@require_safe
def feed(request: HttpRequest, language: str = "") -> HttpResponse:
    """Answer the feed in ``language``; without one in the visitor's."""
    if language and language not in dict(languages()):
        raise NotFound
    chosen = language or translation.get_language() or "en"
    return freshness.answer(request, lambda: _feed(chosen), shared=bool(language))


def _feed(language: str) -> HttpResponse:
    base = settings.HOSPES.base_url
    own = f"{base}{reverse('status_feed_in', args=[language])}"
    events = board.newest()
    with translation.override(language):
        title = _("Status of %(provider)s") % {"provider": settings.HOSPES.provider_name}
        made = _Feed(
            title=title,
            link=f"{base}{reverse('status')}",
            description="",
            language=language,
            feed_url=own,
            feed_guid=own,
            author_name=settings.HOSPES.provider_name,
        )
        for event in events:
            line = presenting.line(event, language)
            url = f"{base}{line.url}"
            made.add_item(
                title=f"[{line.label}] {line.title.text}",
                link=url,
                unique_id=url,
                description=_content(line, language),
                pubdate=event.created_at,
                updateddate=event.updated_at,
                categories=[event.kind, event.status],
            )
        text = made.writeString("utf-8")
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["Content-Language"] = language
    # Readers in browsers of other sites may show it: it is public.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


class _Feed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """Return when anything changed last; an empty feed has not changed since the epoch."""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(1970, 1, 1, tzinfo=UTC))


def _content(line: Line, language: str) -> SafeString:
    """Return what a feed reader shows: the text and each update, newest first."""
    # The same for everybody who reads it.
    zone = ZoneInfo(settings.TIME_ZONE)
    updates = format_html_join(
        "",
        "<p><strong>{}: {}</strong></p>{}",
        (
            (_moment(update.at, language, zone), update.label, _paragraphs(update.text.text))
            for update in line.updates
        ),
    )
    return format_html("{}{}", _paragraphs(line.text.text), updates)


def _paragraphs(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True)) if text else mark_safe("")  # noqa: S308 - escaped


def _moment(when: datetime, language: str, zone: ZoneInfo) -> str:
    text, _full = moments.words(when, style="long", language=language, zone=zone, now=when)
    return text
