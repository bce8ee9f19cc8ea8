"""Ready-made settings on the pages: choosing software, and putting its redirect URLs right."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from hospes.connect.domain import presets
from hospes.connect.domain.registration import Draft
from hospes.connect.forms import words
from hospes.kit.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, QueryDict

    from hospes.connect.models import Application

LONGEST = 2000
ROW = 3


def title_of(preset: presets.Preset) -> str:
    """Return the software's name; only the general one has a name in every language."""
    return _("Other software") if preset.name == presets.GENERIC else preset.title


def of(application: Application) -> str:
    """Return the name of an application's software, "" where none was chosen."""
    preset = presets.PRESETS.get(application.preset)
    return title_of(preset) if preset else ""


def tiles() -> list[dict[str, str]]:
    """Return what can be chosen before the form."""
    return [
        {"name": preset.name, "title": title_of(preset), "icon": preset.icon}
        for preset in presets.PRESETS.values()
    ]


def asked(request: HttpRequest) -> presets.Preset | None:
    """Return the software that the address of the page names."""
    return presets.PRESETS.get(request.GET.get("preset", ""))


def site_asked(request: HttpRequest, preset: presets.Preset) -> tuple[str, str]:
    """Return the site's address that was typed, and what is wrong with it in words.

    Both are empty before anything was typed.
    """
    if preset.fixed or "site" not in request.GET:
        return "", ""
    site, code = presets.site_of(request.GET["site"][:LONGEST])
    return site, words(Fault("", code)) if code else ""


def draft_for(preset: presets.Preset, site: str) -> Draft:
    """Return what the form is filled in with."""
    return Draft(
        type=preset.type,
        name=urlsplit(site).netloc[:100],
        redirect_uris=presets.redirects_for(preset, site),
        logout_uris=presets.logouts_for(preset, site),
        id_token_alg=preset.id_token_alg,
        pkce_required=preset.pkce_required,
        website=f"{site}/" if site else "",
        preset=preset.name,
    )


def put_right(data: QueryDict) -> QueryDict:
    """Return the form with the right redirect URLs where "Use this instead" was pressed."""
    row = data.get("accept", "")
    if not (row.isascii() and row.isdigit() and len(row) <= ROW):
        return data
    changed = data.copy()
    uris = [uri.strip() for uri in data.getlist("redirect_uris") if uri.strip()]
    right = presets.put_right(data.get("preset", ""), uris, int(row), data.get("website", ""))
    changed.setlist("redirect_uris", right)
    return changed


def added_words(name: str, before: Iterable[str], after: Iterable[str]) -> str:
    """Tell which redirect URLs were added to those that were typed, "" where none were."""
    typed = {uri.strip() for uri in before}
    added = [uri for uri in after if uri not in typed]
    preset = presets.PRESETS.get(name)
    if preset is None or not added:
        return ""
    return _(
        "%(software)s never leads to the redirect URL that ends in %(end)s. It is kept, and what "
        "%(software)s uses was added: %(right)s"
    ) % {"software": preset.title, "end": presets.COPIED, "right": ", ".join(added)}
