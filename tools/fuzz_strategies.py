"""How Hypothesis makes input for a fuzzing target: out of nothing, or out of its seeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from tools.fuzz_kit import Target

LONGEST = 400
NASTY = (
    *(b"\0", b"\r\n", b"%", b"%00", b"%2e", b"\xff", b"\xed\xa0\x80", b"\xc3\xa9", b"\\", b'"'),
    *(b"@", b"..", b"//", b"#", b"[", b"{", b"&", b"=", b";", b"\n", b" ", b"e\xcc\x81"),
)


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Return bytes of any kind, the seeds themselves, and the seeds cut up and mixed."""
    words = sorted(
        {word for seed in target.seeds for word in re.findall(rb"\w+|\W", seed[:LONGEST])}
    )
    piece = st.one_of(
        st.sampled_from(words or [b"a"]), st.sampled_from(NASTY), st.binary(max_size=8)
    )
    mixed = st.lists(piece, max_size=30).map(b"".join)
    spliced = st.builds(
        lambda seed, at, length, new: (
            seed[: at % (len(seed) + 1)] + new + seed[at % (len(seed) + 1) + length :]
        ),
        st.sampled_from(target.seeds),
        st.integers(0, 5000),
        st.integers(0, 20),
        st.lists(piece, max_size=4).map(b"".join),
    )
    return st.one_of(st.binary(max_size=LONGEST), st.sampled_from(target.seeds), mixed, spliced)
