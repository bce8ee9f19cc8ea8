"""Logos of applications: made anew, shown, removed; and whose they are."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from hospes.connect.models import Application
from hospes.connect.services.applications import delete_application
from hospes.connect.services.logos import folder
from hospes.foundation.models import AuditEntry
from hospes.kit.origin import SYSTEM
from support.authorizing import authorize_url


def picture(kind="PNG", colour=(20, 90, 200), side=300):
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, kind)
    return out.getvalue()


def page_of(application, part):
    return f"/auth/applications/{application.client_id}/{part}"


def upload(browser, application, data, fields=None):
    browser.get(page_of(application, "edit"))
    return browser.submit(fields or {}, button="Save", files={"picture": ("logo", data)})


@pytest.fixture
def owners(site, owner, sign_in):
    browser = site.another_browser()
    sign_in(browser, owner)
    return browser


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_made_anew_and_shown_to_everybody(site, anna, owners, application, kind):
    data = picture(kind)
    assert upload(owners, application, data).status_code == 302
    application.refresh_from_db()
    address = f"/logos/{application.logo}-256.webp"
    shown = site.another_browser().get(address)
    assert shown.headers["content-type"] == "image/webp"
    assert shown.content != data
    assert Image.open(io.BytesIO(shown.content)).size == (256, 256)
    for browser, url in (
        (owners, page_of(application, "edit")),
        (owners, page_of(application, "")[:-1]),
        (owners, "/auth/applications"),
        (site, authorize_url(application)),
    ):
        browser.get(url)
        assert browser.page.all("img", src=address), url
    site.submit({}, button="Allow")
    site.get("/settings/applications")
    assert site.page.all("img", src=address)
    assert AuditEntry.objects.filter(action="connect.logo_changed").count() == 1


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot be read as a picture"),
        (picture("GIF"), "cannot be read as a picture"),
        (picture(side=20), "too small"),
    ],
)
def test_what_is_no_logo_is_refused_and_changes_nothing(owners, application, data, text):
    upload(owners, application, picture())
    before = Application.objects.get().logo
    assert upload(owners, application, data).status_code == 422
    assert text in owners.page.errors("picture")
    assert Application.objects.get().logo == before != ""


def test_one_save_keeps_a_new_name_and_a_new_logo(owners, application):
    response = upload(owners, application, picture(), {"name": "Flower shop 2"})
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.name == "Flower shop 2"
    assert folder().read(application.logo, 256) is not None


def test_a_wrong_picture_saves_nothing_and_keeps_what_was_typed(owners, application):
    assert upload(owners, application, b"no picture", {"name": "Shop 2"}).status_code == 422
    assert owners.page.by_id("id_name").attributes["value"] == "Shop 2"
    application.refresh_from_db()
    assert (application.name, application.logo) == ("Flower shop", "")
    assert not AuditEntry.objects.filter(action="connect.application_changed").exists()


def test_a_good_picture_beside_a_wrong_name_must_be_chosen_again(owners, application):
    assert upload(owners, application, picture(), {"name": ""}).status_code == 422
    assert "Choose the picture again" in owners.page.errors("picture")
    assert owners.page.errors("name")
    application.refresh_from_db()
    assert application.logo == ""


def test_removing_goes_back_to_the_letter_and_deletes_the_file(owners, application):
    upload(owners, application, picture())
    name = Application.objects.get().logo
    owners.get(page_of(application, "edit"))
    owners.submit({"name": "Flower shop 2"}, button="Remove the logo")
    application = Application.objects.get()
    assert (application.logo, application.name) == ("", "Flower shop")
    # What was typed is still there to be saved.
    assert owners.page.by_id("id_name").attributes["value"] == "Flower shop 2"
    assert not owners.page.all("button", name="remove_logo")
    assert folder().read(name, 256) is None
    assert owners.get(f"/logos/{name}-256.webp").status_code == 404
    assert AuditEntry.objects.filter(action="connect.logo_removed").count() == 1
    # Again: nothing is left to remove.
    owners.post(page_of(application, "edit"), {"remove_logo": "1"})
    assert AuditEntry.objects.filter(action="connect.logo_removed").count() == 1


def test_a_logo_that_two_applications_have_outlives_the_first(owner, owners, register):
    first, second = register().application, register(name="Wiki").application
    upload(owners, first, picture())
    upload(owners, second, picture())
    first.refresh_from_db()
    name = first.logo
    assert Application.objects.filter(logo=name).count() == 2
    delete_application(first, acting_account=owner, origin=SYSTEM)
    assert folder().read(name, 64) is not None
    second.refresh_from_db()
    delete_application(second, acting_account=owner, origin=SYSTEM)
    assert folder().read(name, 64) is None


def test_another_organizations_logo_is_not_changed(site, anna, owners, application):
    upload(owners, application, picture())
    before = Application.objects.get().logo
    site.get("/auth/applications/new")  # a page with a form, for its token
    other = {"picture": ("logo", picture(colour=(0, 0, 0)))}
    fields = {"name": "Theirs", "redirect_uris": ["https://evil.example/callback"]}
    assert site.post(page_of(application, "edit"), fields, files=other).status_code == 404
    assert site.post(page_of(application, "edit"), {"remove_logo": "1"}).status_code == 404
    assert Application.objects.get().logo == before
    assert folder().read(before, 256) is not None


@pytest.mark.parametrize("name", ["x", "..%2f..%2fhospes.sqlite3", f"{'0' * 64}-256.webp"])
def test_an_address_of_no_logo_leads_nowhere(site, name):
    assert site.get(f"/logos/{name}").status_code == 404
