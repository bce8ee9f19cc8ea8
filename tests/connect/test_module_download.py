"""The module for a site as a zip: what is in it, who gets it, and when it is sent again."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from connect.test_managing import member

from hospes.connect.domain.presets import PRESETS, redirects_for
from hospes.connect.gateways import modules

CONNECTORS = Path(__file__).resolve().parents[2] / "connectors"
MODULE = CONNECTORS / "wordpress" / "hospes-connect"
SITE_FILE = "hospes-connect-site.json"
MODULES = {
    "wordpress": ("wordpress/hospes-connect", "hospes-connect/"),
    "typo3": ("typo3/hospes_connect", ""),
    "drupal": ("drupal/hospes_connect", "hospes_connect/"),
}


@pytest.fixture
def registered(register):
    return register(
        preset="wordpress", redirect_uris=("https://blog.example/openid-connect-authorize",)
    )


def address(application):
    return f"/auth/applications/{application.client_id}/module.zip"


@pytest.mark.parametrize("name", MODULES)
def test_the_zip_is_the_module_as_it_is_with_the_sites_file(site, owner, sign_in, register, name):
    where, inside = MODULES[name]
    preset = PRESETS[name]
    registered = register(
        preset=name, redirect_uris=redirects_for(preset, "https://www.example.org")
    )
    sign_in(site, owner)
    site.get(f"/auth/applications/{registered.application.client_id}")
    assert site.page.link("Download for this site").href == address(registered.application)
    response = site.get(address(registered.application))
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/zip"
    file = f"{where.rpartition('/')[2]}.zip"
    assert response.headers["content-disposition"] == f'attachment; filename="{file}"'
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        held = {info.filename: archive.read(info) for info in archive.infolist()}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}
    assert json.loads(held.pop(inside + SITE_FILE)) == {
        "format": 1,
        "issuer": "https://hospes.test",
        "client_id": registered.application.client_id,
        "provider": "Alpenhost",
    }
    wanted = {
        inside + path.relative_to(CONNECTORS / where).as_posix(): path.read_bytes()
        for path in (CONNECTORS / where).rglob("*")
        if path.is_file()
    }
    assert held == wanted
    assert b"GENERAL PUBLIC LICENSE" in licence(held) or b"Apache License" in licence(held)
    assert registered.secret.encode() not in b"".join(held.values())


def licence(held):
    """Return the text of the licence that travels with a module."""
    (name,) = [name for name in held if name.rpartition("/")[2].startswith("LICENSE")]
    return held[name]


def test_what_is_at_hand_is_not_sent_again(site, owner, sign_in, registered, register):
    sign_in(site, owner)
    first = site.get(address(registered.application))
    assert site.get(address(registered.application)).content == first.content
    again = site.get(
        address(registered.application), headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = register(
        preset="wordpress", redirect_uris=("https://b.example/openid-connect-authorize",)
    )
    other_one = site.get(
        address(other.application), headers={"If-None-Match": first.headers["etag"]}
    )
    assert other_one.status_code == 200
    assert other_one.headers["etag"] != first.headers["etag"]


def test_the_zip_is_made_while_it_is_sent():
    found = modules.files(MODULE, b"{}")
    pieces = list(modules.stream(found))
    assert len(pieces) == len(found) + 1
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 3
    assert b"".join(pieces) == b"".join(modules.stream(found))


def test_files_that_are_none_of_the_module_stay_outside(tmp_path):
    folder = tmp_path / "module"
    (folder / ".git").mkdir(parents=True)
    for name in ("a.php", ".env", ".git/config"):
        (folder / name).write_text("x")
    (folder / "passwd").symlink_to("/etc/passwd")
    assert [name for name, _ in modules.files(folder, b"")] == [
        "module/a.php",
        f"module/{modules.SITE_FILE}",
    ]


def test_software_without_a_module_has_no_download(site, owner, sign_in, register):
    sign_in(site, owner)
    for preset in ("", "nextcloud", "grafana"):
        application = register(preset=preset).application
        site.get(f"/auth/applications/{application.client_id}")
        assert "Download for this site" not in site.page.text
        assert site.get(address(application)).status_code == 404


def test_whoever_may_not_see_the_application_gets_nothing(
    site, make_account, sign_in, registered, owner
):
    where = address(registered.application)
    assert site.get(where).status_code == 302
    assert site.location.startswith("/sign-in?")
    stranger = site.another_browser()
    sign_in(stranger, make_account("stranger@elsewhere.example"))
    assert stranger.get(where).status_code == 404
    external = site.another_browser()
    sign_in(external, member(make_account, owner, "client"))
    assert external.get(where).status_code == 403
    collaborator = site.another_browser()
    sign_in(collaborator, member(make_account, owner, "normal"))
    assert collaborator.get(where).status_code == 200
    assert site.another_browser().post(where).status_code in {302, 403, 405}
