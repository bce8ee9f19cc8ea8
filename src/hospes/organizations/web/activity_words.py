"""An organization's log in words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from hospes.catalog.models import Service
from hospes.foundation.services import audit
from hospes.identity.models import Account
from hospes.organizations.domain.rights import EVERYTHING
from hospes.organizations.models import right_words, role_words
from hospes.organizations.queries.activity import RIGHTS_CHANGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from hospes.foundation.models import AuditEntry
    from hospes.organizations.models import Product

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


def line(
    entry: AuditEntry,
    people: Mapping[int, Account],
    reached: Mapping[str, Product | Service] = MappingProxyType({}),
) -> Line:
    """Return the entry in the active language.

    ``people`` are accounts by row id; ``reached`` is what rights reach, by its word in the log.
    """
    actor = people.get(entry.actor_account_id or 0)
    return Line(
        entry=entry,
        who=_who(entry, actor),
        email=actor.email if actor is not None and not _is_gone(actor) else "",
        what=str(audit.describe(entry.action)),
        target=_target(entry, people),
        details=_details(entry, reached),
    )


def _is_gone(account: Account) -> bool:
    return account.state == Account.State.DELETED


def _who(entry: AuditEntry, actor: Account | None) -> str:
    return _("The system") if entry.actor_account_id is None else _named(actor)


def _named(account: Account | None) -> str:
    if account is None or _is_gone(account):
        return _("A deleted account")
    return account.name or account.email


def _target(entry: AuditEntry, people: Mapping[int, Account]) -> str:
    for name in ("name", "email"):
        text = entry.detail.get(name)
        if isinstance(text, str) and text:
            return text
    kind = entry.target.partition(":")[0]
    if kind == "member" and entry.subject_account_id is not None:
        return _named(people.get(entry.subject_account_id))
    # The whole log is about the one organization.
    return "" if kind == "organization" else entry.target


def _reach(text: str, reached: Mapping[str, Product | Service]) -> str:
    """Say ``technical product:7`` in words; what is gone keeps its number."""
    right, _blank, word = text.partition(" ")
    found = reached.get(word)
    if word == EVERYTHING.word:
        what = _("All products, future ones too")
    elif isinstance(found, Service):
        name = found.name_in(get_language() or "en")
        what = _("All of %(service)s, future ones too") % {"service": name}
    else:
        what = str(found or word)
    return f"{right_words.NAMES.get(right, right)}: {what}"


def _details(entry: AuditEntry, reached: Mapping[str, Product | Service]) -> str:
    told, detail = [], entry.detail
    changed = detail.get("changed")
    if isinstance(changed, list):
        # Each once: an address has five parts.
        told.append(", ".join(dict.fromkeys(_field(str(name)) for name in changed)))
    if isinstance(detail.get("from"), str) and isinstance(detail.get("to"), str):
        told.append(f"{detail['from'] or '–'} → {detail['to'] or '–'}")  # noqa: RUF001 - a dash
    if detail.get("role") in role_words.NAMES:
        roles = [detail[name] for name in ("old_role", "role") if detail.get(name)]
        told.append(" → ".join(str(role_words.NAMES.get(role, role)) for role in roles))
    products = detail.get("products")
    if isinstance(products, int):
        told.append(
            ngettext("%(count)d product", "%(count)d products", products) % {"count": products}
        )
    for name, sign in (("added", "+"), ("removed", "−")):  # noqa: RUF001 - a minus
        texts = detail.get(name)
        if isinstance(texts, list) and all(isinstance(text, str) for text in texts):
            rights = entry.action == RIGHTS_CHANGED
            told += [f"{sign} {_reach(text, reached) if rights else text}" for text in texts]
    members = detail.get("members")
    if isinstance(members, list):
        sign = "" if detail.get("added") and detail.get("removed") else _sign(detail)
        told += [f"{sign}{name}" for name in members]
    return " · ".join(part for part in told if part)


def _sign(detail: Mapping[str, Any]) -> str:
    return "+ " if detail.get("added") else "− "  # noqa: RUF001 - a minus


def _field(name: str) -> str:
    if name.startswith("main_"):
        return str(MAIN)
    if name.startswith("billing_"):
        return str(BILLING)
    return str(FIELDS.get(name, name))
