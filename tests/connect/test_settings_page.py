"""The page of settings: what it prints, for whom, and that the secret is nowhere in it."""

from __future__ import annotations

import json
import re

import pytest
from connect.test_managing import member

from hospes.connect.domain.presets import PRESETS, redirects_for
from hospes.connect.domain.setting_texts import BLOCKS
from hospes.connect.models import Application

SITE = "https://site.example/folder"


def made(register, preset, **values):
    given = {
        "type": preset.type,
        "preset": preset.name,
        "redirect_uris": redirects_for(preset, SITE),
        **values,
    }
    return register(**given)


def address(application):
    return f"/auth/applications/{application.client_id}/settings"


def blocks(site):
    return [element.text for element in site.page.all("pre", class_="snippet")]


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_each_software_is_told_the_real_values_and_never_the_secret(
    site, owner, sign_in, register, preset
):
    sign_in(site, owner)
    registered = made(register, preset)
    site.get(f"/auth/applications/{registered.application.client_id}")
    assert site.page.link("Settings to copy").href == address(registered.application)
    assert site.get(address(registered.application)).status_code == 200
    printed = "\n".join(blocks(site))
    assert len(blocks(site)) == len(BLOCKS[preset.name])
    assert registered.application.client_id in printed
    if preset.name in {"typo3", "drupal"}:
        # The download holds the issuer.
        assert re.fullmatch(r"Client ID: \S+ Client Secret Key: YOUR_CLIENT_SECRET", printed)
    elif preset.name == "roundcube":
        assert printed.count("https://hospes.test/oauth2/introspect ") == 2
    else:
        assert "https://hospes.test" in printed
    if registered.secret:
        assert registered.secret not in site.page.html
        assert ("YOUR_CLIENT_SECRET" in printed) == (preset.name != "kubernetes")
    else:
        assert "YOUR_CLIENT_SECRET" not in site.page.html
    buttons = [element.attributes for element in site.page.elements if element.tag == "button"]
    copied = [each["data-copy"] for each in buttons if "data-copy" in each]
    assert "".join("".join(copied).split()) == "".join(printed.split())
    # Nothing but what only the reader knows is left to be filled in.
    left = set(re.findall(r"YOUR_[A-Z0-9_]+", printed)) - {"YOUR_CLIENT_SECRET"}
    own = {name for block in BLOCKS[preset.name] for name in re.findall(r"YOUR_\w+", block.text)}
    assert left == own


def test_every_redirect_url_is_printed_and_the_right_one_where_there_is_one_place(
    site, owner, sign_in, register
):
    sign_in(site, owner)
    uris = ("https://a.example/callback", "https://b.example/x")
    application = made(register, PRESETS["oidc"], redirect_uris=uris).application
    site.get(address(application))
    assert f"Redirect URLs: {uris[0]}, {uris[1]} Scopes" in blocks(site)[0]
    application = made(register, PRESETS["apache"], redirect_uris=uris).application
    site.get(address(application))
    assert f'OIDCRedirectURI "{uris[0]}"' in blocks(site)[0]


def test_an_application_without_software_is_told_the_plain_values(
    site, owner, sign_in, application
):
    sign_in(site, owner)
    site.get(address(application))
    assert "Settings for Other software" in site.page.text
    assert "Redirect URLs: https://shop.example/callback" in blocks(site)[0]


def test_the_balancers_file_is_json_with_our_addresses(site, owner, sign_in, register):
    sign_in(site, owner)
    site.get(address(made(register, PRESETS["aws"]).application))
    config = json.loads(blocks(site)[1])[0]["AuthenticateOidcConfig"]
    assert config["Issuer"] == "https://hospes.test"
    assert config["TokenEndpoint"] == "https://hospes.test/token"


def test_that_application_passwords_wait_for_the_provider_is_told(site, owner, sign_in, register):
    sign_in(site, owner)
    application = made(register, PRESETS["roundcube"]).application
    site.get(address(application))
    assert "not accepted yet" in site.page.text
    Application.objects.update(accepts_application_passwords=True)
    site.get(address(application))
    assert "not accepted yet" not in site.page.text


def test_a_machine_has_no_such_page(site, owner, sign_in, register):
    sign_in(site, owner)
    machine = register(type="other", redirect_uris=()).application
    assert site.get(address(machine)).status_code == 404
    site.get(f"/auth/applications/{machine.client_id}")
    assert "Settings to copy" not in site.page.text


def test_whoever_may_not_see_the_application_sees_no_settings(
    site, owner, make_account, sign_in, application
):
    where = address(application)
    assert site.get(where).status_code == 302
    sign_in(site, make_account("stranger@elsewhere.example"))
    assert site.get(where).status_code == 404
    for role, status in (("client", 403), ("normal", 200)):
        another = site.another_browser()
        sign_in(another, member(make_account, owner, role))
        assert another.get(where).status_code == status
