"""``hospes catalogue load`` and ``hospes catalogue give``: services, and what customers hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hospes.config import environment
from hospes.config.cli import framework, preparation
from hospes.config.cli.faults import CommandFault

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

FORM = 'A list of services: [{"code": "web-hosting", "names": {"en": "Web hosting"}}, …].'


def _ready() -> None:
    if preparation.pending_migrations(environment.read()):
        raise CommandFault("The database is not up to date.", ("Run `hospes migrate` first.",))
    framework.load()


def _entries(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise CommandFault(f"{file} cannot be read: {error}") from error
    shaped = isinstance(found, list) and all(
        isinstance(each, dict)
        and set(each) == {"code", "names"}
        and isinstance(each["code"], str)
        and isinstance(each["names"], dict)
        and all(isinstance(name, str) for name in each["names"].values())
        for each in found
    )
    if not shaped:
        raise CommandFault(f"{file} does not list services.", (FORM,))
    entries: list[dict[str, Any]] = found
    return entries


def load(options: argparse.Namespace) -> int:
    """Make and change services as the file says."""
    entries = _entries(options.file)
    _ready()
    from hospes.catalog.services.loading import ServiceEntry, load_services
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM

    try:
        done = load_services(
            [ServiceEntry(each["code"], each["names"]) for each in entries], origin=SYSTEM
        )
    except Refused as refused:
        told = tuple(f"{fault.field}: {fault.code}" for fault in refused.faults)
        raise CommandFault("Nothing was loaded.", told) from None
    print(f"{len(done.added)} added, {len(done.changed)} changed.")
    return 0


def give(options: argparse.Namespace) -> int:
    """Give an organization a product."""
    _ready()
    from hospes.catalog.models import Service
    from hospes.kit.faults import Refused
    from hospes.kit.origin import SYSTEM
    from hospes.organizations.models import Organization
    from hospes.organizations.services.products import AddProduct, add_product

    organization = Organization.objects.filter(public_id=options.organization).first()
    service = Service.objects.filter(code=options.service).first()
    missing = []
    if organization is None:
        missing.append("--organization is the id in the address of the customer's settings.")
    if service is None:
        known = ", ".join(Service.objects.values_list("code", flat=True)) or "none yet"
        missing.append(f"--service is one of: {known}.")
    if organization is None or service is None:
        raise CommandFault("Nothing was given.", tuple(missing))
    try:
        product = add_product(
            AddProduct(organization, service, internal_name=options.name, fqdn=options.host or ""),
            origin=SYSTEM,
        )
    except Refused as refused:
        told = tuple(f"{fault.field}: {fault.code}" for fault in refused.faults)
        raise CommandFault("Nothing was given.", told) from None
    print(f"{organization.name} now holds {product.internal_name} (product {product.pk}).")
    return 0
