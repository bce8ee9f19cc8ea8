"""How hard a password is to guess, as zxcvbn estimates it."""

from __future__ import annotations

import threading

# zxcvbn's time grows steeply with the length (72 awkward characters: 1.5 s), hence the windows.
WINDOW = 36

# zxcvbn keeps the person's words in one process-wide dictionary: one estimate at a time.
_lock = threading.Lock()


def _score(text: str, words: tuple[str, ...]) -> int:
    # Loaded at the first use: its word lists take 20 MB that many processes never need.
    from zxcvbn import zxcvbn  # noqa: PLC0415 - see above

    with _lock:
        return int(zxcvbn(text, user_inputs=list(words))["score"])


def estimate(password: str, *, words: tuple[str, ...], enough: int) -> int:
    """Return zxcvbn's score 0-4 of a password, at least as far as ``enough``.

    A long password is measured by its first and, where that is not enough, its last ``WINDOW``
    characters: what is hard to guess in a part is no easier as a whole.
    """
    if not password:
        return 0
    score = _score(password[:WINDOW], words)
    if score < enough and len(password) > WINDOW:
        score = max(score, _score(password[-WINDOW:], words))
    return score
