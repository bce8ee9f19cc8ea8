"""Choosing software, and the form that is filled in for it."""

from __future__ import annotations

import pytest

from hospes.connect.domain.presets import PRESETS
from hospes.connect.models import Application, ClientSecret, RedirectUri

CALLBACK = "https://blog.example/openid-connect-authorize"


def filled(site, preset, address):
    response = site.get("/auth/applications/new", params={"preset": preset, "site": address})
    assert response.status_code == 200
    return site.page.form("", button="Create application").fields


def uris(application):
    return list(
        application.redirect_uris.filter(use="sign_in").order_by("id").values_list("uri", flat=True)
    )


def test_every_software_is_offered_and_asks_for_the_address_where_it_needs_one(
    site, owner, sign_in
):
    sign_in(site, owner)
    site.get("/auth/applications/new")
    links = {link.href for link in site.page.links}
    assert {f"?preset={name}" for name in PRESETS} <= links
    for name, preset in PRESETS.items():
        assert site.get(f"/auth/applications/new?preset={name}").status_code == 200
        assert ("Address of the site" in site.page.text) != bool(preset.fixed)


def test_wordpress_is_registered_from_the_address_alone(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new?preset=wordpress")
    site.submit({"site": "blog.example/"}, button="Continue")
    assert "filled in for WordPress" in site.page.text
    response = site.submit({}, button="Create application")
    assert response.status_code == 200
    made = Application.objects.get()
    assert (made.preset, made.type, made.name) == ("wordpress", "web", "blog.example")
    assert (made.pkce_required, made.id_token_alg) == (True, "RS256")
    assert uris(made) == [
        CALLBACK,
        "https://blog.example/wp-admin/admin-ajax.php?action=openid-connect-authorize",
    ]
    assert made.redirect_uris.filter(use="logout").get().uri.endswith("loggedout=true")
    assert "never leads to" not in site.page.text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://blog.example", "Use https."),
        ("", "The address names no host."),
        ("https://blog.example/?p=1", "Leave out the part from ? on."),
        ('"><script>alert(1)</script>', "Leave out quotation marks"),
    ],
)
def test_an_address_that_is_none_comes_back_with_what_is_wrong(
    site, owner, sign_in, address, words
):
    sign_in(site, owner)
    response = site.get("/auth/applications/new", params={"preset": "wordpress", "site": address})
    assert response.status_code == 422
    assert words in site.page.text
    assert "<script>alert" not in site.page.html


def test_everything_filled_in_stays_editable(site, owner, sign_in):
    sign_in(site, owner)
    fields = filled(site, "nextcloud", "https://cloud.example")
    assert fields["type"] == "server"
    changes = {"name": "Cloud", "type": "web", "redirect_uris": ["https://cloud.example/x"]}
    assert site.submit(changes, button="Create application").status_code == 200
    made = Application.objects.get()
    assert (made.name, made.type, uris(made)) == ("Cloud", "web", ["https://cloud.example/x"])


def test_kubernetes_needs_no_address_and_gets_no_secret(site, owner, sign_in):
    sign_in(site, owner)
    site.get("/auth/applications/new?preset=kubernetes")
    assert site.submit({"name": "Cluster"}, button="Create application").status_code == 200
    made = Application.objects.get()
    assert (made.type, uris(made)) == ("mobile", list(PRESETS["kubernetes"].fixed))
    assert not ClientSecret.objects.exists()


def test_a_useless_redirect_url_is_refused_and_put_right_with_one_press(site, owner, sign_in):
    sign_in(site, owner)
    filled(site, "wordpress", "https://blog.example")
    response = site.submit(
        {"redirect_uris": ["", "https://blog.example/callback"]}, button="Create application"
    )
    assert response.status_code == 422
    assert "WordPress cannot use this address." in site.page.text
    assert f"Use this instead: {CALLBACK}" in site.page.text
    assert not Application.objects.exists()
    form = site.page.form("", button="Use this instead")
    response = site.post("/auth/applications/new", {**form.fields, "accept": "0"})
    assert response.status_code == 200
    assert uris(Application.objects.get())[0] == CALLBACK
    assert not RedirectUri.objects.filter(uri__endswith="/callback").exists()


@pytest.mark.parametrize("accept", ["7", "-1", "x", "\u0661", "9" * 40])
def test_a_press_that_names_no_refused_row_changes_nothing(site, owner, sign_in, accept):
    sign_in(site, owner)
    fields = filled(site, "wordpress", "https://blog.example")
    wrong = {**fields, "redirect_uris": ["https://blog.example/callback"], "accept": accept}
    assert site.post("/auth/applications/new", wrong).status_code == 422
    assert not Application.objects.exists()


@pytest.mark.parametrize("name", ["typo3", "drupal"])
def test_the_address_of_the_guides_is_kept_the_right_one_added_and_told(site, owner, sign_in, name):
    sign_in(site, owner)
    filled(site, name, "https://www.example.org")
    seed = "https://www.example.org/openid-connect-authorize"
    assert site.submit({"redirect_uris": [seed]}, button="Create application").status_code == 200
    right = [f"https://www.example.org{end}" for end in PRESETS[name].callbacks]
    made = Application.objects.get()
    assert uris(made) == [seed, *right]
    assert f"{PRESETS[name].title} never leads to" in site.page.text
    for uri in right:
        assert uri in site.page.text
    secret = ClientSecret.objects.get()
    # Chosen later, for an application that has the address of the guides alone: the same.
    made.redirect_uris.exclude(uri=seed).delete()
    site.get(f"/auth/applications/{made.client_id}/edit")
    assert site.submit({}, button="Save").status_code == 302
    assert uris(made) == [seed, *right]
    site.follow()
    assert f"{PRESETS[name].title} never leads to" in site.page.text
    assert ClientSecret.objects.get() == secret


def test_software_is_chosen_changed_and_given_up_later(site, owner, sign_in, application):
    sign_in(site, owner)
    page = f"/auth/applications/{application.client_id}/edit"
    site.get(page)
    assert site.submit({"preset": "wordpress"}, button="Save").status_code == 422
    application.refresh_from_db()
    assert application.preset == ""
    response = site.submit({"accept": "0"}, button="Use this instead")
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.preset == "wordpress"
    assert uris(application)[0].endswith("/openid-connect-authorize")
    site.get(page)
    site.submit({"preset": "", "redirect_uris": ["https://blog.example/x"]}, button="Save")
    application.refresh_from_db()
    assert (application.preset, uris(application)) == ("", ["https://blog.example/x"])
    site.get(page)
    assert site.submit({"preset": "joomla"}, button="Save").status_code == 422
