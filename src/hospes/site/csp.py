"""The Content-Security-Policy (W3C CSP Level 3) and who may widen where forms lead."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    FormTargets = Callable[[str], tuple[str, ...]]

logger = logging.getLogger(__name__)

_form_targets: list[FormTargets] = []

# scheme "://" host [":" port], or a bare scheme ":" for apps. Nothing that could end a directive.
_SOURCE = re.compile(
    r"[a-z][a-z0-9+.-]*:(//([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?)?", re.IGNORECASE
)
_ONWARD = "hospes_onward"
_NEVER = {"javascript:", "data:", "blob:", "http:", "https:", "file:"}


def register_form_targets(provider: FormTargets) -> None:
    """Let ``provider`` name where a form on an address may be redirected to.

    Browsers apply ``form-action`` to the redirects that follow a form as well, so the consent
    page, and the sign-in page on the way to it, must name the application's origin. The provider
    gets the page's own address and its ``next`` parameter, one at a time, and returns origins
    (``https://app.example``) or schemes (``com.example.app:``); ``()`` for addresses not its own.
    """
    if provider not in _form_targets:
        _form_targets.append(provider)


def form_targets(request: HttpRequest) -> tuple[str, ...]:
    """Return the further form targets of the page at this request's address."""
    following = request.POST.get("next") if request.method == "POST" else None
    onward = getattr(request, _ONWARD, None)
    return targets_of(request.get_full_path(), request.GET.get("next"), following, onward)


def leads_to(request: HttpRequest, address: str) -> None:
    """Say where the forms of this request's page lead, where its own address does not."""
    setattr(request, _ONWARD, address)


def targets_of(*addresses: str | None) -> tuple[str, ...]:
    """Return the further form targets of these addresses: a page's own, and what follows it."""
    found: list[str] = []
    for provider in _form_targets:
        for address in filter(None, addresses):
            for source in _named_by(provider, address):
                usable = _SOURCE.fullmatch(source) and source.lower() not in _NEVER
                if usable and source not in found:
                    found.append(source)
    return tuple(found)


def _named_by(provider: FormTargets, address: str) -> tuple[str, ...]:
    try:
        return provider(address)
    except Exception:
        # A page must never go out without its policy; without the target it is merely stricter.
        logger.exception("form_target_provider_failed")
        return ()


@lru_cache(maxsize=256)
def policy(*, https: bool, targets: tuple[str, ...] = (), frames: tuple[str, ...] = ()) -> str:
    """Return the header's value: nothing but our own origin, nothing inline.

    ``frames`` are the origins of other sites that the page loads in frames.
    """
    directives = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        " ".join(("form-action 'self'", *targets)),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    framed = [source for source in frames if _SOURCE.fullmatch(source)]
    if framed:
        directives.append(" ".join(("frame-src", *framed)))
    if https:
        directives.append("upgrade-insecure-requests")
    return "; ".join(directives)
