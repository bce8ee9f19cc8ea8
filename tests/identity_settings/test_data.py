from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings

from hospes.foundation.models import AuditEntry
from hospes.foundation.services import jobs
from hospes.identity.models import DataExport
from hospes.identity.services import export
from support.people import PASSWORD
from support.racing import race

PAGE = "/settings/data"


def request_copy(site):
    site.get(PAGE)
    return site.submit(button="Make a copy", follow=True)


def files():
    folder = settings.FILES_DIR / "exports"
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.fixture(autouse=True)
def _no_files_left():
    yield
    for path in files():
        path.unlink()


def test_the_copy_holds_everything_and_is_mailed_about(site, make_account, sign_in, mailbox):
    account = make_account("anna@a.example", recovery_phone="+41791234567")
    sign_in(site, account)
    request_copy(site)
    assert "Being made: 0 of" in site.page.text
    letter = mailbox.to("anna@a.example")[-1]
    assert letter.subject == "The copy of your data is ready"
    assert "https://hospes.test/settings/data" in letter.links
    site.get(PAGE)
    response = site.get(site.page.link("Download").href)
    assert response.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        content = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert content["profile.json"]["email"] == "anna@a.example"
    assert content["profile.json"]["recovery_phone"] == "+41791234567"
    assert len(content["sessions.json"]) == 1
    assert any(
        entry["action"] == "identity.data_export_requested" for entry in content["activity.json"]
    )
    assert "password_hash" not in response.content.decode("latin-1")
    assert AuditEntry.objects.filter(action="identity.data_export_downloaded").count() == 1


def test_higher_rooms_add_sections(site, make_account, sign_in, mailbox, monkeypatch):
    monkeypatch.setattr(export, "_sections", export.sections())
    export.register_section("consents", lambda account: [{"by": account.public_id}])
    account = make_account()
    sign_in(site, account)
    request_copy(site)
    mailbox.deliver()
    made = DataExport.objects.get()
    assert made.sections_done == made.sections_total == len(export.sections())
    site.get(PAGE)
    content = site.get(site.page.link("Download").href).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert json.loads(archive.read("consents.json")) == [{"by": account.public_id}]


def test_the_file_is_unreadable_on_disk(site, make_account, sign_in, mailbox):
    sign_in(site, make_account("anna@a.example"))
    request_copy(site)
    mailbox.deliver()
    (path,) = files()
    assert b"anna@a.example" not in path.read_bytes()
    assert not path.read_bytes().startswith(b"PK")


def test_it_is_removed_after_seven_days(site, make_account, sign_in, mailbox, clock):
    sign_in(site, make_account())
    request_copy(site)
    mailbox.deliver()
    site.get(PAGE)
    address = site.page.link("Download").href
    clock.move(timedelta(days=6, hours=23))
    site.post("/sign-in/confirm", {"password": PASSWORD})
    assert site.get(address).status_code == 200
    clock.move(timedelta(hours=2))
    site.post("/sign-in/confirm", {"password": PASSWORD})
    assert site.get(address).status_code == 404
    jobs.enqueue_scheduled()
    mailbox.deliver()
    assert files() == []
    site.get(PAGE)
    assert "Removed" in site.page.text


def test_nobody_else_gets_it(site, make_account, sign_in, mailbox):
    sign_in(site, make_account())
    request_copy(site)
    mailbox.deliver()
    address = f"{PAGE}/{DataExport.objects.get().public_id}/download"
    other = site.another_browser()
    assert other.get(address).status_code == 302
    sign_in(other, make_account())
    assert other.get(address).status_code == 404
    assert not AuditEntry.objects.filter(action="identity.data_export_downloaded").exists()


def test_asking_and_fetching_need_the_password_again(site, make_account, sign_in, mailbox, clock):
    sign_in(site, make_account())
    request_copy(site)
    mailbox.deliver()
    address = f"{PAGE}/{DataExport.objects.get().public_id}/download"
    clock.move(timedelta(minutes=16))
    site.get(PAGE)
    site.submit(button="Make a copy")
    assert site.location == "/sign-in/confirm?next=/settings/data"
    site.get(address)
    assert site.location.startswith("/sign-in/confirm?next=")
    assert DataExport.objects.count() == 1


def test_one_copy_at_a_time(site, make_account, sign_in):
    account = make_account()
    session = sign_in(site, account)

    def ask(_number):
        from hospes.kit.origin import Origin

        return export.request_export(acting_account=account, origin=Origin(session_id=session.pk))

    results = race(ask, threads=4)
    assert DataExport.objects.count() == 1
    assert sum(isinstance(result, DataExport) for result in results) == 1
    site.get(PAGE)
    assert not any(text == "Make a copy" for form in site.page.forms for _, _, text in form.buttons)


def test_building_twice_changes_nothing(site, make_account, sign_in, mailbox):
    sign_in(site, make_account("anna@a.example"))
    request_copy(site)
    mailbox.deliver()
    made = DataExport.objects.get()
    export.build(made.pk)
    export.build(987654)
    again = DataExport.objects.get()
    assert (again.ready_at, again.expires_at) == (made.ready_at, made.expires_at)
    assert [m.subject for m in mailbox.to("anna@a.example")].count(
        "The copy of your data is ready"
    ) == 1
