"""Client assertions: each claim on its own, and what must never pass."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth import assertions, client_keys
from hospes.protocols.oauth.clients import (
    ClientView,
    Credentials,
    authenticate,
    read_credentials,
    refuse_other_method,
    secret_hash,
)
from hospes.protocols.oauth.errors import OAuthError, Unproved
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.parameters import from_pairs
from support.signing import OTHER, PRIVATE, assertion, assertion_form, key_set, sign

NOW = 1_800_000_000
ISSUER = "https://login.example"
TOKEN = f"{ISSUER}/token"
RULES = assertions.Rules((ISSUER, TOKEN), skew=30, longest=3600)
OPTIONS = ClientOptions(token_endpoint_auth_method="private_key_jwt")
WEB = ClientView("web-1", "web", secret_hashes=(secret_hash("right"),), options=OPTIONS)
STRICT = replace(WEB, options=replace(OPTIONS, profile="fapi2"))
KEYS = client_keys.read_set(key_set("RS256", "PS256", "ES256", "EdDSA"))


def check(token: str, client: ClientView = WEB) -> str:
    return assertions.check(token, client, lambda _kid: KEYS, rules=RULES, now=NOW)


def made(audience: object = ISSUER, **changes: object) -> str:
    return assertion("web-1", audience, now=NOW, **changes)  # type: ignore[arg-type]


@pytest.mark.standard("OpenID Connect Core 1.0", "9")
@pytest.mark.parametrize("alg", ["RS256", "PS256", "ES256", "EdDSA"])
@pytest.mark.parametrize("audience", [ISSUER, TOKEN, [ISSUER], ["https://else.example", TOKEN]])
def test_an_assertion_of_the_applications_own_key_passes(alg: str, audience: object) -> None:
    assert check(made(audience, alg=alg, jti="once")) == "once"


@pytest.mark.standard("RFC 7523", "3")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": None}, "iss is not"), ({"iss": "web-2"}, "iss is not"), ({"iss": 5}, "iss is not"),
        ({"sub": None}, "sub is not"), ({"sub": "web-2"}, "sub is not"),
        ({"sub": ["web-1"]}, "sub is not"),
        ({"aud": None}, "aud is not"), ({"aud": []}, "aud is not"), ({"aud": {}}, "aud is not"),
        ({"aud": "https://evil.example"}, "aud is not"), ({"aud": ISSUER + "/"}, "aud is not"),
        ({"aud": [[ISSUER]]}, "aud is not"), ({"aud": ISSUER.upper()}, "aud is not"),
        ({"exp": None}, "exp is missing"), ({"exp": NOW - 300}, "expired"),
        ({"exp": NOW - 30}, "expired"), ({"exp": NOW + 3631}, "too far"),
        ({"exp": "never"}, "no instant"), ({"exp": True}, "no instant"),
        ({"nbf": NOW + 61}, "nbf lies ahead"), ({"iat": NOW + 61}, "iat lies ahead"),
        ({"nbf": "now"}, "no instant"), ({"iat": {}}, "no instant"),
        ({"jti": None}, "jti is missing"), ({"jti": ""}, "jti is missing"),
        ({"jti": 7}, "jti is missing"), ({"jti": "x" * 513}, "jti is too long"),
    ],
)  # fmt: skip
def test_each_claim_is_held_to(changes: dict[str, object], reason: str) -> None:
    told = {"audience" if name == "aud" else name: value for name, value in changes.items()}
    with pytest.raises(Unproved) as caught:
        check(made(**told))
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"nbf": NOW + 8}, {"iat": NOW + 8}, {"exp": NOW - 29}, {"exp": NOW + 3630}, {"iat": None},
        {"nbf": NOW - 9999}, {"exp": NOW + 60.5}, {"header": {"kid": None}}, {"extra": {"a": [1]}},
        {"header": {"typ": "client-authentication+jwt"}},
    ],
)  # fmt: skip
def test_clocks_may_differ_a_little_and_what_is_not_asked_for_is_no_fault(
    changes: dict[str, object],
) -> None:
    assert check(made(**changes))


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (made(key=OTHER["ES256"]), "signature"),
        (made(header={"kid": "unknown"}), "no key"),
        (made(header={"kid": "RS256"}), "no key"),
        (made(alg="ES384"), "not signed with"),
        (made(alg="HS256"), "not signed with"),
        (sign({"alg": "none"}, {}, None), "cannot be read"),
        (sign({"alg": "none"}, {}, None) + "AAAA", "refused"),
        (made().rpartition(".")[0] + ".AAAA", "signature"),
        (made(header={"crit": ["x"], "x": 1}), "extension"),
        # Keys that the assertion brings along are nobody's.
        (
            made(
                key=OTHER["ES256"],
                header={"jwk": OTHER["ES256"].as_dict(private=False), "jku": "https://e.example"},
            ),
            "signature",
        ),
        ("x", "cannot be read"),
    ],
)
def test_nobody_elses_signature_counts(token: str, reason: str) -> None:
    with pytest.raises(Unproved) as caught:
        check(token)
    assert reason in caught.value.reason
    assert str(caught.value) == str(Unproved())


@pytest.mark.standard("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(
    ("audience", "alg", "passes"),
    [
        (ISSUER, "PS256", True), (ISSUER, "ES256", True), (ISSUER, "EdDSA", True),
        (ISSUER, "RS256", False), (TOKEN, "PS256", False), ([ISSUER], "PS256", False),
    ],
)  # fmt: skip
def test_the_strict_profile_names_the_issuer_alone_and_knows_no_rs256(
    audience: object, alg: str, passes: bool
) -> None:
    token = made(audience, alg=alg)
    assert check(token)
    if passes:
        assert check(token, STRICT)
    else:
        with pytest.raises(Unproved):
            check(token, STRICT)


def test_an_application_may_choose_one_algorithm() -> None:
    client = replace(WEB, options=replace(OPTIONS, token_endpoint_auth_signing_alg="ES256"))
    assert check(made(alg="ES256"), client)
    with pytest.raises(Unproved):
        check(made(alg="PS256"), client)
    weak = replace(STRICT.options, token_endpoint_auth_signing_alg="RS256")
    assert assertions.algorithms_of(replace(WEB, options=weak)) == ()


# -- who is asked how --------------------------------------------------------------------------


def read(authorization: str = "", **body: str) -> Credentials:
    return read_credentials(authorization, from_pairs(body.items()))


@pytest.mark.standard("RFC 7521", "4.2")
def test_an_assertion_says_who_sends_it() -> None:
    form = assertion_form(made())
    assert read(**form) == Credentials(
        "web-1", "private_key_jwt", assertion=form["client_assertion"]
    )
    assert read(client_id="web-1", **form).client_id == "web-1"
    # Whose keys are asked is the parameter's to say; the claims are then held to it.
    assert read(client_id="web-2", **form).client_id == "web-2"
    nobody = assertion_form(made(sub=None))
    assert read(client_id="web-1", **nobody).client_id == "web-1"


@pytest.mark.parametrize(
    ("authorization", "body", "code"),
    [
        ("", {**assertion_form(made()), "client_secret": "x"}, "invalid_request"),
        ("Basic d2ViLTE6eA==", assertion_form(made()), "invalid_request"),
        ("", {"client_assertion": made(), "client_id": "web-1"}, "invalid_request"),
        ("", {**assertion_form(made()), "client_assertion": ""}, "invalid_request"),
        ("", {**assertion_form(made()), "client_assertion_type": "saml2"}, "invalid_client"),
        ("", assertion_form(made(sub=None)), "invalid_client"),
        ("", assertion_form("rubbish"), "invalid_client"),
    ],
)
def test_an_assertion_that_says_nothing_or_stands_beside_another_method(
    authorization: str, body: dict[str, str], code: str
) -> None:
    with pytest.raises(OAuthError) as caught:
        read(authorization, **body)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["client_assertion", "client_assertion_type"])
def test_an_assertion_sent_twice_is_refused(name: str) -> None:
    pairs = [*assertion_form(made()).items(), (name, "again")]
    with pytest.raises(OAuthError) as caught:
        read_credentials("", from_pairs(pairs))
    assert caught.value.code == "invalid_request"


BASIC = Credentials("web-1", "client_secret_basic", "right")
POST = Credentials("web-1", "client_secret_post", "right")
NOTHING = Credentials("web-1", "none")
ASSERTED = Credentials("web-1", "private_key_jwt", assertion="a.b.c")


@pytest.mark.parametrize("sent", [BASIC, POST, NOTHING])
def test_whoever_has_a_key_is_not_let_in_with_less(sent: Credentials) -> None:
    with pytest.raises(Unproved) as caught:
        authenticate(sent, WEB)
    assert "private_key_jwt" in caught.value.reason
    refuse_other_method(ASSERTED, WEB)
    # Without a look at the keys an assertion proves nothing.
    with pytest.raises(Unproved):
        authenticate(ASSERTED, WEB)


@pytest.mark.parametrize(
    ("chosen", "passing"),
    [
        ("", {BASIC, POST}),
        ("client_secret_basic", {BASIC}),
        ("client_secret_post", {POST}),
        ("none", set[Credentials]()),
        ("client_secret_jwt", set[Credentials]()),
    ],
)
def test_one_method_that_was_chosen_excludes_the_others(
    chosen: str, passing: set[Credentials]
) -> None:
    client = replace(WEB, options=ClientOptions(token_endpoint_auth_method=chosen))
    for sent in (BASIC, POST, NOTHING, ASSERTED):
        if sent in passing:
            assert authenticate(sent, client) is client
        else:
            with pytest.raises(Unproved):
                authenticate(sent, client)


def test_the_strict_profile_knows_no_secret_and_nobody_without_a_key() -> None:
    strict = ClientOptions(profile="fapi2")
    for kind in ("web", "mobile"):
        client = ClientView("web-1", kind, secret_hashes=WEB.secret_hashes, options=strict)  # type: ignore[arg-type]
        for sent in (BASIC, POST, NOTHING, ASSERTED):
            with pytest.raises(Unproved):
                authenticate(sent, client)
            with pytest.raises(Unproved):
                refuse_other_method(sent, client)


def test_an_app_whose_copies_have_keys_is_not_public() -> None:
    app = ClientView("app-1", "mobile", options=OPTIONS)
    assert not app.public
    assert app.requires_pkce
    with pytest.raises(Unproved):
        authenticate(Credentials("app-1", "none"), app)
    assert ClientView("app-1", "mobile").public


@given(
    claims=st.dictionaries(
        st.sampled_from(["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5),
            st.sampled_from(["web-1", ISSUER, NOW, NOW + 60]),
            st.lists(st.sampled_from(["web-1", ISSUER]), max_size=2),
        ),
    )
)  # fmt: skip
def test_no_claims_pass_but_the_right_ones(claims: dict[str, object]) -> None:
    try:
        jti = check(sign({"alg": "ES256"}, claims, PRIVATE["ES256"]))
    except Unproved:
        return
    assert claims["iss"] == claims["sub"] == "web-1"
    assert claims["aud"] in (ISSUER, TOKEN, [ISSUER]) or ISSUER in claims["aud"]  # type: ignore[operator]
    assert NOW - 30 < claims["exp"] <= NOW + 3630  # type: ignore[operator]
    assert jti
