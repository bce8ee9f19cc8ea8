"""What the Authenticator's page, files, manifest and worker tell a browser."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from hospes.identity.web import authenticator_files, authenticator_texts

if TYPE_CHECKING:
    from support.site import Site

LANGUAGES = ("en", "fr", "de", "it", "es")


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


def test_the_page_may_run_its_worker_and_ask_for_the_camera(site: Site):
    page = site.get("/authenticator/")
    policy = directives(page.headers["content-security-policy"])

    assert policy["default-src"] == "'none'"
    assert {
        policy[name] for name in ("script-src", "worker-src", "manifest-src", "connect-src")
    } == {"'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "authenticator"
    assert "upgrade-insecure-requests" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert "microphone=()" in page.headers["permissions-policy"]
    assert page.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/authenticator/sw.js"])
def test_no_other_page_may_ask_for_the_camera(site: Site, path: str):
    assert "camera=()" in site.get(path).headers["permissions-policy"]


def test_the_page_holds_nothing_inline_and_nothing_of_the_person(site: Site, make_account, sign_in):
    account = make_account()
    before = site.get("/authenticator/").text
    sign_in(site, account)
    text = site.get("/authenticator/").text

    assert text == before
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"<[^>]+ on[a-z]+=", text)
    assert all("src=" in part.split(">")[0] for part in text.split("<script")[1:])


def test_the_address_without_its_slash_leads_to_the_app(site: Site):
    answer = site.get("/authenticator")
    assert (answer.status_code, answer.headers["location"]) == (302, "/authenticator/")


def test_files_are_kept_for_ever_and_only_those_of_this_version_exist(site: Site):
    build = authenticator_files.build()
    answer = site.get(build.address("main.js"))

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == build.files["main.js"].content
    for path in (
        "/authenticator/app/000000000000/main.js",
        f"/authenticator/app/{build.version}/no-such.js",
        f"/authenticator/app/{build.version}/../../settings.py",
        f"/authenticator/app/{build.version}/texts/xx.json",
    ):
        assert site.get(path).status_code == 404, path


def test_files_are_compressed_for_whoever_takes_that(site: Site):
    address = authenticator_files.build().address("main.js")
    plain = site.client.get(address, headers={"Accept-Encoding": "identity"})
    zipped = site.client.get(address, headers={"Accept-Encoding": "gzip"})

    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert zipped.content == plain.content
    assert int(zipped.headers["content-length"]) < len(plain.content)


def test_every_module_that_is_imported_exists_and_is_part_of_the_version():
    files = authenticator_files.build().files
    for name, file in files.items():
        for imported in re.findall(r'from "\./([a-z_]+\.js)"', file.content.decode()):
            assert imported in files, f"{name} imports {imported}"


def test_the_worker_names_its_version_and_everything_it_needs(site: Site):
    build = authenticator_files.build()
    answer = site.get("/authenticator/sw.js")

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    told = json.loads(re.search(r"start\((.*)\);", answer.text)[1])
    assert told["version"] == build.version
    assert set(map(build.address, build.files)) <= set(told["files"])
    for address in told["files"]:
        assert site.get(address).status_code == 200, address
    page = site.get("/authenticator/").text
    assert f'data-version="{build.version}"' in page


def test_a_changed_line_or_word_is_a_new_version(monkeypatch):
    before = authenticator_files.build().version
    make = authenticator_files.build.__wrapped__
    assert make().version == before

    monkeypatch.setitem(authenticator_texts.TEXTS, "yes", "Yes indeed")

    assert make().version != before


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_text_with_the_same_gaps(site: Site, language: str):
    build = authenticator_files.build()
    told = site.get(build.address(f"texts/{language}.json")).json()

    assert set(told) == set(authenticator_texts.TEXTS)
    for key, english in authenticator_texts.words("en").items():
        assert told[key].strip()
        assert set(re.findall(r"\{\w+\}", told[key])) == set(re.findall(r"\{\w+\}", english)), key


def test_every_text_is_used_and_every_used_text_exists():
    code = "".join(
        file.content.decode()
        for name, file in authenticator_files.build().files.items()
        if name.endswith(".js")
    )
    named = set(re.findall(r'\bt\(\s*"([a-z_0-9]+)"', code))
    assert named <= set(authenticator_texts.TEXTS)
    made = [f"{start}_" for start in re.findall(r"`([a-z_]+)_\$\{", code)]
    quoted = set(re.findall(r'"([a-z_0-9]+)"', code))
    unused = {
        key
        for key in authenticator_texts.TEXTS
        if key not in quoted and not any(key.startswith(start) for start in made)
    }
    assert unused == set()


def test_the_manifest_makes_it_an_app_of_its_own(site: Site):
    answer = site.get("/authenticator/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()

    assert told["id"] == told["start_url"] == told["scope"] == "/authenticator/"
    assert told["display"] == "standalone"
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        picture = site.get(icon["src"])
        assert picture.headers["content-type"] == icon["type"] == "image/png"
        width, height = Image.open(io.BytesIO(picture.content)).size
        assert icon["sizes"] == f"{width}x{height}"


def test_a_maskable_icon_bears_to_be_cut_to_a_circle():
    for size in (192, 512):
        path = authenticator_files.FOLDER / f"maskable-{size}.png"
        picture = Image.open(path).convert("RGBA")
        ground = picture.getpixel((0, 0))
        assert ground[3] == 255
        # W3C: what matters lies in a circle of four fifths of the size.
        for x in range(0, size, 4):
            for y in range(0, size, 4):
                outside = (x - size / 2) ** 2 + (y - size / 2) ** 2 > (0.4 * size) ** 2
                assert not outside or picture.getpixel((x, y)) == ground


@pytest.mark.parametrize("language", LANGUAGES)
def test_manifest_and_page_speak_the_persons_language(site: Site, language: str):
    page = site.client.get("/authenticator/", headers={"Accept-Language": language}).text
    link = re.search(r'<link rel="manifest" href="([^"]+)"', page)[1]

    # Browsers fetch it without cookies, and some without the person's languages.
    told = site.client.get(link, headers={"Accept-Language": ""}).json()

    assert f'<html lang="{language}"' in page
    assert told["lang"] == language
