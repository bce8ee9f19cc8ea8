"""The keys that sign ID tokens: made at first start, replaced on schedule, sealed at rest."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from joserfc.jwk import ECKey, OKPKey, RSAKey

from hospes.connect.domain.key_schedule import ALGORITHMS, DAY, Schedule, signing_position
from hospes.connect.models import SigningKey
from hospes.foundation import clock, numbers, sealing
from hospes.foundation.services import audit
from hospes.kit.origin import SYSTEM

if TYPE_CHECKING:
    from joserfc.jwk import Key, KeyParameters

SEALING_CONTEXT = "connect.signing_key"
REFRESH_SECONDS = 60
RSA_BITS = 2048


def _schedule() -> Schedule:
    return Schedule(
        lifetime=numbers.get("connect.signing_key_days") * DAY,
        overlap=numbers.get("connect.signing_key_overlap_days") * DAY,
    )


def _generate(alg: str) -> Key:
    parameters: KeyParameters = {"use": "sig", "alg": alg}
    key: Key
    if alg == "RS256":
        key = RSAKey.generate_key(RSA_BITS, parameters)
    elif alg == "ES256":
        key = ECKey.generate_key("P-256", parameters)
    else:
        key = OKPKey.generate_key("Ed25519", parameters)
    return key


def _new_row(alg: str, *, now: int, signs_from: int) -> SigningKey:
    key = _generate(alg)
    kid = key.thumbprint()  # RFC 7638: the name follows from the key itself
    public = {**key.as_dict(private=False), "kid": kid}
    private = {**key.as_dict(private=True), "kid": kid}
    return SigningKey(
        kid=kid,
        alg=alg,
        public_jwk=public,
        private_jwk_sealed=sealing.seal(json.dumps(private).encode(), context=SEALING_CONTEXT),
        created_at=now,
        signs_from=signs_from,
        published_until=None,
    )


def ensure_keys() -> int:
    """Make the keys that are missing, one per algorithm, and return how many were made.

    Safe to call from several processes at once: the database lets one present key per
    algorithm stand, and the loser's key is dropped unseen.
    """
    present = set(
        SigningKey.objects.filter(published_until__isnull=True).values_list("alg", flat=True)
    )
    made = 0
    now = clock.timestamp()
    for alg in ALGORITHMS:
        if alg in present:
            continue
        row = _new_row(alg, now=now, signs_from=now)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                audit.record(
                    "connect.signing_key_made",
                    actor=None,
                    target=row.kid,
                    origin=SYSTEM,
                    detail={"alg": alg},
                )
        except IntegrityError:
            continue
        made += 1
    return made


def rotate_keys() -> int:
    """Make successors that are due and drop keys whose time is over; return how many were made."""
    ensure_keys()
    schedule = _schedule()
    id_token_seconds = numbers.get("connect.id_token_seconds")
    now = clock.timestamp()
    made = 0
    for current in SigningKey.objects.filter(published_until__isnull=True).only(
        "id", "alg", "signs_from"
    ):
        if not schedule.successor_is_due(current.signs_from, now):
            continue
        signs_from = schedule.successor_signs_from(current.signs_from, now)
        row = _new_row(current.alg, now=now, signs_from=signs_from)
        with transaction.atomic():
            replaced = SigningKey.objects.filter(
                id=current.id, published_until__isnull=True
            ).update(published_until=schedule.published_until(signs_from, id_token_seconds))
            if replaced != 1:
                continue  # another process was quicker
            row.save(force_insert=True)
            audit.record(
                "connect.signing_key_made",
                actor=None,
                target=row.kid,
                origin=SYSTEM,
                detail={"alg": row.alg, "signs_from": signs_from},
            )
        made += 1
    SigningKey.objects.filter(published_until__lt=now).delete()
    return made


@dataclass(frozen=True, slots=True)
class LoadedKey:
    """A key as the hot plane uses it, parsed once."""

    kid: str
    alg: str
    key: Key
    signs_from: int
    public_jwk: dict[str, Any]


class KeySource:
    """The published and signing keys, parsed, refreshed from the database once a minute.

    No request waits for the refresh unless nothing has been loaded yet: one thread reloads,
    the others keep the set they have. A database that cannot be reached keeps the old set too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: tuple[LoadedKey, ...] = ()
        self._loaded_at: int | None = None

    def signer(self, alg: str) -> tuple[str, Key]:
        """Return the name and the private key that signs with ``alg`` now.

        Raises:
            LookupError: no key of that algorithm has begun to sign.

        """
        candidates = [key for key in self._current() if key.alg == alg]
        position = signing_position(tuple(key.signs_from for key in candidates), clock.timestamp())
        if position is None:
            raise LookupError(alg)
        return candidates[position].kid, candidates[position].key

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """Return the published key set (RFC 7517): public members only."""
        return {"keys": [key.public_jwk for key in self._current()]}

    def public_key(self, kid: str) -> LoadedKey | None:
        """Return the published key named ``kid``, if it still is published."""
        return next((key for key in self._current() if key.kid == kid), None)

    def forget(self) -> None:
        """Read the database again at the next use."""
        self._loaded_at = None

    def _current(self) -> tuple[LoadedKey, ...]:
        now = clock.timestamp()
        loaded_at = self._loaded_at
        if loaded_at is not None and abs(now - loaded_at) < REFRESH_SECONDS:
            return self._keys
        if self._lock.acquire(blocking=loaded_at is None):
            try:
                if self._loaded_at is None or abs(now - self._loaded_at) >= REFRESH_SECONDS:
                    self._keys = self._load(now)
                    self._loaded_at = now
            finally:
                self._lock.release()
        return self._keys

    def _load(self, now: int) -> tuple[LoadedKey, ...]:
        known = {key.kid: key for key in self._keys}
        rows = list(SigningKey.objects.order_by("alg", "signs_from"))
        if not rows:
            ensure_keys()
            rows = list(SigningKey.objects.order_by("alg", "signs_from"))
        return tuple(
            known.get(row.kid) or _parse(row)
            for row in rows
            if row.published_until is None or row.published_until >= now
        )


def _parse(row: SigningKey) -> LoadedKey:
    private = json.loads(sealing.open_sealed(row.private_jwk_sealed, context=SEALING_CONTEXT))
    key: Key
    if row.alg == "RS256":
        key = RSAKey.import_key(private)
    elif row.alg == "ES256":
        key = ECKey.import_key(private)
    else:
        key = OKPKey.import_key(private)
    return LoadedKey(
        kid=row.kid, alg=row.alg, key=key, signs_from=row.signs_from, public_jwk=row.public_jwk
    )


key_source = KeySource()


def forget() -> None:
    """Have this process read its keys anew (after a change, and between tests)."""
    key_source.forget()
