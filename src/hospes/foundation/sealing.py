"""Secrets at rest: sealed under the installation's newest key, opened under any of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings

from hospes.kit import sealing as envelope
from hospes.kit.sealing import CannotOpen

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

__all__ = ["CannotOpen", "SealedColumn", "columns", "open_sealed", "register_column", "seal"]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A text column that holds sealed values, and the context each row's value is sealed for."""

    model_label: str
    field: str
    context: str | Callable[[Any], str]

    @property
    def model(self) -> type[Model]:
        """Return the model the column belongs to."""
        return apps.get_model(self.model_label)

    def context_of(self, row: Model) -> str:
        """Return the context of ``row``'s value."""
        if callable(self.context):
            return self.context(row)
        return self.context.format(pk=row.pk)


_columns: dict[tuple[str, str], SealedColumn] = {}


def _keys() -> dict[str, bytes]:
    keys: dict[str, bytes] = settings.KEYS.key_encryption_keys
    return keys


def newest_key_name() -> str:
    """Return the name of the key that seals from now on: the last one added."""
    return list(_keys())[-1]


def seal(plaintext: bytes, *, context: str) -> str:
    """Return ``plaintext`` encrypted for ``context``, which names its column and row.

    The same context opens it; a value copied into another column or row does not open there.
    """
    name = newest_key_name()
    return envelope.seal(
        plaintext,
        context=context,
        key_name=name,
        key=_keys()[name],
        randomness=envelope.Randomness(
            data_key=secrets.token_bytes(envelope.KEY_BYTES),
            wrap_nonce=secrets.token_bytes(envelope.NONCE_BYTES),
            value_nonce=secrets.token_bytes(envelope.NONCE_BYTES),
        ),
    )


def open_sealed(text: str, *, context: str) -> bytes:
    """Return what was sealed for ``context``.

    Raises:
        CannotOpen: where the text was changed, moved, or sealed under a key that is not here.

    """
    return envelope.open_sealed(text, context=context, keys=_keys())


def rewrap(text: str) -> str:
    """Return the value wrapped by the newest key; unchanged where it already is.

    Raises:
        CannotOpen: as ``open_sealed``.

    """
    name = newest_key_name()
    if envelope.key_name_of(text) == name:
        return text
    return envelope.rewrap(
        text,
        keys=_keys(),
        key_name=name,
        wrap_nonce=secrets.token_bytes(envelope.NONCE_BYTES),
    )


def register_column(
    model: type[Model] | str, field: str, context: str | Callable[[Any], str]
) -> None:
    """Have key rotation reach ``model.field``, and ``hospes doctor`` check that it opens.

    ``context`` is what its values are sealed for: a text, in which ``{pk}`` stands for the
    row's key, or a function of the row. Empty values are passed over.
    """
    label = model if isinstance(model, str) else model._meta.label  # noqa: SLF001 - Django's documented name for it
    _columns[(label, field)] = SealedColumn(label, field, context)


def columns() -> tuple[SealedColumn, ...]:
    """Return every registered column."""
    return tuple(_columns.values())
