from __future__ import annotations

import pytest

from hospes.kit import visible


@pytest.mark.parametrize(
    "text", ["", "Shop", "Café d'été", "میر\u200cحسین", "👩\u200d🚀 Crew", "山田"]
)
def test_what_is_seen_is_not_hidden(text):
    assert not visible.has_hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\u00adb",
        "a\u2060b",
        "\u061cabc",
        "Shop\u202egnp",
        "a\U000e0041b",
        "a\u3164b",
        "\u2800",
        "a\0b",
        "a\u2028b",
        "a\ue000b",
    ],
)
def test_what_nobody_sees_is_hidden(text):
    assert visible.has_hidden(text)


def test_text_without_anything_to_see_is_blank():
    assert visible.is_blank("")
    assert visible.is_blank(" \u200d\u3164\ufe0f")
    assert not visible.is_blank("\u3164x")
    assert not visible.is_blank("🚀")
