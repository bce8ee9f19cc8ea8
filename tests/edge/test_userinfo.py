from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge.world import MOMENT, NOW

if TYPE_CHECKING:
    from edge.world import World

ADDRESS = "/oauth2/userinfo"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_scopes_decide_what_is_told(world: World) -> None:
    account = world.account(picture="abc", recovery_phone="+41220000000")
    grant = world.grant(world.app(), account=account, scope="openid profile email phone groups")
    answer = world.client.get(ADDRESS, headers=bearer(world.access_token(grant)))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json() == {
        "sub": account.public_id,
        "name": "Ada Lovelace",
        "given_name": "Ada",
        "family_name": "Lovelace",
        "picture": "https://hospes.test/pictures/abc",
        "locale": "fr",
        "zoneinfo": "Europe/Zurich",
        "updated_at": NOW,
        "email": account.email,
        "email_verified": True,
        "phone_number": "+41220000000",
        "phone_number_verified": False,
        "groups": [],
    }


def test_the_tokens_scope_counts_not_the_grants(world: World) -> None:
    grant = world.grant(world.app(), scope="openid profile email")
    token = world.access_token(grant, scope="openid")
    told = world.client.get(ADDRESS, headers=bearer(token)).json()
    assert told == {"sub": grant.account.public_id}


def test_authentik_2025_10_an_address_nobody_confirmed_is_not_told_as_verified(
    world: World,
) -> None:
    account = world.account(email_verified_at=None)
    grant = world.grant(world.app(), account=account, scope="openid email")
    told = world.client.get(ADDRESS, headers=bearer(world.access_token(grant))).json()
    assert told["email_verified"] is False


def test_a_moment_with_a_fraction_is_told_in_whole_seconds(world: World) -> None:
    account = world.account(updated_at=MOMENT.replace(microsecond=999_999))
    grant = world.grant(world.app(), account=account, scope="openid profile")
    told = world.client.get(ADDRESS, headers=bearer(world.access_token(grant))).json()
    assert told["updated_at"] == NOW


def test_a_post_works_with_the_header_and_with_a_form(world: World) -> None:
    token = world.access_token(world.grant(world.app()))
    for options in ({"headers": bearer(token)}, {"data": {"access_token": token}}):
        answer = world.client.post(ADDRESS, **options)
        assert answer.status_code == 200
        assert "email" in answer.json()


def test_head_answers_without_a_body(world: World) -> None:
    answer = world.client.head(
        ADDRESS, headers=bearer(world.access_token(world.grant(world.app())))
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


def test_without_a_token_the_challenge_names_no_error(world: World) -> None:
    answer = world.client.get(ADDRESS)
    assert answer.status_code == 401
    assert answer.headers.get_list("www-authenticate") == [
        'Bearer realm="hospes"',
        'DPoP algs="PS256 ES256 EdDSA"',
    ]


@pytest.mark.parametrize(
    "values",
    [{"expires_at": NOW}, {"revoked_at": NOW - 1}, {"kind": "refresh"}],
)
def test_a_token_that_is_over_is_refused(world: World, values: dict[str, Any]) -> None:
    token = world.access_token(world.grant(world.app()), **values)
    answer = world.client.get(ADDRESS, headers=bearer(token))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert answer.json()["error"] == "invalid_token"


@pytest.mark.parametrize("state", ["locked", "deleted"])
def test_a_locked_or_deleted_accounts_token_is_refused(world: World, state: str) -> None:
    token = world.access_token(world.grant(world.app(), account=world.account(state=state)))
    assert world.client.get(ADDRESS, headers=bearer(token)).status_code == 401


def test_a_revoked_grants_token_is_refused(world: World) -> None:
    token = world.access_token(world.grant(world.app(), revoked_at=NOW))
    assert world.client.get(ADDRESS, headers=bearer(token)).status_code == 401


def test_an_unknown_token_is_refused(world: World) -> None:
    assert world.client.get(ADDRESS, headers=bearer("hsp_at_nobody")).status_code == 401


def test_a_machines_token_has_no_person(world: World) -> None:
    grant = world.grant(world.app())
    token = world.access_token(grant)
    type(grant).objects.using(world.alias).filter(pk=grant.pk).update(account=None)
    assert world.client.get(ADDRESS, headers=bearer(token)).status_code == 401


def test_a_token_without_openid_is_refused_by_name_of_the_scope(world: World) -> None:
    token = world.access_token(world.grant(world.app(), scope="email"))
    answer = world.client.get(ADDRESS, headers=bearer(token))
    assert answer.status_code == 403
    assert 'scope="openid"' in answer.headers["www-authenticate"]


def test_a_token_in_the_address_or_sent_twice_is_refused(world: World) -> None:
    token = world.access_token(world.grant(world.app()))
    answers = [
        world.client.get(ADDRESS, params={"access_token": token}),
        world.client.post(ADDRESS, headers=bearer(token), data={"access_token": token}),
        world.client.post(
            ADDRESS,
            content=f"access_token={token}&access_token={token}",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ),
        world.client.post(
            ADDRESS,
            content=b"access_token=\xff",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        ),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    assert all("invalid_request" in answer.headers["www-authenticate"] for answer in answers)


def test_other_methods_are_refused(world: World) -> None:
    answer = world.client.delete(ADDRESS)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST, HEAD, OPTIONS"
