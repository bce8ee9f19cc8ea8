"""The colours of teams and tags, by number as the published API has them."""

from __future__ import annotations

# Names of the style sheet's classes ``swatch--<name>``; a number is an index into this.
COLOURS = (
    "slate", "blue", "teal", "green", "olive", "amber", "orange", "red", "pink", "violet",
)  # fmt: skip


def is_colour(color_id: int) -> bool:
    """Return whether there is a colour of that number."""
    return 0 <= color_id < len(COLOURS)


def name_of(color_id: int) -> str:
    """Return the colour's name; numbers of an older palette fall back to the first."""
    return COLOURS[color_id] if is_colour(color_id) else COLOURS[0]
