from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.site import Site


def test_discovery_names_this_installation(site: Site) -> None:
    answer = site.get("/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.json()["issuer"] == "https://hospes.test"
