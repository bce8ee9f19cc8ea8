from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hospes
from hospes.foundation import numbers
from hospes.foundation.errors import NotFound
from hospes.foundation.models import AuditEntry, NumberSetting
from hospes.foundation.numbers import NUMBERS, Number, Section, Unit
from hospes.foundation.services import numbers as number_services
from hospes.kit.faults import Refused
from hospes.kit.origin import Origin

KEY = "identity.password_minimum_length"
ORIGIN = Origin(ip="192.0.2.7")


def change(value, key=KEY):
    return number_services.change(key, value, acting_account_id=4, origin=ORIGIN)


def test_a_number_is_its_default_until_it_is_changed():
    assert numbers.get(KEY) == 12
    assert change(14) == 14
    assert numbers.get(KEY) == 14
    assert number_services.reset(KEY, acting_account_id=4, origin=ORIGIN) == 12
    assert numbers.get(KEY) == 12
    assert not NumberSetting.objects.exists()


def test_changes_say_who_from_what_to_what():
    change(14)
    change("16")
    number_services.reset(KEY, acting_account_id=5, origin=ORIGIN)
    assert list(
        AuditEntry.objects.order_by("id").values_list(
            "action", "actor_account_id", "target", "ip", "detail"
        )
    ) == [
        ("foundation.number_changed", 4, f"number:{KEY}", "192.0.2.7", {"before": 12, "after": 14}),
        ("foundation.number_changed", 4, f"number:{KEY}", "192.0.2.7", {"before": 14, "after": 16}),
        ("foundation.number_reset", 5, f"number:{KEY}", "192.0.2.7", {"before": 16, "after": 12}),
    ]


def test_a_change_to_the_same_value_or_a_reset_of_a_default_leaves_no_trace():
    change(12)
    number_services.reset(KEY, acting_account_id=4, origin=ORIGIN)
    assert not AuditEntry.objects.exists()
    assert not NumberSetting.objects.exists()


@pytest.mark.parametrize("value", [7, 65, "7", " 65 ", -1, 10**30])
def test_a_number_outside_its_range_is_refused_and_nothing_changes(value):
    with pytest.raises(Refused) as refused:
        change(value)
    assert refused.value.has("value", "out_of_range")
    assert refused.value.faults[0].params == {"minimum": 8, "maximum": 64}
    assert numbers.get(KEY) == 12
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("value", ["", "twelve", "12.5", "1e2", "٣٤", "9" * 40, None, 12.0, True])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(Refused) as refused:
        change(value)
    assert refused.value.has("value", "not_a_number")


def test_a_number_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound):
        change(1, key="identity.nothing")
    with pytest.raises(NotFound):
        number_services.reset("identity.nothing", acting_account_id=4, origin=ORIGIN)
    with pytest.raises(KeyError):
        numbers.get("identity.nothing")


@pytest.mark.parametrize("value", [3, 1000, "14", 14.5, True, [14]])
def test_a_row_that_does_not_fit_falls_back_to_the_default(value, clock):
    NumberSetting.objects.create(key=KEY, value=value, updated_at=clock.now())
    assert numbers.get(KEY) == 12


def test_numbers_are_read_once_for_many(count_queries):
    numbers.get(KEY)
    with count_queries() as asked:
        for key in NUMBERS:
            numbers.get(key)
    assert asked == []


def test_a_change_by_another_process_is_seen_soon(clock, monkeypatch):
    assert numbers.get(KEY) == 12
    NumberSetting.objects.create(key=KEY, value=20, updated_at=clock.now())
    assert numbers.get(KEY) == 12
    genuine = numbers.time.monotonic
    monkeypatch.setattr(numbers.time, "monotonic", lambda: genuine() + 3)
    assert numbers.get(KEY) == 20


@pytest.mark.parametrize("number", NUMBERS.values(), ids=lambda number: number.key)
def test_every_number_is_described_and_has_room_around_its_default(number):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", number.key)
    assert str(number.label)
    assert str(number.unit.label)
    assert str(number.section.label)
    assert number.minimum < number.maximum
    assert number.accepts(number.default)


def test_a_number_is_in_use_where_something_reads_it_and_only_there():
    package = Path(hospes.__file__).parent
    registry = package / "foundation" / "numbers"
    source = "".join(
        file.read_text() for file in package.rglob("*.py") if registry not in file.parents
    )
    read = {key for key in NUMBERS if f'"{key}"' in source}
    assert read == {number.key for number in NUMBERS.values() if number.in_use}


def test_every_section_has_numbers_and_every_number_a_section():
    assert sum(len(numbers.in_section(section)) for section in Section) == len(NUMBERS)
    assert all(numbers.in_section(section) for section in Section)


def test_what_the_product_promises_is_what_the_registry_holds():
    promised = {
        "identity.password_maximum_length": 128,
        "identity.password_minimum_strength": 3,
        "identity.session_idle_days": 14,
        "identity.session_absolute_days": 90,
        "identity.sudo_minutes": 15,
        "identity.push_challenge_minutes": 5,
        "identity.backup_codes": 10,
        "connect.code_seconds": 60,
        "connect.access_token_seconds": 7200,
        "connect.id_token_seconds": 3600,
        "connect.signing_key_days": 90,
        "connect.refresh_retry_seconds": 10,
        "api.requests": 60,
        "api.requests_window_seconds": 60,
        "api.token_unused_days": 365,
        "api.invitation_days": 14,
        "orders.blocked_hours": 240,
        "renewals.warranty_yearly_days": 280,
        "renewals.warranty_monthly_days": 90,
        "checks.files_hours": 72,
        "reports.acknowledge_hours": 24,
        "domains.holder_link_days": 2,
    }
    assert {key: NUMBERS[key].default for key in promised} == promised


@given(st.integers() | st.booleans() | st.text() | st.floats() | st.none())
def test_only_whole_numbers_within_the_range_are_accepted(value):
    number = NUMBERS[KEY]
    expected = type(value) is int and 8 <= value <= 64
    assert number.accepts(value) is expected


def test_a_default_outside_its_own_range_is_a_mistake():
    with pytest.raises(ValueError, match="outside its own range"):
        Number("tests.x", 5, 6, 9, Unit.DAYS, "x", Section.API)
