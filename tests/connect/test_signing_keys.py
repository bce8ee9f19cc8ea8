"""Signing keys: made once, published ahead, replaced on schedule, sealed at rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from joserfc.jwk import KeySet

from hospes.connect.domain.key_schedule import DAY, Schedule, signing_position
from hospes.connect.models import SigningKey
from hospes.connect.services import signing_keys
from hospes.connect.services.signing_keys import KeySource, ensure_keys, rotate_keys
from hospes.foundation import sealing
from support.racing import race

PRIVATE_MEMBERS = {"d", "p", "q", "dp", "dq", "qi"}


def test_three_keys_are_made_once():
    assert ensure_keys() == 3
    assert ensure_keys() == 0
    assert sorted(SigningKey.objects.values_list("alg", flat=True)) == ["ES256", "EdDSA", "RS256"]


def test_the_published_set_holds_public_members_only():
    source = KeySource()
    keys = source.jwks()["keys"]
    assert len(keys) == 3
    for key in keys:
        assert not PRIVATE_MEMBERS & set(key)
        assert key["use"] == "sig"
        assert key["kid"]
    rsa = next(key for key in keys if key["kty"] == "RSA")
    assert len(rsa["n"]) >= 342
    KeySet.import_key_set(source.jwks())


def test_private_keys_stand_sealed():
    ensure_keys()
    for row in SigningKey.objects.all():
        assert '"d"' not in row.private_jwk_sealed
        assert b'"d"' in sealing.open_sealed(
            row.private_jwk_sealed, context=signing_keys.SEALING_CONTEXT
        )


def test_no_request_asks_the_database_until_a_minute_has_passed(clock):
    source = KeySource()
    source.jwks()
    with CaptureQueriesContext(connection) as none:
        for alg in ("RS256", "ES256", "EdDSA"):
            source.signer(alg)
        source.jwks()
    assert len(none) == 0
    clock.move(timedelta(seconds=61))
    with CaptureQueriesContext(connection) as one:
        source.jwks()
        source.jwks()
    assert len(one) == 1


def test_a_successor_is_published_ahead_and_the_old_key_stays_until_its_tokens_end(clock):
    ensure_keys()
    source = KeySource()
    old, _ = source.signer("RS256")
    clock.move(timedelta(days=82))
    assert rotate_keys() == 0
    clock.move(timedelta(days=1, hours=1))
    assert rotate_keys() == 3
    assert rotate_keys() == 0
    source.forget()
    assert len(source.jwks()["keys"]) == 6
    assert source.signer("RS256")[0] == old
    clock.move(timedelta(days=7))
    new, _ = source.signer("RS256")
    assert new != old
    assert {old, new} <= {key["kid"] for key in source.jwks()["keys"]}
    clock.move(timedelta(days=8))
    rotate_keys()
    source.forget()
    assert old not in {key["kid"] for key in source.jwks()["keys"]}
    assert not SigningKey.objects.filter(kid=old).exists()
    assert source.signer("RS256")[0] == new


def test_a_rotation_that_runs_late_still_publishes_ahead(clock):
    ensure_keys()
    clock.move(timedelta(days=400))
    rotate_keys()
    source = KeySource()
    old, _ = source.signer("ES256")
    clock.move(timedelta(days=6))
    assert source.signer("ES256")[0] == old
    clock.move(timedelta(days=2))
    assert source.signer("ES256")[0] != old


def test_an_algorithm_without_a_key_is_named():
    with pytest.raises(LookupError, match="HS256"):
        KeySource().signer("HS256")


def test_the_schedule_and_the_signing_key_follow_from_the_instants():
    schedule = Schedule()
    assert not schedule.successor_is_due(0, 83 * DAY - 1)
    assert schedule.successor_is_due(0, 83 * DAY)
    assert schedule.successor_signs_from(0, 83 * DAY) == 90 * DAY
    assert schedule.successor_signs_from(0, 200 * DAY) == 207 * DAY
    assert schedule.published_until(90 * DAY, 3600) == 97 * DAY
    assert schedule.published_until(0, 8 * DAY) == 8 * DAY
    assert signing_position((0, 10, 20), 15) == 1
    assert signing_position((0, 10, 20), 20) == 2
    assert signing_position((5,), 4) is None


def test_processes_that_start_at_once_leave_one_key_per_algorithm():
    made = race(lambda _number: ensure_keys(), threads=4)
    assert sum(made) == 3
    assert sorted(SigningKey.objects.values_list("alg", flat=True)) == ["ES256", "EdDSA", "RS256"]


def test_rotations_at_once_make_one_successor_per_algorithm(clock):
    ensure_keys()
    clock.move(timedelta(days=84))
    made = race(lambda _number: rotate_keys(), threads=4)
    assert sum(made) == 3
    assert SigningKey.objects.filter(published_until=None).count() == 3
    assert SigningKey.objects.count() == 6
