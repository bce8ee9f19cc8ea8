from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hospes.protocols.oauth.bearer import TokenView
from hospes.protocols.oauth.clients import ClientView, Credentials
from hospes.protocols.oauth.errors import OAuthError
from hospes.protocols.oauth.grants.exchanging import (
    ACCESS_TOKEN,
    EXCHANGE,
    JWT,
    Asking,
    Exchanged,
    ExchangeRequest,
    allowed,
    decide,
    read,
)
from hospes.protocols.oauth.inspection import TokenFacts
from hospes.protocols.oauth.issuing import Denied
from hospes.protocols.oauth.options import ClientOptions
from hospes.protocols.oauth.parameters import from_pairs

NOW = 1_000_000
SHOP, STOCK, BILLS = "https://shop.example", "https://stock.example", "https://bills.example"
OPTIONS = ClientOptions(further_grant_types=(EXCHANGE,), resource_uris=(SHOP,))
CLIENT = ClientView("shop-1", "web", secret_hashes=("x",), options=OPTIONS)
WHO = Credentials("shop-1", "client_secret_post", "x")
ASKING = Asking(CLIENT, 7, (), "", 3)
VIEW = TokenView("openid email offline_access", NOW + 600, None, None, "active")
SUBJECT = TokenFacts("access", "web-1", 7, NOW - 1, "ada", VIEW)
ACTOR = TokenFacts("access", "shop-1", 7, NOW - 1, "", replace(VIEW, scope=""))
REQUEST = ExchangeRequest(WHO, "t")
BODY = {"subject_token": "t", "subject_token_type": ACCESS_TOKEN}


def decided(
    subject: TokenFacts | None = SUBJECT, actor: TokenFacts | None = None, **changes: Any
) -> Exchanged | Denied:
    asking = replace(ASKING, **{n: v for n, v in changes.items() if hasattr(ASKING, n)})
    request = replace(REQUEST, **{n: v for n, v in changes.items() if hasattr(REQUEST, n)})
    return decide(request, asking, subject, actor, now=NOW, lifetime=7200)


@pytest.mark.standard("RFC 8693", "2.1")
def test_a_request_is_read() -> None:
    assert read(WHO, from_pairs(BODY.items())) == REQUEST
    more = {**BODY, "scope": "openid", "requested_token_type": JWT}
    more |= {"actor_token": "a", "actor_token_type": JWT}
    expected = ExchangeRequest(WHO, "t", "openid", "a", speaking=True)
    assert read(WHO, from_pairs(more.items())) == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"subject_token": ""}, "invalid_request"),
        ({"subject_token_type": ""}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request"),
        ({"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"}, "invalid_request"),
        ({"actor_token": "a"}, "invalid_request"),
        ({"actor_token_type": ACCESS_TOKEN}, "invalid_request"),
        ({"actor_token": "a", "actor_token_type": "x"}, "invalid_request"),
        (
            {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
            "invalid_request",
        ),
        ({"audience": "shop"}, "invalid_target"),
        ({"scope": 'a"'}, "invalid_scope"),
    ],
)
def test_a_faulty_request_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(OAuthError) as refused:
        read(WHO, from_pairs({**BODY, **changes}.items()))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "client",
    [
        replace(CLIENT, options=ClientOptions()),
        replace(CLIENT, type="mobile"),
        replace(CLIENT, options=replace(OPTIONS, further_grant_types=("client_credentials",))),
    ],
)
def test_who_may_not_gets_nothing(client: ClientView) -> None:
    refused = decided(client=client)
    assert isinstance(refused, Denied)
    assert (refused.error.code, refused.revoke) == ("unauthorized_client", False)
    assert allowed(client) is not None
    assert allowed(CLIENT) is None


def test_the_same_is_given_without_what_goes_on() -> None:
    assert decided() == Exchanged("openid email", "", ("shop-1",), NOW + 600)


@pytest.mark.standard("RFC 8693", "4.1")
def test_who_acted_before_stays_named() -> None:
    got = decided(replace(SUBJECT, actors=("b", "a")))
    assert isinstance(got, Exchanged)
    assert got.actors == ("shop-1", "b", "a")
    assert isinstance(decided(replace(SUBJECT, actors=("c", "b", "a"))), Denied)


