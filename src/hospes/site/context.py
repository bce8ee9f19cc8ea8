"""The context processor that gives every template the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hospes.site.frame import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Return ``frame``; a room's values in it are computed only when the template uses them."""
    return {"frame": Frame(request)}
