"""Login IDs for accounts whose address vanished: initials and digits, such as ``AN00123``."""

from __future__ import annotations

import re
import unicodedata

from hospes.kit import stand_ins

LARGEST = 99_999
_LOGIN = re.compile(r"[A-Z]{2}[0-9]{5}")


def make(first_name: str, last_name: str, number: int) -> str:
    """Return the login ID of a person; ``number`` is 1 to ``LARGEST``.

    Letters lose their accents; where a name begins with none of A to Z, an X stands for it.

    Raises:
        ValueError: the number is out of range.

    """
    if not 1 <= number <= LARGEST:
        raise ValueError("the number of a temporary login ID has one to five digits")
    return f"{_initial(first_name)}{_initial(last_name)}{number:05d}"


def _initial(name: str) -> str:
    for character in unicodedata.normalize("NFKD", name):
        letter = character.upper()
        if len(letter) == 1 and "A" <= letter <= "Z":
            return letter
    return "X"


def read(typed: str) -> str:
    """Return the login ID in ``typed`` however it was written, ``""`` if it holds none."""
    text = "".join(typed.split()).replace("-", "").upper()
    return text if _LOGIN.fullmatch(text) else ""


def canonical(login: str) -> str:
    """Return a login as it is counted: each spelling of a temporary login ID as the same one."""
    return ("" if "@" in login else read(login).lower()) or login


def placeholder(login: str) -> str:
    """Return the address that stands in the account meanwhile, so that the old one is free."""
    return stand_ins.make(login.lower())


def is_placeholder(email: str) -> bool:
    """Return whether an account's address is one that stands in for a vanished one."""
    return stand_ins.is_one(email)
