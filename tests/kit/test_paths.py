from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.kit.paths import safe_next


@pytest.mark.parametrize(
    "path", ["/", "/a", "/a?b=c&d=%2F%2Fx", "/a#b", "/authorize?redirect_uri=https://x.example/"]
)
def test_local_paths_are_kept(path):
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "a",
        "//x",
        "///x",
        "/\\x",
        "\\\\x",
        "https://x",
        "javascript:alert(1)",
        " /a",
        "/\t/x",
        "/a\nb",
        "/a b",
        "/\x00",
        "/a\x7f",
        "?a",
        "#a",
        "/" + "a" * 9000,
    ],
)
def test_everything_else_gives_the_default(path):
    assert safe_next(path, "/home") == "/home"


@given(st.text())
def test_the_answer_always_stays_on_the_site(text):
    answer = safe_next(text)
    assert answer.startswith("/")
    assert not answer.startswith(("//", "/\\"))
