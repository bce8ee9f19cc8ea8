from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import access_token, resources
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.id_token import Authentication
from hospes.protocols.oauth.parameters import from_pairs, from_urlencoded

ISSUER = "https://id.example"
A, B, C = "https://a.example", "https://b.example/x?y=1", "https://c.example:8443"
SETS = st.lists(st.sampled_from([A, B, C]), unique=True).map(tuple)


@pytest.mark.parametrize("uri", [A, B, C, "https://[2001:db8::1]/api", "https://" + "a" * 400])
def test_https_addresses_name_resources(uri: str) -> None:
    assert resources.well_formed(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "", "a", "urn:a", "http://a.example", "https://", "https:///x", "https://a.example#",
        "https://u@a.example", "https://a.example/ x", "https://a.example/\n", "https://ä.example",
        "https://a.example:99999", "https://a.example:x", "https://[a", 'https://a.example/"',
        "https://a.example/\\", "HTTPS://a.example", "https://" + "a" * 500,
    ],
)  # fmt: skip
def test_nothing_else_does(uri: str) -> None:
    assert not resources.well_formed(uri)
    with pytest.raises(OAuthError) as refused:
        resources.read((A, uri))
    assert refused.value.code == "invalid_target"


@given(st.text(max_size=40).map("https://".__add__) | st.text(max_size=40))
def test_any_text_is_judged_and_kept_whole(uri: str) -> None:
    if resources.well_formed(uri):
        # The tables separate them by blanks.
        assert f"{uri} {A}".split(" ") == [uri, A]


@given(SETS, SETS)
def test_a_token_never_gains_a_resource(granted: tuple[str, ...], asked: tuple[str, ...]) -> None:
    text = " ".join(granted)
    if granted and not set(asked) <= set(granted):
        with pytest.raises(OAuthError, match="invalid_target"):
            resources.narrowed(asked, text)
        return
    got = resources.narrowed(asked, text)
    for each in (A, B, C):
        assert not resources.serves(each, got) or resources.serves(each, text)
    assert got.split() == list(asked or granted)


def test_resources_are_known_by_the_whole_of_them() -> None:
    known = {"issuer": ISSUER, "registered": {A}}
    good = (A, f"{ISSUER}/oauth2/userinfo")
    bad = (f"{A}/", f"{A}/x", B, ISSUER, f"{ISSUER}/oauth2/userinfo/")
    assert resources.unknown((*good, *bad), **known) == bad  # type: ignore[arg-type]


@pytest.mark.standard("RFC 8707", "2")
def test_the_one_parameter_that_comes_several_times() -> None:
    sent = from_urlencoded(f"resource={A}&scope=x&resource=&resource={C}&scope=y")
    assert sent.every("resource") == (A, C)
    assert sent.repeated == {"scope"}
    assert from_pairs([("resource", ""), ("resource", A)]).every("resource") == (A,)
    assert from_pairs([]).every("resource") == ()


def test_actors_are_told_within_one_another() -> None:
    assert access_token.act(("c", "b", "a")) == {
        "sub": "c",
        "act": {"sub": "b", "act": {"sub": "a"}},
    }


@pytest.mark.standard("RFC 9068", "2.2.1")
def test_a_bound_token_names_its_key() -> None:
    content = access_token.Content(
        "web-1", "n", "openid", f"{A} {C}", "jkt:k", 1, 2, Authentication("ada", None)
    )
    told = access_token.claims(content, issuer=ISSUER)
    assert (told["cnf"], told["aud"], told["sub"]) == ({"jkt": "k"}, [A, C], "ada")
    assert "acr" not in told
