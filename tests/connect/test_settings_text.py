"""Printed settings, without any page: every place filled in, and nothing that breaks out of it."""

from __future__ import annotations

import json
import re
import shlex
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.connect.domain.presets import PRESETS
from hospes.connect.domain.setting_texts import BLOCKS
from hospes.connect.domain.settings_text import SYNTAXES, Block, rendered
from hospes.connect.web.setting_words import STEPS

NAMES = (
    "issuer", "discovery", "authorization_endpoint", "token_endpoint", "userinfo_endpoint",
    "introspection_endpoint", "end_session_endpoint", "provider", "client_id", "secret",
    "redirect_uri", "redirect_uris", "scopes", "site", "site_quoted",
)  # fmt: skip
GOOD = {name: f"https://{name.replace('_', '-')}.example/a?b=c" for name in NAMES}
ALL = [(name, block) for name, blocks in BLOCKS.items() for block in blocks]
HOSTILE = (
    "x\nevil = 1",
    "x\r\nevil",
    "x\u2028evil\u2029evil\x85evil\x0bevil",
    "x' ; evil '",
    'x" evil "',
    "x\\",
    "x\\' evil",
    "$(evil)",
    "`evil`",
    "${evil} %(evil)s #{evil}",
    "x # evil",
    "x ; evil",
    "<<secret>>",
)


def test_every_preset_is_printed_and_every_text_has_its_sentence():
    assert BLOCKS.keys() == PRESETS.keys()
    assert {block.key for _name, block in ALL} == STEPS.keys()
    assert {block.syntax for _name, block in ALL} <= SYNTAXES.keys()


@pytest.mark.parametrize(("name", "block"), ALL, ids=[block.key for _, block in ALL])
def test_every_place_is_filled_in(name, block):
    text = rendered(block, GOOD)
    assert "<<" not in text
    for place in re.findall(r"<<(\w+)>>", block.text):
        assert GOOD[place] in text


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(("name", "block"), ALL, ids=[block.key for _, block in ALL])
def test_a_hostile_value_adds_no_line(name, block, value):
    text = rendered(block, dict.fromkeys(NAMES, value))
    assert len(text.splitlines()) == len(block.text.splitlines())
    assert not [sign for sign in text if sign != "\n" and not sign.isprintable()]


def only(syntax):
    return Block("x", syntax, "<<v>>")


@given(st.text())
def test_what_is_quoted_is_read_as_one_value(value):
    def one(syntax):
        return rendered(only(syntax), {"v": value})

    spoken = json.loads(one("json"))
    assert "\n" not in spoken
    assert len(spoken) == len(value)
    assert json.loads(one("yaml")) == spoken
    assert tomllib.loads(f"v = {one('toml')}") == {"v": spoken}
    assert shlex.split(one("shell")) == [spoken]
    for syntax in ("php", "ruby"):
        quoted = one(syntax)
        assert re.fullmatch(r"'(?:[^'\\]|\\['\\])*'", quoted)
        assert re.sub(r"\\(['\\])", r"\1", quoted[1:-1]) == spoken


@given(st.text())
def test_what_cannot_be_quoted_is_left_to_be_filled_in(value):
    for syntax in ("ini", "dovecot", "nginx"):
        text = rendered(only(syntax), {"v": value})
        assert len(text) == len(value) or text == "YOUR_V"
        assert not set(text) & set("\"'`$#;\\{}()\n<>")
    assert re.fullmatch(r'"[^"\\$]*"|YOUR_V', rendered(only("apache"), {"v": value}))


@pytest.mark.parametrize("syntax", ["ini", "dovecot", "nginx"])
def test_ordinary_values_need_no_filling_in(syntax):
    for value in ("Alpenhost", "Gîte du Lac", "https://a.example/b?c=d&e=%20f", "openid email"):
        assert rendered(only(syntax), {"v": value}) == value
    assert rendered(only("apache"), {"v": "openid email"}) == '"openid email"'
