"""The software that an application can be for, as a list to choose from."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy

from hospes.connect.domain.presets import GENERIC, PRESETS

SOFTWARE: Final = (
    ("", gettext_lazy("None of these")),
    *(
        (name, gettext_lazy("Other software") if name == GENERIC else preset.title)
        for name, preset in PRESETS.items()
    ),
)
