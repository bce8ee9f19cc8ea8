"""What the sign-in pages say of the application that sent the person, and the way back to it."""

from __future__ import annotations

import pytest

from hospes.connect.models import Grant
from support.authorizing import CALLBACK, answered, authorize_url
from support.people import PASSWORD


def test_who_cancels_instead_of_giving_the_password_again_goes_back(site, anna, application):
    site.get(authorize_url(application))
    site.submit({}, button="Allow")
    site.get(authorize_url(application, prompt="login"))
    site.follow()
    assert "Flower shop asks that you give your password again" in site.page.text
    assert "sensitive" not in site.page.text
    where, told = answered(site.get(site.page.link("Cancel").href))
    assert (where, told["error"], told["state"]) == (CALLBACK, "access_denied", "st-1")
    assert Grant.objects.count() == 1
    # Elsewhere on this site nobody waits for an answer.
    site.get("/sign-in/confirm?next=/settings/password")
    assert "sensitive" in site.page.text
    assert site.page.link("Cancel").href == "/"


def test_the_sign_in_page_names_the_application_for_new_and_remembered_people(
    site, anna, application
):
    stranger = site.another_browser()
    stranger.get(authorize_url(application))
    stranger.follow()
    assert "to go on to Flower shop" in stranger.page.text
    stranger.get("/sign-in")
    assert "Flower shop" not in stranger.page.text
    site.get(authorize_url(application, prompt="select_account"))
    site.follow()
    assert "to go on to Flower shop" in site.page.text
    site.get("/sign-in?reauth=1")
    site.submit({"email": anna.email, "password": PASSWORD})
    site.get("/sign-out")
    site.submit({}, button="Log out")
    site.get(authorize_url(application))
    site.follow()
    assert "Please give your password to go on to Flower shop." in site.page.text


@pytest.mark.parametrize(
    ("uri", "told"),
    [
        (CALLBACK, "You go back to shop.example."),
        ("com.example.app:/callback", "You go back to the app on this device (com.example.app)."),
        (
            "http://127.0.0.1:53682/callback",
            "You go back to the app on this device (127.0.0.1:53682).",
        ),
    ],
)
def test_people_read_where_they_go_back_to(site, anna, register, uri, told):
    application = register(type="mobile", redirect_uris=(uri,)).application
    site.get(authorize_url(application, redirect_uri=uri))
    assert told in site.page.text


def test_a_site_on_this_device_is_no_app(site, anna, register):
    uri = "http://localhost:3000/callback"
    application = register(type="web", redirect_uris=(uri,)).application
    site.get(authorize_url(application, redirect_uri=uri))
    assert "You go back to localhost." in site.page.text
