from __future__ import annotations

from datetime import timedelta

import pytest

from hospes.foundation import clock as product_clock
from hospes.foundation import numbers
from hospes.foundation.models import NumberSetting
from hospes.foundation.services import moved_clock


def test_a_moved_clock_stays_moved_over_a_restart(clock):
    moved_clock.move(timedelta(days=10))
    product_clock.move_to_offset(timedelta(0))
    moved_clock.restore()
    assert product_clock.offset() == timedelta(days=10)
    moved_clock.move(timedelta(days=-3))
    moved_clock.restore()
    assert product_clock.offset() == timedelta(days=-3)


def test_a_clock_never_moved_is_left_alone(clock):
    moved_clock.restore()
    assert product_clock.offset() == timedelta(0)


def test_a_real_installations_clock_is_never_moved(clock, settings_with):
    moved_clock.move(timedelta(days=10))
    product_clock.move_to_offset(timedelta(0))
    settings_with(demo=False, development=False)
    moved_clock.restore()
    assert product_clock.offset() == timedelta(0)
    with pytest.raises(RuntimeError, match="not moved"):
        moved_clock.move(timedelta(days=1))
    assert NumberSetting.objects.get().value == 864000


def test_the_clocks_row_is_no_number_of_the_product(clock):
    moved_clock.move(timedelta(days=10))
    assert numbers.find(moved_clock.KEY) is None
    assert numbers.get("identity.sudo_minutes") == 15
