"""Changing an organization's particulars."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hospes.foundation import clock
from hospes.foundation.errors import NotFound
from hospes.foundation.services import audit, outbox
from hospes.identity.domain import addresses as mail_addresses
from hospes.identity.domain import phones
from hospes.kit import links, visible
from hospes.kit.faults import Fault, Refused
from hospes.organizations.domain import addresses, legal_types
from hospes.organizations.domain.addresses import PostalAddress
from hospes.organizations.models import Address, Organization
from hospes.organizations.services import checking, logos

if TYPE_CHECKING:
    from hospes.identity.gateways.pictures import Encoded
    from hospes.identity.models import Account
    from hospes.kit.origin import Origin

LONGEST_INVOICE_FIELD = 120
MAIN, BILLING = Address.Kind.MAIN, Address.Kind.BILLING
# Columns of the organization that a form writes, in the form's order.
FIELDS = (
    "name", "legal_type", "email", "phone", "website", "language", "timezone",
    "invoice_field1", "invoice_field2",
)  # fmt: skip
# What later decides about taxes: the log keeps what it was and what it became.
_WITH_VALUES = ("legal_type", "main_country", "billing_country", "invoice_to")


@dataclass(frozen=True, slots=True)
class ChangeOrganization:
    """``invoice_to`` is the kind of the address invoices bear: "main" or "billing".

    ``picture`` is the uploaded logo as it came, b"" where the logo stays.
    """

    name: str
    legal_type: str
    email: str = ""
    phone: str = ""
    website: str = ""
    language: str = ""
    timezone: str = ""
    invoice_field1: str = ""
    invoice_field2: str = ""
    main: PostalAddress = field(default_factory=PostalAddress)
    billing: PostalAddress = field(default_factory=PostalAddress)
    invoice_to: str = MAIN
    picture: bytes = field(default=b"", repr=False)


def postal(address: Address | None) -> PostalAddress:
    """Return a stored address as a value; an empty one for None."""
    if address is None:
        return PostalAddress()
    return PostalAddress(**{part: getattr(address, part) for part in addresses.PARTS})


def command_of(organization: Organization) -> ChangeOrganization:
    """Return what would leave the organization as it is: one query."""
    kept = {address.kind: address for address in organization.addresses.all()}
    billing = kept.get(BILLING)
    return ChangeOrganization(
        **{name: getattr(organization, name) for name in FIELDS},
        main=postal(kept.get(MAIN)),
        billing=postal(billing),
        invoice_to=BILLING if billing is not None and billing.for_invoice else MAIN,
    )


def change_organization(
    command: ChangeOrganization,
    *,
    organization: Organization,
    acting_account: Account,
    origin: Origin,
) -> tuple[str, ...]:
    """Write the organization's particulars; return the names of the fields that changed.

    Raises:
        Refused: naming every fault of every field; nothing was changed.
        NotFound: it was deleted meanwhile.

    """
    logo, faults = _encoded(command.picture)
    with transaction.atomic():
        # Locked: of two who save at once, the later one's log entry names what it changed.
        present = Organization.objects.select_for_update().filter(pk=organization.pk).first()
        if present is None:
            raise NotFound
        before = command_of(present)
        wanted = _tidied(command, before)
        faults = [*_faults(wanted, before), *faults]
        if faults:
            raise Refused(faults)
        changed = _differences(before, wanted)
        if logo is not None and logos.keep_logo(present, logo):
            changed["logo"] = ("", "")
        if not changed:
            return ()
        _write(present, wanted)
        audit.record(
            "organizations.organization_changed",
            actor=acting_account.pk,
            subject=acting_account.pk,
            organization=present.pk,
            target=f"organization:{present.public_id}",
            origin=origin,
            detail={
                "name": present.name,
                "changed": list(changed),
                "values": {name: list(changed[name]) for name in _WITH_VALUES if name in changed},
            },
        )
        outbox.emit(
            "organizations.organization_changed",
            {
                "organization_id": present.pk,
                "actor_id": acting_account.pk,
                "name": present.name,
                "changed": list(changed),
            },
        )
    return tuple(changed)


def _encoded(picture: bytes) -> tuple[Encoded | None, list[Fault]]:
    try:
        return (logos.encoded_logo(picture) if picture else None), []
    except Refused as refused:
        return None, list(refused.faults)


def _tidied(command: ChangeOrganization, before: ChangeOrganization) -> ChangeOrganization:
    main, billing = addresses.tidy(command.main), addresses.tidy(command.billing)
    if billing.is_empty:
        # A country alone is no address.
        billing = PostalAddress()
    phone = command.phone.strip()
    # The number as it is kept stays what it was, even where its country calls it invalid now.
    if phone and phone != before.phone:
        phone = phones.parse(phone, main.country) or phone
    return ChangeOrganization(
        name=checking.tidy(command.name),
        legal_type=command.legal_type,
        email=mail_addresses.normalise(command.email),
        phone=phone,
        website=command.website.strip(),
        language=command.language,
        timezone=command.timezone,
        invoice_field1=checking.tidy(command.invoice_field1),
        invoice_field2=checking.tidy(command.invoice_field2),
        main=main,
        billing=billing,
        invoice_to=command.invoice_to,
    )


def _faults(wanted: ChangeOrganization, before: ChangeOrganization) -> list[Fault]:
    faults = checking.name_faults(wanted.name)
    if not legal_types.may_become(wanted.legal_type, before.legal_type):
        faults.append(Fault("legal_type", "choose"))
    if wanted.email and not mail_addresses.is_plausible(wanted.email):
        faults.append(Fault("email", "invalid"))
    if wanted.phone and wanted.phone != before.phone:
        known = phones.parse(wanted.phone, wanted.main.country)
        faults += [] if known else [Fault("phone", "invalid")]
    code = links.fault_of(wanted.website) if wanted.website else None
    if code:
        faults.append(Fault("website", code))
    faults += checking.language_faults(wanted.language)
    faults += checking.timezone_faults(wanted.timezone)
    faults += addresses.faults_of(
        wanted.main,
        prefix="main",
        # A country that taxes may go by is changed, never emptied.
        wants_country=bool(before.main.country),
        wants_all=False,
    )
    faults += addresses.faults_of(
        wanted.billing,
        prefix="billing",
        wants_country=False,
        wants_all=wanted.invoice_to == BILLING,
    )
    if wanted.invoice_to not in {MAIN, BILLING}:
        faults.append(Fault("invoice_to", "choose"))
    for name in ("invoice_field1", "invoice_field2"):
        text = getattr(wanted, name)
        if len(text) > LONGEST_INVOICE_FIELD:
            faults.append(Fault(name, "too_long", {"limit": LONGEST_INVOICE_FIELD}))
        elif visible.has_hidden(text):
            faults.append(Fault(name, "characters"))
    return faults


def _flat(command: ChangeOrganization) -> dict[str, str]:
    found = {name: getattr(command, name) for name in FIELDS}
    for prefix, address in (("main", command.main), ("billing", command.billing)):
        found |= {f"{prefix}_{part}": getattr(address, part) for part in addresses.PARTS}
    return {**found, "invoice_to": str(command.invoice_to)}


def _differences(
    before: ChangeOrganization, wanted: ChangeOrganization
) -> dict[str, tuple[str, str]]:
    old, new = _flat(before), _flat(wanted)
    return {name: (old[name], new[name]) for name in new if old[name] != new[name]}


def _write(organization: Organization, wanted: ChangeOrganization) -> None:
    for name in FIELDS:
        setattr(organization, name, getattr(wanted, name))
    organization.updated_at = clock.now()
    organization.save(update_fields=[*FIELDS, "updated_at"])
    # Only one may bear the invoices: first none does.
    organization.addresses.update(for_invoice=False)
    for kind, address in ((MAIN, wanted.main), (BILLING, wanted.billing)):
        if address.is_empty and not address.country:
            organization.addresses.filter(kind=kind).delete()
            continue
        values: dict[str, Any] = {part: getattr(address, part) for part in addresses.PARTS}
        Address.objects.update_or_create(
            organization=organization,
            kind=kind,
            defaults={**values, "for_invoice": wanted.invoice_to == kind},
        )
