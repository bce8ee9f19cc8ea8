"""Envelope encryption (AES-256-GCM, NIST SP 800-38D): a value's own key, wrapped by a named key.

The text is ``hs1.<key name>.<nonce + wrapped data key>.<nonce + ciphertext>``, base64url without
padding. The context is authenticated with the ciphertext, so a value does not open anywhere but
in the column and row it was sealed for. Random bytes are passed in.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = "hs1"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_NAME = re.compile(r"[a-z0-9_-]{1,32}", re.ASCII)


class CannotOpen(Exception):
    """The text is no sealed value, was changed, belongs elsewhere, or its key is not here."""


@dataclass(frozen=True, slots=True)
class Randomness:
    """What one sealing consumes: never use the same twice."""

    data_key: bytes
    wrap_nonce: bytes
    value_nonce: bytes


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CannotOpen("not base64url") from error
    if _encode(data) != text:
        raise CannotOpen("not the canonical form")
    return data


def _wrap_context(key_name: str) -> bytes:
    return f"{VERSION}|data key|{key_name}".encode()


def _value_context(context: str) -> bytes:
    return f"{VERSION}|value|{context}".encode()


def _wrap(data_key: bytes, key_name: str, key: bytes, nonce: bytes) -> bytes:
    return nonce + AESGCM(key).encrypt(nonce, data_key, _wrap_context(key_name))


def _split(text: str) -> tuple[str, bytes, bytes]:
    parts = text.split(".")
    if len(parts) != 4 or parts[0] != VERSION or not _NAME.fullmatch(parts[1]):  # noqa: PLR2004 - the four parts of the module's docstring
        raise CannotOpen("not a sealed value")
    return parts[1], _decode(parts[2]), _decode(parts[3])


def _unwrap(key_name: str, wrapped: bytes, keys: Mapping[str, bytes]) -> bytes:
    key = keys.get(key_name)
    if key is None:
        raise CannotOpen(f"the key {key_name} is not here")
    try:
        return AESGCM(key).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _wrap_context(key_name)
        )
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the wrapped key was changed") from error


def seal(
    plaintext: bytes, *, context: str, key_name: str, key: bytes, randomness: Randomness
) -> str:
    """Return ``plaintext`` sealed for ``context`` under the key called ``key_name``."""
    if not _NAME.fullmatch(key_name):
        raise ValueError("a key's name is made of a-z, 0-9, _ and -")
    wrapped = _wrap(randomness.data_key, key_name, key, randomness.wrap_nonce)
    sealed = randomness.value_nonce + AESGCM(randomness.data_key).encrypt(
        randomness.value_nonce, plaintext, _value_context(context)
    )
    return ".".join((VERSION, key_name, _encode(wrapped), _encode(sealed)))


def open_sealed(text: str, *, context: str, keys: Mapping[str, bytes]) -> bytes:
    """Return what was sealed.

    Raises:
        CannotOpen: whatever the reason; the value tells nothing about its content.

    """
    key_name, wrapped, sealed = _split(text)
    data_key = _unwrap(key_name, wrapped, keys)
    try:
        return AESGCM(data_key).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _value_context(context)
        )
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the value was changed, or belongs elsewhere") from error


def rewrap(text: str, *, keys: Mapping[str, bytes], key_name: str, wrap_nonce: bytes) -> str:
    """Return the same value with its data key wrapped by ``key_name``; the ciphertext stays.

    Raises:
        CannotOpen: as ``open_sealed``.

    """
    old_name, wrapped, sealed = _split(text)
    data_key = _unwrap(old_name, wrapped, keys)
    rewrapped = _wrap(data_key, key_name, keys[key_name], wrap_nonce)
    return ".".join((VERSION, key_name, _encode(rewrapped), _encode(sealed)))


def key_name_of(text: str) -> str:
    """Return the name of the key that wraps this value.

    Raises:
        CannotOpen: where ``text`` is no sealed value.

    """
    return _split(text)[0]
