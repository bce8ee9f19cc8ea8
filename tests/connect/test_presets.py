"""The table of software, without any page: addresses, what is usable, what is put right."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hospes.connect.domain import presets
from hospes.connect.domain.presets import PRESETS
from hospes.connect.domain.registration import Draft, faults_of, tidy
from hospes.protocols.oauth import redirects

SEED = "https://www.example.org/openid-connect-authorize"


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("blog.example", "https://blog.example"),
        (" https://blog.example/ ", "https://blog.example"),
        ("https://example.org/blog/", "https://example.org/blog"),
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1/wiki", "http://127.0.0.1/wiki"),
        ("localhost.example", "https://localhost.example"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed, site):
    assert presets.site_of(typed) == (site, "")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "http://blog.example", "javascript:alert(1)", "https://", "https://a.example?x=1",
     "https://a.example/#x", "https://u@a.example", "https://a.example/../b", "ftp://a.example",
     "https://a.example/\nX", 'https://a.example/"'],
)  # fmt: skip
def test_an_address_that_is_none_is_named_as_such(typed):
    assert presets.site_of(typed)[1]


@given(st.text() | st.text(alphabet="htps:/.?#@[]ab1 \\\n%2e"))
@example("https://a.example//")
@example("localhost:81/%2e%2e")
def test_whatever_is_typed_an_address_without_fault_makes_redirect_urls_without_fault(typed):
    site, code = presets.site_of(typed)
    if code:
        return
    assert presets.site_of(site) == (site, "")
    for preset in PRESETS.values():
        for uri in presets.redirects_for(preset, site):
            assert redirects.faults(uri, preset.type) == ()
            assert presets.usable(preset, uri)
        for uri in presets.logouts_for(preset, site):
            assert redirects.faults(uri, preset.type) == ()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_what_a_preset_fills_in_is_accepted_as_it_stands(preset):
    for site in ("https://site.example", "https://site.example/a/folder", "http://localhost:81"):
        draft = tidy(
            Draft(
                type=preset.type,
                name="A site",
                redirect_uris=presets.redirects_for(preset, site),
                logout_uris=presets.logouts_for(preset, site),
                id_token_alg=preset.id_token_alg,
                pkce_required=preset.pkce_required,
                preset=preset.name,
            )
        )
        assert faults_of(draft, most_addresses=20) == ()
        assert draft.redirect_uris == presets.redirects_for(preset, site)
        if not preset.fixed:
            assert presets.site_behind(preset, draft.redirect_uris) == site
    assert presets.site_of(preset.example) == (preset.example, "")


def faults(name, *uris, website=""):
    draft = tidy(Draft("web", "A site", redirect_uris=uris, preset=name, website=website))
    return draft, faults_of(draft, most_addresses=20)


@pytest.mark.parametrize(
    "uri",
    [
        "https://blog.example/",
        "https://blog.example/callback",
        "https://blog.example/openid-connect-authorize/",
        "https://blog.example/openid-connect-authorize?x=1",
        "https://blog.example/?go=/openid-connect-authorize",
        "https://blog.exampleopenid-connect-authorize",
    ],
)
def test_wordpress_leads_to_its_own_address_only(uri):
    _draft, (fault,) = faults("wordpress", uri)
    assert (fault.field, fault.code, fault.params["row"]) == ("redirect_uris", "not_of_preset", 0)
    site = uri.partition("/?")[0] if "/?" in uri else "/".join(uri.split("/")[:3])
    assert fault.params["right"][0] == f"{site}/openid-connect-authorize"
    assert not faults("wordpress", *fault.params["right"])[1]


@pytest.mark.parametrize(
    ("name", "uri", "usable"),
    [
        ("typo3", "https://www.example.org/admin/hospes-connect", True),
        ("typo3", "https://www.example.org/folder/", True),
        ("typo3", "https://www.example.org/a?b=/admin/hospes-connect", False),
        ("typo3", "https://www.example.org/typo3/other", False),
        ("drupal", "https://www.example.org/openid-connect/another_name", True),
        ("drupal", "https://www.example.org/folder/openid-connect/generic", True),
        ("drupal", "https://www.example.org/openid-connect/", False),
        ("drupal", "https://www.example.org/openid-connect/a/b", False),
        ("drupal", "https://openid-connect/x", False),
    ],
)
def test_addresses_of_modules_that_were_set_up_in_another_way(name, uri, usable):
    _draft, found = faults(name, uri)
    assert [fault.code for fault in found] == ([] if usable else ["not_of_preset"])


def test_what_is_no_address_at_all_is_told_once():
    assert [fault.code for fault in faults("wordpress", "http://blog.example/x")[1]] == [
        "https_required"
    ]


def test_a_folder_is_known_from_the_website():
    _draft, (fault,) = faults(
        "drupal", "https://example.org/cb", website="https://example.org/shop/"
    )
    assert fault.params["right"] == ("https://example.org/shop/openid-connect/hospes_connect",)
    _draft, (fault,) = faults("drupal", "https://example.org/cb", website="https://other.example/a")
    assert fault.params["right"] == ("https://example.org/openid-connect/hospes_connect",)


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("typo3", ("/typo3/hospes-connect", "/")),
        ("drupal", ("/openid-connect/hospes_connect",)),
    ],
)
def test_the_address_that_guides_copied_is_taken_and_the_right_ones_are_added(name, right):
    added = tuple(f"https://www.example.org{end}" for end in right)
    draft, found = faults(name, SEED)
    assert found == ()
    assert draft.redirect_uris == (SEED, *added)
    assert tidy(draft) == draft
    assert faults(name, SEED, *added)[0].redirect_uris == (SEED, *added)


def test_other_software_and_none_take_every_address():
    for name in ("", "oidc", "nextcloud"):
        draft, found = faults(name, SEED)
        assert (draft.redirect_uris, found) == ((SEED,), ())


def test_an_unknown_preset_is_refused_and_a_machine_has_none():
    assert [fault.field for fault in faults("joomla", SEED)[1]] == ["preset"]
    assert tidy(Draft("other", "A machine", preset="wordpress")).preset == ""


def test_putting_right_replaces_one_row_and_nothing_else():
    uris = ["https://a.example/x", "https://b.example/openid-connect-authorize"]
    assert presets.put_right("wordpress", uris, 0) == [
        *presets.redirects_for(PRESETS["wordpress"], "https://a.example"),
        uris[1],
    ]
    for row in (1, 2, -1):
        assert presets.put_right("wordpress", uris, row) == uris
    assert presets.put_right("", uris, 0) == uris
