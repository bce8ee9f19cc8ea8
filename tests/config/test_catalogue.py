"""``hospes catalogue``, as an operator runs it."""

from __future__ import annotations

import json

from hospes.catalog.models import Service
from hospes.config.cli import main
from hospes.organizations.models import Product
from support.organizations import make_organization


def test_services_are_loaded_and_products_given(tmp_path, capsys, make_account):
    file = tmp_path / "services.json"
    file.write_text(json.dumps([{"code": "web-hosting", "names": {"en": "Web hosting"}}]))
    organization = make_organization(make_account(), "Haus AG")

    assert main(["catalogue", "load", str(file)]) == 0
    assert main(["catalogue", "load", str(file)]) == 0
    given = ["catalogue", "give", "--organization", organization.public_id]
    assert (
        main([*given, "--service", "web-hosting", "--name", "h-1", "--host", "haus.example"]) == 0
    )

    assert "0 added, 0 changed." in capsys.readouterr().out
    product = Product.objects.get(organization=organization)
    assert (product.internal_name, product.fqdn) == ("h-1", "haus.example")


def test_what_is_wrong_is_told_and_nothing_done(tmp_path, capsys):
    file = tmp_path / "services.json"
    for content in ("{}", "[{}]", "[", json.dumps([{"code": "A B", "names": {}}])):
        file.write_text(content)
        assert main(["catalogue", "load", str(file)]) == 1
    assert main(["catalogue", "give", "--organization", "x", "--service", "y", "--name", "z"]) == 1

    told = capsys.readouterr().err
    assert "does not list services" in told
    assert "0.names: english_missing" in told
    assert "--service is one of: none yet." in told
    assert not Service.objects.exists()
    assert not Product.objects.exists()
