from __future__ import annotations

import hashlib
import io
import struct
import subprocess
import sys
import zlib

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from hospes.foundation.models import AuditEntry
from hospes.identity.domain import names, zones
from hospes.identity.gateways.pictures import PictureRefused, encode
from hospes.identity.models import Account

PAGE = "/settings/profile"
GPS = 0x8825
ORIENTATION = 0x0112


def picture(width=400, height=300, kind="JPEG", colour=(200, 30, 30), **options):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **options)
    return out.getvalue()


def upload(site, data, name="me.jpg"):
    site.get(PAGE)
    return site.submit(action="/settings/profile/picture", files={"picture": (name, data)})


# -- names, language, time zone --------------------------------------------------------------------


def test_the_profile_is_saved(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    site.get(PAGE)
    site.submit(
        {
            "first_name": "  Zoë ",
            "last_name": "van  der Berg",
            "locale": "fr",
            "timezone": "zurich",
        }
    )
    assert site.follow().status_code == 200
    account.refresh_from_db()
    assert (account.first_name, account.last_name) == ("Zoë", "van der Berg")
    assert (account.locale, account.timezone) == ("fr", "Europe/Zurich")
    assert site.page.language == "fr"
    entry = AuditEntry.objects.get(action="identity.profile_changed")
    assert entry.detail == {"fields": ["first_name", "last_name", "locale", "timezone"]}


def test_every_fault_is_told_and_what_was_typed_stays(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    site.get(PAGE)
    site.submit({"first_name": "", "last_name": "http://spam", "timezone": "Nowhere"})
    assert site.response.status_code == 422
    assert "Enter your first name" in site.page.errors("first_name")
    assert "neither links" in site.page.errors("last_name")
    assert "time zone from the list" in site.page.errors("timezone")
    typed = site.page.all("input", name="last_name") + site.page.all("input", name="timezone")
    assert [element.attributes["value"] for element in typed] == ["http://spam", "Nowhere"]
    account.refresh_from_db()
    assert account.first_name == "Anna"


def test_saving_the_same_writes_nothing(site, make_account, sign_in):
    sign_in(site, make_account())
    site.get(PAGE)
    site.submit({"first_name": "Anna"})
    assert not AuditEntry.objects.filter(action="identity.profile_changed").exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Europe/Zurich", "Europe/Zurich"),
        ("europe/zurich", "Europe/Zurich"),
        (" new york ", "America/New_York"),
        ("utc", "UTC"),
        ("", ""),
        ("Atlantis", ""),
    ],
)
def test_a_time_zone_is_found_as_people_type_it(typed, found):
    import zoneinfo

    assert zones.find(typed, zoneinfo.available_timezones()) == found


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Anna", ""),
        ("Ömer-Şükrü O'Neill", ""),
        ("山田", ""),
        ("میر\u200cحسین", ""),
        ("", "required"),
        ("x" * 129, "too_long"),
        ("www.example.org", "unusable"),
        ("a@b.example", "unusable"),
        ("<b>", "unusable"),
        ("12", "unusable"),
        ("Anna\u202egnp", "unusable"),
        ("An\x00na", "unusable"),
        ("\u3164", "unusable"),
        ("Anna\u2800", "unusable"),
    ],
)
def test_a_name_is_letters_without_traps(name, fault):
    assert names.fault(names.tidy(name)) == fault


@given(st.text(max_size=200))
def test_tidying_a_name_twice_changes_nothing_more(name):
    assert names.tidy(names.tidy(name)) == names.tidy(name)


# -- pictures --------------------------------------------------------------------------------------


def test_a_picture_is_made_anew_and_shown(site, make_account, sign_in):
    account = make_account()
    sign_in(site, account)
    assert upload(site, picture()).status_code == 302
    account.refresh_from_db()
    assert len(account.picture) == 64
    response = site.get(account.picture_url)
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/webp"
    assert "immutable" in response.headers["cache-control"]
    assert "private" in response.headers["cache-control"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert hashlib.sha256(response.content).hexdigest() == account.picture
    with Image.open(io.BytesIO(response.content)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (256, 256))
    small = site.get(f"/pictures/{account.picture}-64.webp")
    with Image.open(io.BytesIO(small.content)) as shown:
        assert shown.size == (64, 64)


def test_what_the_file_told_besides_is_gone():
    exif = Image.Exif()
    exif[ORIENTATION] = 1
    exif[0x010E] = "taken at home"
    exif.get_ifd(GPS)[1] = "N"
    data = picture(exif=exif, comment=b"a secret remark")
    for content in encode(data).files.values():
        assert b"taken at home" not in content
        assert b"secret" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif()
            assert "icc_profile" not in image.info


def test_a_picture_taken_upright_stands_upright():
    image = Image.new("RGB", (400, 400), (255, 255, 255))
    image.paste((0, 0, 255), (0, 0, 400, 200))
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned by 90 degrees clockwise
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    with Image.open(io.BytesIO(encode(out.getvalue()).files[256])) as turned:
        right, left = turned.getpixel((230, 128)), turned.getpixel((20, 128))
    assert right[2] > 200
    assert right[0] < 60
    assert left[0] > 200


def test_a_large_picture_is_reduced_upright():
    image = Image.new("RGB", (2400, 1800), (255, 255, 255))
    image.paste((0, 0, 255), (0, 0, 2400, 900))
    exif = Image.Exif()
    exif[ORIENTATION] = 3  # upside down
    out = io.BytesIO()
    image.save(out, "PNG", exif=exif)
    with Image.open(io.BytesIO(encode(out.getvalue()).files[256])) as turned:
        assert turned.getpixel((128, 230))[0] < 60
        assert turned.getpixel((128, 20))[0] > 200


def test_the_first_frame_of_an_animation_is_taken():
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    with Image.open(io.BytesIO(encode(out.getvalue()).files[256])) as image:
        assert getattr(image, "n_frames", 1) == 1
        assert image.getpixel((128, 128))[0] > 200


def test_transparency_becomes_white():
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(encode(out.getvalue()).files[256])) as image:
        assert min(image.getpixel((128, 128))) > 250


