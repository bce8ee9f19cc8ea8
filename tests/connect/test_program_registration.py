"""``/oauth2/register`` over HTTP: registering, managing, and every way of taking it over."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from hospes.connect.models import Application, ClientSecret, InitialAccessToken, RedirectUri
from hospes.connect.services import initial_tokens, program_registration
from hospes.connect.services.initial_tokens import CreateInitialToken, create_initial_token
from hospes.foundation.models import AuditEntry
from hospes.foundation.services import numbers as numbers_service
from hospes.kit.origin import SYSTEM
from hospes.organizations.queries import organizations_of
from support.signing import key_set

CALLBACK = "https://app.example/cb"
PLAIN = {"client_name": "Robot", "redirect_uris": [CALLBACK]}


@pytest.fixture
def token(owner):
    """Return a function that makes an initial access token and returns it in clear."""

    def made(uses=3, days=7, account=None, key="1"):
        return create_initial_token(
            CreateInitialToken("Installer", uses, days, f"form-key-number-{key:0>8}"),
            organization=organizations_of(account or owner).get(),
            acting_account=account or owner,
            origin=SYSTEM,
        ).value

    return made


@pytest.fixture
def send(site):
    """Return a function that sends metadata as JSON and returns status and answer."""

    def sent(method, url, told=None, bearer=None, **headers):
        given = {"Content-Type": "application/json", **headers}
        if bearer:
            given["Authorization"] = f"Bearer {bearer}"
        content = told if isinstance(told, str | bytes) else json.dumps(told)
        response = site.another_browser().request(
            method, url, content=content if told is not None else None, headers=given
        )
        is_json = response.headers.get("content-type", "").startswith("application/json")
        if is_json:
            assert "no-store" in response.headers["cache-control"]
        return response.status_code, (response.json() if is_json else {})

    return sent


def everything():
    return (
        list(Application.objects.order_by("pk").values()),
        list(RedirectUri.objects.order_by("pk").values()),
        list(ClientSecret.objects.order_by("pk").values()),
        list(InitialAccessToken.objects.order_by("pk").values("pk", "uses_left", "revoked_at")),
    )


@pytest.mark.standard("RFC 7591", "3.2.1")
def test_an_application_is_registered_and_told_what_it_is(send, token, owner):
    value = token()
    status, told = send("POST", "/oauth2/register", PLAIN, value)
    assert status == 201
    application = Application.objects.get(client_id=told["client_id"])
    assert (application.name, application.type, application.origin) == ("Robot", "web", "program")
    assert application.organization == organizations_of(owner).get()
    assert application.created_by == owner
    assert told["client_secret"].startswith("hsp_cs_")
    assert told["client_secret_expires_at"] == 0
    assert told["redirect_uris"] == [CALLBACK]
    assert told["registration_client_uri"] == (
        f"https://hospes.test/oauth2/register/{application.client_id}"
    )
    stored = ClientSecret.objects.get(application=application)
    assert stored.secret_hash == initial_tokens.hash_of(told["client_secret"])
    assert application.registration_token_hash == initial_tokens.hash_of(
        told["registration_access_token"]
    )
    entry = AuditEntry.objects.get(action="connect.program_registered")
    assert (entry.actor_account_id, entry.target) == (None, application.client_id)
    kept = InitialAccessToken.objects.get()
    assert (kept.uses_left, kept.last_used_at is not None) == (2, True)


def test_a_public_application_gets_no_secret(send, token):
    status, told = send(
        "POST", "/oauth2/register", {**PLAIN, "token_endpoint_auth_method": "none"}, token()
    )
    assert status == 201
    assert "client_secret" not in told
    assert Application.objects.get().type == "mobile"
    assert not ClientSecret.objects.exists()


def test_an_application_with_keys_gets_no_secret(send, token):
    told = {
        **PLAIN,
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": json.loads(key_set("ES256")),
    }
    status, told = send("POST", "/oauth2/register", told, token())
    assert status == 201, told
    assert "client_secret" not in told
    assert told["jwks"]["keys"]
    assert not ClientSecret.objects.exists()


@pytest.mark.parametrize("bearer", [None, "", "x", "hsp_ri_" + "a" * 43, "hsp_ra_" + "a" * 43])
def test_without_a_token_that_works_nothing_is_registered(send, token, bearer):
    token()
    before = everything()
    given = {} if not bearer else {"Authorization": f"Bearer {bearer}".encode("latin-1")}
    status, _told = send("POST", "/oauth2/register", PLAIN, **given)
    assert status == 401
    assert everything() == before


def test_a_token_in_the_address_or_the_body_is_none(send, token):
    value = token()
    before = everything()
    assert send("POST", f"/oauth2/register?access_token={value}", PLAIN)[0] == 401
    assert send("POST", "/oauth2/register", {**PLAIN, "access_token": value})[0] == 401
    assert everything() == before


def test_a_token_ends_with_its_uses_its_time_and_its_revocation(send, token, owner, clock):
    once, late, ended = token(1), token(days=1, key="2"), token(key="3")
    assert send("POST", "/oauth2/register", PLAIN, once)[0] == 201
    assert send("POST", "/oauth2/register", PLAIN, once)[0] == 401
    initial_tokens.revoke_initial_token(
        initial_tokens.find(ended), acting_account=owner, origin=SYSTEM
    )
    assert send("POST", "/oauth2/register", PLAIN, ended)[0] == 401
    clock.move(timedelta(days=1))
    assert send("POST", "/oauth2/register", PLAIN, late)[0] == 401
    assert Application.objects.count() == 1


def test_two_at_once_do_not_share_the_last_use(token):
    value = token(1)
    first, second = initial_tokens.find(value), initial_tokens.find(value)
    program_registration.register_by_program(PLAIN, token=first, origin=SYSTEM)
    with pytest.raises(program_registration.TokenEnded):
        program_registration.register_by_program(PLAIN, token=second, origin=SYSTEM)
    assert Application.objects.count() == 1


@pytest.mark.standard("RFC 7591", "3.2.2")
@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"redirect_uris": ["http://evil.example/cb"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["https://shop.example@evil.example/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)//"]}, "invalid_redirect_uri"),
        ({**PLAIN, "jwks_uri": "http://169.254.169.254/"}, "invalid_client_metadata"),
        ({**PLAIN, "client_name": "shop\u202egnp"}, "invalid_client_metadata"),
        ({**PLAIN, "client_name": "\u0000"}, "invalid_client_metadata"),
        ({**PLAIN, "software_id": "\ud800"}, "invalid_client_metadata"),
        ({**PLAIN, "client_name": "x" * 101}, "invalid_client_metadata"),
        ({**PLAIN, "software_statement": "e30.e30.x"}, "unapproved_software_statement"),
    ],
)
def test_what_cannot_be_registered_is_refused_and_costs_no_use(send, token, told, error):
    value = token()
    before = everything()
    status, answer = send("POST", "/oauth2/register", told, value)
    assert (status, answer["error"]) == (400, error)
    assert answer["error_description"]
    assert everything() == before


def test_all_faults_are_told_at_once(send, token):
    told = {
        "redirect_uris": ["x", "http://b.example/"],
        "tos_uri": "y",
        "grant_types": ["password"],
    }
    words = send("POST", "/oauth2/register", told, token())[1]["error_description"]
    for part in ("redirect_uris[0]", "redirect_uris[1]", "tos_uri", "grant_types"):
        assert part in words


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b"[" * 30_000, b'{"x": NaN}'],
)
def test_a_body_that_is_no_object_is_refused(send, token, body):
    assert send("POST", "/oauth2/register", body, token())[0] == 400


def test_a_huge_body_and_another_type_are_refused(send, token):
    value = token()
    before = everything()
    huge = {**PLAIN, "contacts": ["x" * 1000] * 100}
    assert send("POST", "/oauth2/register", huge, value)[0] == 413
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert send("POST", "/oauth2/register", PLAIN, value, **form)[0] == 400
    assert everything() == before


def test_the_organizations_limit_holds_for_programs_too(send, token):
    numbers_service.change(
        "connect.applications_per_organization", 1, acting_account_id=None, origin=SYSTEM
    )
    value = token()
    assert send("POST", "/oauth2/register", PLAIN, value)[0] == 201
    before = everything()
    status, told = send("POST", "/oauth2/register", PLAIN, value)
    assert (status, told["error"]) == (400, "invalid_client_metadata")
    assert everything() == before


def test_too_many_requests_of_one_network_wait(send, token):
    numbers_service.change(
        "connect.registration_requests_per_minute", 2, acting_account_id=None, origin=SYSTEM
    )
    value = token()
    assert [send("POST", "/oauth2/register", PLAIN, value)[0] for _ in range(3)] == [201, 201, 429]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(send, token, method):
    assert send(method, "/oauth2/register", bearer=token())[0] == 405


@pytest.fixture
def registered(send, token):
    return send("POST", "/oauth2/register", PLAIN, token())[1]


def place(registered):
    return f"/oauth2/register/{registered['client_id']}"


@pytest.mark.standard("RFC 7592", "2.1")
def test_the_program_reads_what_it_registered(send, registered):
    status, told = send("GET", place(registered), bearer=registered["registration_access_token"])
    assert status == 200
    assert "client_secret" not in told
    assert told == {
        name: value
        for name, value in registered.items()
        if name not in {"client_secret", "client_secret_expires_at"}
    }


@pytest.mark.standard("RFC 7592", "2.2")
def test_a_change_replaces_everything_and_the_token(send, registered):
    changed = {
        "client_id": registered["client_id"],
        "client_secret": registered["client_secret"],
        "client_name": "Robot 2",
        "redirect_uris": ["https://app.example/other"],
        "post_logout_redirect_uris": ["https://app.example/bye"],
    }
    old = registered["registration_access_token"]
    status, told = send("PUT", place(registered), changed, old)
    assert status == 200, told
    application = Application.objects.get()
    assert application.name == "Robot 2"
    assert set(application.redirect_uris.values_list("use", "uri")) == {
        ("sign_in", "https://app.example/other"),
        ("logout", "https://app.example/bye"),
    }
    assert told["registration_access_token"] != old
    assert "client_secret" not in told
    assert ClientSecret.objects.get().expires_at is None
    # Whoever took the old token has nothing left.
    for method, body in (("GET", None), ("PUT", changed), ("DELETE", None)):
        before = everything()
        assert send(method, place(registered), body, old)[0] == 401
        assert everything() == before
    new = told["registration_access_token"]
    assert send("GET", place(registered), bearer=new)[0] == 200
    assert AuditEntry.objects.filter(action="connect.program_changed").count() == 1


def test_two_changes_with_one_token_do_not_both_count(registered):
    value = registered["registration_access_token"]
    client_id = registered["client_id"]
    first = program_registration.managed(client_id, value)
    second = program_registration.managed(client_id, value)
    told = {**PLAIN, "client_id": client_id}
    program_registration.change_by_program(told, application=first, origin=SYSTEM)
    with pytest.raises(program_registration.TokenEnded):
        program_registration.change_by_program(
            {**told, "client_name": "Thief"}, application=second, origin=SYSTEM
        )
    assert Application.objects.get().name == "Robot"


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "somebody-else"},
        {"client_secret": "hsp_cs_wrong"},
        {"client_secret": 7},
        {"registration_access_token": "x"},
        {"registration_client_uri": "https://evil.example/"},
        {"redirect_uris": ["http://evil.example/"]},
        {"token_endpoint_auth_method": "none"},
    ],
)
def test_a_change_that_is_wrong_changes_nothing_and_keeps_the_token(send, registered, change):
    before = everything()
    told = {**PLAIN, "client_id": registered["client_id"], **change}
    value = registered["registration_access_token"]
    assert send("PUT", place(registered), told, value)[0] == 400
    assert everything() == before
    assert send("GET", place(registered), bearer=value)[0] == 200


def test_a_key_in_place_of_the_secret_ends_the_secret_and_back_makes_a_new_one(send, registered):
    told = {
        **PLAIN,
        "client_id": registered["client_id"],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": json.loads(key_set("ES256")),
    }
    status, answer = send("PUT", place(registered), told, registered["registration_access_token"])
    assert status == 200, answer
    assert ClientSecret.objects.get().expires_at is not None
    back = {**PLAIN, "client_id": registered["client_id"]}
    status, answer = send("PUT", place(registered), back, answer["registration_access_token"])
    assert status == 200
    assert answer["client_secret"].startswith("hsp_cs_")
    assert ClientSecret.objects.count() == 2


def test_what_only_the_owner_sets_outlives_a_change(send, registered):
    Application.objects.update(options='{"profile":"oauth21"}', backchannel_mode="poll")
    told = {**PLAIN, "client_id": registered["client_id"]}
    assert send("PUT", place(registered), told, registered["registration_access_token"])[0] == 200
    application = Application.objects.get()
    assert (application.options, application.backchannel_mode) == ('{"profile":"oauth21"}', "poll")


def test_a_strict_profile_holds_for_the_program_as_well(send, registered):
    Application.objects.update(options='{"profile":"fapi2"}')
    before = everything()
    told = {**PLAIN, "client_id": registered["client_id"]}
    assert send("PUT", place(registered), told, registered["registration_access_token"])[0] == 400
    assert everything() == before


@pytest.mark.standard("RFC 7592", "2.3")
def test_the_program_deletes_what_it_registered(send, registered):
    value = registered["registration_access_token"]
    assert send("DELETE", place(registered), bearer=value) == (204, {})
    assert not Application.objects.exists()
    assert send("GET", place(registered), bearer=value)[0] == 401
    entry = AuditEntry.objects.get(action="connect.application_deleted")
    assert entry.actor_account_id is None


def test_no_token_but_its_own_opens_an_application(send, token, registered, register):
    value = token(key="9")
    other = send("POST", "/oauth2/register", PLAIN, value)[1]
    by_hand = register().application
    Application.objects.filter(pk=by_hand.pk).update(
        registration_token_hash=initial_tokens.hash_of("hsp_ra_" + "b" * 43)
    )
    before = everything()
    for path, bearer in (
        (place(registered), other["registration_access_token"]),
        (place(registered), value),
        (place(registered), registered["client_secret"]),
        (f"/oauth2/register/{by_hand.client_id}", "hsp_ra_" + "b" * 43),
        ("/oauth2/register/nobody", registered["registration_access_token"]),
    ):
        for method in ("GET", "PUT", "DELETE"):
            assert send(method, path, {} if method == "PUT" else None, bearer)[0] == 401
    assert everything() == before


def test_an_ended_program_finds_an_empty_hash_no_match(send, registered, owner):
    application = Application.objects.get()
    initial_tokens.end_program(application, acting_account=owner, origin=SYSTEM)
    value = registered["registration_access_token"]
    assert send("GET", place(registered), bearer=value)[0] == 401
    assert send("GET", place(registered), bearer="hsp_ra_")[0] == 401
