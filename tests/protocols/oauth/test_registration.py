"""What may be registered, as what, and everything that is refused, all at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey

from hospes.protocols.oauth import options, registration
from hospes.protocols.oauth.clients import BACKCHANNEL
from hospes.protocols.oauth.metadata_reader import TEXTS, Offer
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.registration import describe, judge, shown_name
from hospes.protocols.oauth.registration_values import DESCRIBED, OFFERED, unsupported

UNSUPPORTED = unsupported(Offer())
CALLBACK = "https://app.example/cb"
KEY = ECKey.generate_key("P-256")
JWKS = {"keys": [KEY.as_dict(private=False)]}


def judged(**told):
    return judge({"redirect_uris": [CALLBACK], **told}, most_addresses=5)


def faults(**told):
    return {(fault.member, fault.code) for fault in judged(**told).faults}


@pytest.mark.standard("RFC 7591", "2")
def test_the_least_that_can_be_said_is_a_site_with_a_secret() -> None:
    found = judged()
    assert found.faults == ()
    assert found.metadata.type == "web"
    assert found.metadata.has_secret
    assert found.metadata.options == options.NONE
    assert shown_name(found.metadata) == "app.example"
    told = describe(found.metadata)
    assert told["token_endpoint_auth_method"] == "client_secret_basic"
    assert told["response_types"] == ["code"]
    assert told["redirect_uris"] == [CALLBACK]


@pytest.mark.parametrize(
    ("told", "kind", "secret"),
    [
        ({}, "web", True),
        ({"token_endpoint_auth_method": "client_secret_post"}, "web", True),
        ({"application_type": "web", "token_endpoint_auth_method": "none"}, "mobile", False),
        ({"application_type": "native"}, "mobile", False),
        (
            {
                "application_type": "native",
                "token_endpoint_auth_method": "private_key_jwt",
                "jwks": JWKS,
            },
            "mobile",
            False,
        ),
        ({"token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS}, "web", False),
        ({"grant_types": ["client_credentials"], "redirect_uris": []}, "other", True),
        ({"grant_types": ["authorization_code", "client_credentials"]}, "web", True),
    ],
)
def test_the_type_follows_from_what_is_said(told, kind, secret) -> None:
    found = judged(**told)
    assert found.faults == ()
    assert (found.metadata.type, found.metadata.has_secret) == (kind, secret)
    assert found.metadata.name == ""


def test_a_further_grant_is_kept_and_one_of_the_type_is_not() -> None:
    both = ["authorization_code", "refresh_token", "client_credentials"]
    found = judged(grant_types=both)
    assert found.metadata.options.further_grant_types == ("client_credentials",)
    assert describe(found.metadata)["grant_types"] == both


@pytest.mark.standard("RFC 7591", "3.2.2")
@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"redirect_uris": []}, ("redirect_uris", "required")),
        ({"redirect_uris": "https://app.example/cb"}, ("redirect_uris", "not_list")),
        ({"redirect_uris": [7]}, ("redirect_uris", "not_list")),
        ({"redirect_uris": ["http://app.example/"]}, ("redirect_uris", "https_required")),
        ({"redirect_uris": [CALLBACK + "#x"]}, ("redirect_uris", "fragment")),
        ({"redirect_uris": ["javascript:alert(1)"]}, ("redirect_uris", "scheme_not_allowed")),
        ({"redirect_uris": ["com.example:/cb"]}, ("redirect_uris", "scheme_for_mobile_only")),
        ({"redirect_uris": [CALLBACK, CALLBACK]}, ("redirect_uris", "twice")),
        ({"redirect_uris": [f"{CALLBACK}{n}" for n in range(6)]}, ("redirect_uris", "too_many")),
        (
            {"post_logout_redirect_uris": ["http://app.example/"]},
            ("post_logout_redirect_uris", "https_required"),
        ),
        ({"client_name": 5}, ("client_name", "not_text")),
        ({"client_uri": "javascript:alert(1)"}, ("client_uri", "scheme_not_allowed")),
        ({"tos_uri": "/terms"}, ("tos_uri", "not_absolute")),
        ({"policy_uri": "https://a@b.example/"}, ("policy_uri", "userinfo")),
        ({"jwks_uri": "http://app.example/keys"}, ("jwks_uri", "https_required")),
        ({"jwks_uri": "https://app.example:8443/keys"}, ("jwks_uri", "https_only")),
        ({"jwks_uri": "http://127.0.0.1/keys"}, ("jwks_uri", "https_only")),
        (
            {"jwks": JWKS, "jwks_uri": "https://app.example/keys"},
            ("jwks", "one_of_two"),
        ),
        ({"jwks": [JWKS]}, ("jwks", "not_key_set")),
        ({"jwks": {"keys": []}, "x": 1}, ("jwks", "no_keys")),
        ({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}, ("jwks", "key_set")),
        ({"jwks": {"keys": [KEY.as_dict(private=True)]}}, ("jwks", "key_set")),
        ({"token_endpoint_auth_method": "private_key_jwt"}, ("jwks", "keys_needed")),
        (
            {"token_endpoint_auth_method": "client_secret_jwt"},
            ("token_endpoint_auth_method", "choose"),
        ),
        (
            {"application_type": "native", "token_endpoint_auth_method": "client_secret_basic"},
            ("token_endpoint_auth_method", "secret_on_device"),
        ),
        (
            {"grant_types": ["client_credentials"], "token_endpoint_auth_method": "none"},
            ("grant_types", "machine_needs_proof"),
        ),
        ({"grant_types": ["implicit"]}, ("grant_types", "grant")),
        ({"grant_types": ["password"]}, ("grant_types", "grant")),
        ({"grant_types": [BACKCHANNEL]}, ("grant_types", "phone_by_owner")),
        ({"response_types": ["code", "token"]}, ("response_types", "code_only")),
        ({"response_types": ["id_token"]}, ("response_types", "code_only")),
        (
            {"grant_types": ["client_credentials"], "response_types": ["code"]},
            ("response_types", "no_answers"),
        ),
        ({"id_token_signed_response_alg": "none"}, ("id_token_signed_response_alg", "choose")),
        ({"id_token_signed_response_alg": "HS256"}, ("id_token_signed_response_alg", "choose")),
        (
            {"token_endpoint_auth_signing_alg": "none"},
            ("token_endpoint_auth_signing_alg", "choose"),
        ),
        (
            {"dpop_bound_access_tokens": "yes"},
            ("dpop_bound_access_tokens", "not_flag"),
        ),
        (
            {"frontchannel_logout_uri": "https://other.example/out"},
            ("frontchannel_logout_uri", "other_site"),
        ),
        (
            {"backchannel_logout_uri": "http://127.0.0.1/out"},
            ("backchannel_logout_uri", "https_only"),
        ),
        (
            {"jwks": JWKS, "id_token_encrypted_response_alg": "RSA-OAEP-256"},
            ("id_token_encrypted_response_alg", "no_fitting_key"),
        ),
        (
            {"id_token_encrypted_response_alg": "ECDH-ES"},
            ("id_token_encrypted_response_alg", "needs_keys"),
        ),
        (
            {"id_token_encrypted_response_enc": "A256GCM"},
            ("id_token_encrypted_response_enc", "needs_alg"),
        ),
        ({"require_signed_request_object": True}, ("require_signed_request_object", "needs_keys")),
        ({"default_max_age": -1}, ("default_max_age", "not_seconds")),
        ({"default_max_age": True}, ("default_max_age", "not_seconds")),
        ({"contacts": ["x" * 3000]}, ("contacts", "too_long")),
        ({"software_statement": "e30.e30.x"}, ("software_statement", "no_statements")),
        ({"request_uris": ["https://app.example/r"]}, ("request_uris", "not_offered")),
        (
            {"userinfo_encrypted_response_alg": "ECDH-ES"},
            ("userinfo_encrypted_response_alg", "not_offered"),
        ),
    ],
)
def test_what_is_wrong_is_named(told, expected) -> None:
    assert expected in faults(**told)


def test_all_faults_are_named_at_once_with_the_errors_of_the_standard() -> None:
    found = judged(
        redirect_uris=["http://a.example/", "x"], jwks_uri="http://b.example/", grant_types=["x"]
    ).faults
    assert {fault.member for fault in found} == {"redirect_uris", "jwks_uri", "grant_types"}
    assert {fault.error for fault in found} == {"invalid_redirect_uri", "invalid_client_metadata"}
    assert {fault.row for fault in found if fault.member == "redirect_uris"} == {0, 1}
    assert all(fault.text.startswith(fault.member) and "{}" not in fault.text for fault in found)


def test_what_is_not_known_is_passed_over_and_what_does_not_work_is_refused() -> None:
    assert judged(colour="green", **{"client_name#de": "Laden"}).faults == ()
    for member in UNSUPPORTED:
        assert (member, "not_offered") in faults(**{member: "something"}), member
    for member, harmless in {
        "subject_type": "public",
        "require_signed_request_object": False,
    }.items():
        assert judged(**{member: harmless}).faults == ()


def test_what_is_offered_is_kept_and_told_again() -> None:
    assert set(DESCRIBED) >= OFFERED
    found = judged(
        dpop_bound_access_tokens=True,
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="ES256",
        jwks=JWKS,
        default_max_age=60,
        id_token_encrypted_response_alg="ECDH-ES",
        userinfo_signed_response_alg="RS256",
        authorization_signed_response_alg="ES256",
        require_signed_request_object=True,
        require_pushed_authorization_requests=True,
        backchannel_logout_uri="https://push.app.example/out",
        frontchannel_logout_uri="https://app.example/out",
        frontchannel_logout_session_required=True,
        contacts=["ops@app.example"],
    )
    assert found.faults == ()
    again = judge(describe(found.metadata), most_addresses=5)
    assert again == found
    assert options.read(options.write(found.metadata.options)) == found.metadata.options


STRICT = {
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": JWKS,
    "id_token_signed_response_alg": "ES256",
}


@pytest.mark.standard("FAPI 2.0 Security Profile", "5.3.2.1")
@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"token_endpoint_auth_method": "client_secret_basic"}, "token_endpoint_auth_method"),
        ({"token_endpoint_auth_method": "none"}, "token_endpoint_auth_method"),
        ({"id_token_signed_response_alg": "RS256"}, "id_token_signed_response_alg"),
        ({"token_endpoint_auth_signing_alg": "RS256"}, "token_endpoint_auth_signing_alg"),
        ({"redirect_uris": ["http://127.0.0.1/cb"]}, "redirect_uris"),
        ({}, "dpop_bound_access_tokens"),
    ],
)
def test_the_strict_profile_names_each_rule_that_is_broken(changed, member) -> None:
    told = {"redirect_uris": [CALLBACK], **STRICT, **changed}
    found = judge(told, most_addresses=5, keep=ClientOptions(profile="fapi2")).faults
    assert member in {fault.member for fault in found if fault.code.startswith("profile_")}
    assert not [
        fault for fault in judge(told, most_addresses=5).faults if fault.code.startswith("profile_")
    ]


def test_every_code_has_its_words() -> None:
    assert all(words.endswith(".") for words in TEXTS.values())


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.just(CALLBACK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_members = st.sampled_from(
    ["redirect_uris", "jwks", "jwks_uri", "grant_types", "response_types", "client_name",
     "token_endpoint_auth_method", "application_type", "contacts", "default_max_age",
     *sorted(OFFERED | UNSUPPORTED)]
)  # fmt: skip


@given(st.dictionaries(_members, _json))
def test_nothing_that_is_json_is_more_than_refused(told) -> None:
    found = judge(told, most_addresses=5)
    assert all(fault.text for fault in found.faults)
    if not found.faults:
        json.dumps(describe(found.metadata))
        assert registration.judge(describe(found.metadata), most_addresses=5).faults == ()
