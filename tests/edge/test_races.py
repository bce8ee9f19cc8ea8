"""Two who come at the same moment, and sequences that nobody would think of."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from edge.world import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hospes.connect.models import AuthorizationCode, Grant, Token
from hospes.edge.sqlite import SqliteDatabase

if TYPE_CHECKING:
    import httpx
    from edge.world import World

    from hospes.connect.models import Application


def at_once(world: World, application: Application, codes: list[str]) -> list[httpx.Response]:
    """Redeem each of ``codes`` in a thread of its own, all let go together."""
    barrier = threading.Barrier(len(codes))
    answers: list[httpx.Response] = []

    def redeem(code: str) -> None:
        barrier.wait()
        try:
            answers.append(world.redeem(application, code))
        finally:
            # This thread's own connection; a pool is everybody's.
            if isinstance(world.database, SqliteDatabase):
                world.database.close()

    threads = [threading.Thread(target=redeem, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.parametrize("rivals", [2, 5])
def test_of_two_who_redeem_one_code_one_succeeds_and_the_grant_ends(
    world: World, rivals: int
) -> None:
    application = world.app(pkce_required=False)
    for _ in range(5):
        grant = world.grant(application)
        answers = at_once(world, application, [world.code(grant)] * rivals)

        assert not world.failures
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * (rivals - 1)
        assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_grant"}
        tokens = Token.objects.using(world.alias).filter(grant=grant)
        assert [token.revoked_at for token in tokens] == [NOW]
        assert Grant.objects.using(world.alias).get(pk=grant.pk).revoked_at == NOW
        [token] = [a.json()["access_token"] for a in answers if a.status_code == 200]
        userinfo = world.client.get(
            "/oauth2/userinfo", headers={"Authorization": f"Bearer {token}"}
        )
        assert userinfo.status_code == 401


def test_those_with_codes_of_their_own_do_not_disturb_each_other(world: World) -> None:
    application = world.app(pkce_required=False)
    codes = [world.code(world.grant(application)) for _ in range(6)]
    answers = at_once(world, application, codes)
    assert [answer.status_code for answer in answers] == [200] * 6
    tokens = Token.objects.using(world.alias).all()
    assert len({token.token_hash for token in tokens}) == 6
    assert all(token.revoked_at is None for token in tokens)


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([0, 1, 30, 61])), min_size=1, max_size=8
    )
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_sequence_of_uses_issues_tokens_twice_for_a_code(
    world: World, steps: list[tuple[int, int]]
) -> None:
    world.now = NOW
    application = world.app(pkce_required=False)
    grants = [world.grant(application) for _ in range(3)]
    codes = [world.code(grant) for grant in grants]
    used: set[int] = set()
    reused: set[int] = set()
    for which, wait in steps:
        world.now += wait
        answer = world.redeem(application, codes[which])
        if which in used:
            reused.add(which)
        assert (answer.status_code == 200) is (which not in used and world.now < NOW + 60)
        if answer.status_code == 200:
            used.add(which)
    for which, grant in enumerate(grants):
        tokens = Token.objects.using(world.alias).filter(grant=grant)
        row = Grant.objects.using(world.alias).get(pk=grant.pk)
        assert len(tokens) == (which in used)
        assert (row.revoked_at is not None) is (which in reused)
        assert all((token.revoked_at is not None) is (which in reused) for token in tokens)
    codes_used = AuthorizationCode.objects.using(world.alias).filter(
        grant__in=grants, used_at__isnull=False
    )
    assert codes_used.count() == len(used)
