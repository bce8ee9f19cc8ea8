"""An organization's log in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hospes.foundation.services import audit
from hospes.identity.models import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from hospes.foundation.models import AuditEntry

# The fields of the settings page, as an entry's detail names them.
FIELDS: dict[str, StrOrPromise] = {
    "name": gettext_lazy("Name"),
    "legal_type": gettext_lazy("What it is"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone number"),
    "website": gettext_lazy("Website"),
    "language": gettext_lazy("Language"),
    "timezone": gettext_lazy("Time zone"),
    "invoice_field1": gettext_lazy("First free line"),
    "invoice_field2": gettext_lazy("Second free line"),
    "invoice_to": gettext_lazy("Address of invoices"),
    "logo": gettext_lazy("Logo"),
}
MAIN, BILLING = gettext_lazy("Main address"), gettext_lazy("Billing address")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log: who did what, on what."""

    entry: AuditEntry
    who: str
    email: str
    what: str
    target: str
    details: str


def line(entry: AuditEntry, people: Mapping[int, Account]) -> Line:
    """Return the entry in the active language; ``people`` are accounts by row id."""
    actor = people.get(entry.actor_account_id or 0)
    return Line(
        entry=entry,
        who=_who(entry, actor),
        email=actor.email if actor is not None and not _is_gone(actor) else "",
        what=str(audit.describe(entry.action)),
        target=_target(entry),
        details=_details(entry.detail),
    )


def _is_gone(account: Account) -> bool:
    return account.state == Account.State.DELETED


def _who(entry: AuditEntry, actor: Account | None) -> str:
    if entry.actor_account_id is None:
        return _("The system")
    if actor is None or _is_gone(actor):
        return _("A deleted account")
    return actor.name or actor.email


def _target(entry: AuditEntry) -> str:
    for name in ("name", "email"):
        text = entry.detail.get(name)
        if isinstance(text, str) and text:
            return text
    return entry.target


def _details(detail: Mapping[str, Any]) -> str:
    told = []
    changed = detail.get("changed")
    if isinstance(changed, list):
        # Each once: an address has five parts.
        told.append(", ".join(dict.fromkeys(_field(str(name)) for name in changed)))
    if isinstance(detail.get("from"), str) and isinstance(detail.get("to"), str):
        told.append(f"{detail['from'] or '–'} → {detail['to'] or '–'}")  # noqa: RUF001 - a dash
    products = detail.get("products")
    if isinstance(products, int):
        told.append(
            ngettext("%(count)d product", "%(count)d products", products) % {"count": products}
        )
    for name, sign in (("added", "+"), ("removed", "−")):  # noqa: RUF001 - a minus
        texts = detail.get(name)
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            told += [f"{sign} {text}" for text in texts]
    return " · ".join(part for part in told if part)


def _field(name: str) -> str:
    if name.startswith("main_"):
        return str(MAIN)
    if name.startswith("billing_"):
        return str(BILLING)
    return str(FIELDS.get(name, name))
