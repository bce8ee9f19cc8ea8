from __future__ import annotations

import pytest

from hospes.catalog import queries
from hospes.catalog.models import Service
from hospes.catalog.services.loading import ServiceEntry, load_services
from hospes.foundation.models import AuditEntry
from hospes.kit.faults import Refused
from hospes.kit.origin import SYSTEM

DOMAIN = ServiceEntry("domain", {"en": "Domain", "fr": "Domaine"})
HOSTING = ServiceEntry("web-hosting", {"en": "Web hosting"})


def load(*entries):
    return load_services(entries, origin=SYSTEM)


def codes():
    return [service.code for service in queries.services()]


def test_services_are_added_in_their_order_and_loading_again_changes_nothing():
    assert load(HOSTING, DOMAIN).added == ("web-hosting", "domain")
    assert codes() == ["web-hosting", "domain"]
    before = list(Service.objects.values())

    again = load(HOSTING, DOMAIN)

    assert (again.added, again.changed) == ((), ())
    assert list(Service.objects.values()) == before
    assert AuditEntry.objects.filter(action="catalog.services_loaded").count() == 1


def test_names_and_order_change_while_ids_stay():
    load(HOSTING, DOMAIN)
    ids = dict(Service.objects.values_list("code", "pk"))

    loaded = load(ServiceEntry("domain", {"en": "Domain name"}), HOSTING)

    assert loaded.changed == ("domain", "web-hosting")
    assert codes() == ["domain", "web-hosting"]
    assert dict(Service.objects.values_list("code", "pk")) == ids
    assert queries.by_code("domain").name_in("fr") == "Domain name"


def test_services_that_are_not_named_stay():
    load(HOSTING, DOMAIN)
    load(DOMAIN)

    assert set(codes()) == {"web-hosting", "domain"}


def test_every_fault_is_told_and_nothing_is_loaded():
    with pytest.raises(Refused) as refused:
        load(
            ServiceEntry("Bad Code", {"en": "x"}),
            DOMAIN,
            ServiceEntry("domain", {"de": "Domain", "xx": "?"}),
            ServiceEntry("a" * 41, {"en": "x" * 101}),
        )

    assert {(fault.field, fault.code) for fault in refused.value.faults} == {
        ("0.code", "invalid"),
        ("2.code", "twice"),
        ("2.names", "english_missing"),
        ("2.names", "unknown_language"),
        ("3.code", "invalid"),
        ("3.names", "invalid"),
    }
    assert not Service.objects.exists()


def test_a_service_without_any_name_goes_by_its_code():
    assert Service(code="domain", names={}).name_in("fr") == "domain"
    assert Service(code="domain", names={"en": "Domain"}).name_in("fr") == "Domain"