@pytest.mark.parametrize(
    ("subject", "changes"),
    [
        (None, {}),
        (replace(SUBJECT, kind="refresh"), {}),
        (replace(SUBJECT, organization=8), {}),
        (replace(SUBJECT, view=replace(VIEW, expires_at=NOW)), {}),
        (replace(SUBJECT, view=replace(VIEW, revoked_at=NOW - 5)), {}),
        (replace(SUBJECT, view=replace(VIEW, grant_revoked_at=NOW - 5)), {}),
        (replace(SUBJECT, view=replace(VIEW, account_state="closed")), {}),
        # A stolen bound token is not made free by an application that has not its key.
        (replace(SUBJECT, view=replace(VIEW, bound_to="jkt:a")), {}),
        (replace(SUBJECT, view=replace(VIEW, bound_to="jkt:a")), {"bound_to": "jkt:b"}),
        # A token for one resource is of no use to another one.
        (replace(SUBJECT, view=replace(VIEW, resources=STOCK)), {}),
        (replace(SUBJECT, view=replace(VIEW, resources=f"{SHOP}/")), {}),
        (SUBJECT, {"actor_token": "a"}),
    ],
)
@pytest.mark.standard("RFC 8693", "2.2.2")
def test_a_token_that_is_not_for_it_is_refused(
    subject: TokenFacts | None, changes: dict[str, Any]
) -> None:
    refused = decided(subject, **changes)
    assert isinstance(refused, Denied)
    assert (refused.error.code, refused.revoke) == ("invalid_request", False)


@pytest.mark.parametrize(
    "actor",
    [
        replace(ACTOR, client_id="web-1"),
        replace(ACTOR, subject="ada"),
        replace(ACTOR, organization=8),
        replace(ACTOR, kind="refresh"),
        replace(ACTOR, actors=("shop-1",), client_id="other"),
        replace(ACTOR, view=replace(VIEW, revoked_at=NOW)),
    ],
)
def test_somebody_elses_actor_token_is_refused(actor: TokenFacts) -> None:
    assert isinstance(decided(SUBJECT, actor, actor_token="a"), Denied)


def test_its_own_token_is_an_actor() -> None:
    assert isinstance(decided(SUBJECT, ACTOR, actor_token="a"), Exchanged)


def test_the_key_of_a_bound_token_exchanges_it() -> None:
    bound = replace(SUBJECT, view=replace(VIEW, bound_to="jkt:a"))
    assert isinstance(decided(bound, bound_to="jkt:a"), Exchanged)


@pytest.mark.parametrize("scope", ["phone", "openid phone", "offline_access", "admin"])
def test_no_scope_is_gained(scope: str) -> None:
    refused = decided(scope=scope)
    assert isinstance(refused, Denied)
    assert refused.error.code == "invalid_scope"


SCOPES = ["openid", "profile", "email", "phone", "groups", "offline_access"]
PARTS = st.lists(st.sampled_from(SCOPES), unique=True).map(" ".join)
TARGETS = st.lists(st.sampled_from([SHOP, STOCK, BILLS]), unique=True)


@given(
    held=PARTS,
    asked=PARTS,
    granted=TARGETS,
    targets=TARGETS,
    left=st.integers(-10, 20_000),
    lifetime=st.integers(1, 10_000),
    actors=st.lists(st.sampled_from(["a", "b", "c"]), max_size=5),
)
def test_never_gains_a_scope_resource_or_second(
    *,
    held: str,
    asked: str,
    granted: list[str],
    targets: list[str],
    left: int,
    lifetime: int,
    actors: list[str],
) -> None:
    view = TokenView(held, NOW + left, None, None, "active", resources=" ".join(granted))
    subject = replace(SUBJECT, view=view, actors=tuple(actors))
    got = decide(
        replace(REQUEST, scope=asked),
        replace(ASKING, targets=tuple(targets)),
        subject,
        None,
        now=NOW,
        lifetime=lifetime,
    )
    if isinstance(got, Denied):
        assert got.error.code in {"invalid_request", "invalid_scope", "invalid_target"}
        return
    assert set(got.scope.split()) <= set(held.split()) - {"offline_access"}
    assert not granted or (got.resources and set(got.resources.split()) <= set(granted))
    assert NOW < got.expires_at <= NOW + left
    assert got.expires_at <= NOW + lifetime
    assert got.actors == ("shop-1", *actors)
    assert len(got.actors) <= 3
    assert not granted or SHOP in granted