def bomb():
    def chunk(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def many_scans():
    """A progressive JPEG whose last scan comes again and again: small to send, long to decode."""
    data = picture(2000, 2000, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 200 + data[-2:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a picture first"),
        (b"MZ this is a program", "cannot be read as a picture"),
        (SVG, "cannot be read as a picture"),
        (picture(kind="BMP"), "cannot be read as a picture"),
        (picture()[:500], "cannot be read as a picture"),
        (picture(width=20, height=20), "too small"),
        (bomb(), "too many pixels"),
        (picture(4000, 4000, kind="WEBP"), "too many pixels"),
        (picture(6000, 6000, progressive=True), "too many pixels"),
        (many_scans(), "cannot be read as a picture"),
        (picture() + b"\0" * (5 * 1024 * 1024), "too large"),
    ],
    ids=[
        "nothing",
        "program",
        "svg",
        "bmp",
        "cut",
        "tiny",
        "bomb",
        "webp",
        "progressive",
        "scans",
        "large",
    ],
)
def test_what_is_no_usable_picture_is_refused_in_words(site, make_account, sign_in, data, words):
    account = make_account()
    sign_in(site, account)
    assert upload(site, data).status_code == 422
    assert words in site.page.errors("picture")
    account.refresh_from_db()
    assert account.picture == ""


MEASURE = """
import resource, sys
from hospes.identity.gateways import pictures
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
pictures.encode(open(sys.argv[1], "rb").read())
before = peak()
pictures.encode(open(sys.argv[2], "rb").read())
print(peak() - before)
"""


@pytest.mark.parametrize(
    ("mode", "side", "kind", "options"),
    [
        ("RGBA", 3460, "PNG", {}),
        ("LA", 3460, "PNG", {}),
        ("RGBA", 3460, "WEBP", {"lossless": True, "method": 0}),
        ("RGB", 4890, "JPEG", {"progressive": True, "subsampling": 0, "quality": 30}),
        ("RGB", 9400, "JPEG", {"quality": 30}),
    ],
    ids=["png", "grey", "webp", "progressive", "jpeg"],
)
def test_the_largest_pictures_take_a_bounded_memory(tmp_path, mode, side, kind, options):
    colour = (9, 200, 30, 100) if mode == "RGBA" else 9
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(picture(kind=kind))
    with large.open("wb") as file:
        Image.new(mode, (side, side), colour).save(file, kind, **options)
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, small, large], capture_output=True, text=True, check=True
    )
    assert int(measured.stdout) < 230


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"GIF89a", b"\xff\xd8\xff\xe0", b"RIFF"]))
def test_no_bytes_at_all_break_the_decoder(data, start):
    with pytest.raises(PictureRefused):
        encode(start + data)


def test_only_that_browsers_accounts_see_a_picture(site, make_account, sign_in):
    anna, bruno = make_account(), make_account(first_name="Bruno")
    sign_in(site, anna)
    upload(site, picture())
    anna.refresh_from_db()
    # Bruno, signed in beside Anna, sees it in the account menu.
    sign_in(site, bruno)
    assert site.get(anna.picture_url).status_code == 200
    elsewhere = site.another_browser()
    assert elsewhere.get(anna.picture_url).status_code == 404
    sign_in(elsewhere, bruno)
    assert elsewhere.get(anna.picture_url).status_code == 404


@pytest.mark.parametrize("name", ["x", "..%2f..%2fkeys.json", "0" * 64 + "-256.png"])
def test_other_names_are_no_pictures(site, make_account, sign_in, name):
    sign_in(site, make_account())
    assert site.get(f"/pictures/{name}").status_code in {400, 404}


def test_removing_a_picture_removes_its_files_unless_shared(site, make_account, sign_in):
    anna, bruno = make_account(), make_account(first_name="Bruno")
    other = site.another_browser()
    for browser, account in ((site, anna), (other, bruno)):
        sign_in(browser, account)
        upload(browser, picture(colour=(1, 2, 3)))
    anna.refresh_from_db()
    name = anna.picture
    assert name == Account.objects.get(pk=bruno.pk).picture
    file = settings.FILES_DIR / "pictures" / name[:2] / f"{name}-256.webp"
    site.post("/settings/profile/picture/remove")
    assert file.exists()
    assert other.get(f"/pictures/{name}-256.webp").status_code == 200
    other.post("/settings/profile/picture/remove")
    assert not file.exists()
    assert AuditEntry.objects.filter(action="identity.picture_removed").count() == 2
