"""Weakness: spreadsheets of some languages read full-width signs as the beginning of a formula
(OWASP, CSV injection); names and addresses in the CSV files may begin with them.
"""

from __future__ import annotations

import pytest

from hospes.kit import csv_text


@pytest.mark.parametrize("sign", "\uff1d\uff0b\uff0d\uff20")
def test_a_cell_begins_with_none(sign):
    assert csv_text.cell(f"{sign}cmd|'/c calc'!A1").startswith("'")
