"""Approval on the phone (CIBA) on the hot plane, on both databases: fetching tokens."""

from __future__ import annotations

import secrets
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from edge.test_phones import challenge
from edge.world import KEYS, MOMENT, NOW
from joserfc import jwt

from hospes.connect.models import (
    Application,
    ApplicationEvent,
    BackchannelRequest,
    Grant,
    Token,
)
from hospes.edge import backchannel_statements
from hospes.edge.sqlite import SqliteDatabase
from hospes.identity.models import Account, Authenticator, Challenge, Method
from hospes.protocols.oauth.clients import BACKCHANNEL, secret_hash

if TYPE_CHECKING:
    import httpx
    from edge.world import World


def asker(world: World, **values: Any) -> Application:
    return world.app(**{"backchannel_mode": "poll", **values})


def phone_of(world: World, account: Account) -> Authenticator:
    method = world.make(
        Method,
        public_id=str(uuid.uuid4()),
        account=account,
        kind="authenticator",
        name="Fairphone",
        created_at=MOMENT,
        confirmed_at=MOMENT,
    )
    return world.make(  # type: ignore[no-any-return]  # it makes any row
        Authenticator, method=method, token_hash=secret_hash(method.public_id), public_key="{}"
    )


class Asked:
    """One request as the pages' plane leaves it, and what happens to it."""

    def __init__(self, world: World, application: Application, scope: str = "openid email") -> None:
        self.world = world
        self.application = application
        self.account = world.account()
        self.phone = phone_of(world, self.account)
        self.auth_req_id = secrets.token_hex(16)
        self.row = world.make(
            BackchannelRequest,
            public_id=str(uuid.uuid4()),
            auth_req_hash=secret_hash(self.auth_req_id),
            application=application,
            account=self.account,
            scope=scope,
            interval_seconds=5,
            created_at=NOW,
            expires_at=NOW + 300,
        )
        self.challenge = challenge(
            world, self.account, backchannel_id=self.row.public_id, number=""
        )

    def approve(self) -> Grant:
        grant = self.world.grant(
            self.application,
            account=self.account,
            scope=self.row.scope,
            amr="swk",
            nonce="",
            auth_time=NOW,
        )
        self.change(Challenge, self.challenge.pk, state="approved", answered_by=self.phone)
        self.change(BackchannelRequest, self.row.pk, grant=grant)
        return grant

    def change(self, model: Any, key: int, **values: Any) -> None:
        assert model.objects.using(self.world.alias).filter(pk=key).update(**values) == 1

    def fetch(self, client: httpx.Client | None = None, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": BACKCHANNEL,
            "auth_req_id": self.auth_req_id,
            "client_id": self.application.client_id,
            "client_secret": self.world.secret_of(self.application),
            **changes,
        }
        return (client or self.world.client).post("/token", data=form)

    def error(self, **changes: Any) -> str:
        answer = self.fetch(**changes)
        assert answer.status_code in {400, 401}, answer.text
        assert "no-store" in answer.headers["cache-control"]
        return str(answer.json()["error"])

    def stored(self) -> BackchannelRequest:
        return BackchannelRequest.objects.using(self.world.alias).get(pk=self.row.pk)


def tokens(world: World) -> int:
    return Token.objects.using(world.alias).count()


@pytest.fixture
def asked(world: World) -> Asked:
    return Asked(world, asker(world))


# ---- fetching --------------------------------------------------------------------------------


def test_a_yes_becomes_tokens_once(world: World, asked: Asked) -> None:
    assert asked.error() == "authorization_pending"
    grant = asked.approve()
    world.now += 5
    answer = asked.fetch()
    assert answer.status_code == 200
    body = answer.json()
    assert (body["token_type"], body["scope"], body["expires_in"]) == (
        "Bearer",
        "openid email",
        7200,
    )
    assert "refresh_token" not in body
    told = jwt.decode(body["id_token"], KEYS["RS256"], algorithms=["RS256"]).claims
    # What was proved and no more: one phone, one factor.
    assert (told["amr"], told["acr"], told["auth_time"]) == (["swk"], "1", NOW)
    assert (told["sub"], told["aud"]) == (asked.account.public_id, asked.application.client_id)
    assert "nonce" not in told
    userinfo = world.client.get(
        "/oauth2/userinfo", headers={"Authorization": f"Bearer {body['access_token']}"}
    )
    assert userinfo.json()["email"] == asked.account.email
    row = Token.objects.using(world.alias).get()
    assert (row.grant_id, row.scope, row.kind) == (grant.pk, "openid email", "access")
    assert asked.stored().used_at == world.now

    # A second use gives nothing, and ends nothing: it may be an answer that got lost.
    assert asked.error() == "invalid_grant"
    assert tokens(world) == 1
    row.refresh_from_db()
    assert row.revoked_at is None
    events = ApplicationEvent.objects.using(world.alias).order_by("id")
    assert [event.kind for event in events] == ["token_refused"]


def test_offline_access_gives_a_refresh_token_that_works(world: World) -> None:
    asked = Asked(world, asker(world), scope="offline_access openid")
    asked.approve()
    body = asked.fetch().json()
    answer = world.client.post(
        "/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": body["refresh_token"],
            "client_id": asked.application.client_id,
            "client_secret": world.secret_of(asked.application),
        },
    )
    assert answer.status_code == 200
    told = jwt.decode(answer.json()["id_token"], KEYS["RS256"], algorithms=["RS256"]).claims
    assert (told["amr"], told["acr"]) == (["swk"], "1")


def test_whoever_asks_too_often_is_slowed_down_and_an_answer_is_given_at_once(
    world: World, asked: Asked
) -> None:
    assert asked.error() == "authorization_pending"
    assert (asked.stored().polled_at, asked.stored().interval_seconds) == (NOW, 5)
    world.now += 4
    assert asked.error() == "slow_down"
    assert (asked.stored().polled_at, asked.stored().interval_seconds) == (NOW + 4, 10)
    world.now += 10
    assert asked.error() == "authorization_pending"
    world.now += 9
    assert asked.error() == "slow_down"
    assert asked.stored().interval_seconds == 15
    asked.approve()
    assert asked.fetch().status_code == 200
    # Waiting is no refusal: the owner's log has none of it.
    assert not ApplicationEvent.objects.using(world.alias).exists()


def test_hasty_questions_within_a_second_are_written_once(world: World, asked: Asked) -> None:
    asked.change(BackchannelRequest, asked.row.pk, interval_seconds=60, polled_at=NOW)
    before = asked.stored()
    for _ in range(5):
        assert asked.error() == "slow_down"
    assert vars(asked.stored())["polled_at"] == before.polled_at
    assert asked.stored().interval_seconds == 60


def _lock(asked: Asked) -> None:
    asked.change(Account, asked.account.pk, state="locked")


def _delete(asked: Asked) -> None:
    asked.change(Account, asked.account.pk, state="deleted")


def _end_the_grant(asked: Asked) -> None:
    grant = asked.stored().grant
    assert grant is not None
    asked.change(Grant, grant.pk, revoked_at=NOW)


def _remove_the_phone(asked: Asked) -> None:
    asked.change(Method, asked.phone.method_id, removed_at=MOMENT)


def _lose_the_grant(asked: Asked) -> None:
    asked.change(BackchannelRequest, asked.row.pk, grant=None)


ENDS = [_lock, _delete, _end_the_grant, _remove_the_phone, _lose_the_grant]


@pytest.mark.parametrize("end", ENDS)
def test_cve_2026_9798_what_ends_between_the_yes_and_the_token_ends_the_yes(
    world: World, asked: Asked, end: Any
) -> None:
    """An approval that was given before a lock, and used after it, gave tokens elsewhere."""
    asked.approve()
    end(asked)
    before = world.snapshot()
    assert asked.error() == "access_denied"
    assert world.snapshot() == before
    assert asked.stored().used_at is None
    assert tokens(world) == 0


@pytest.mark.parametrize("end", ENDS)
def test_cve_2026_9798_the_statement_itself_asks_again(
    world: World, asked: Asked, end: Any
) -> None:
    """What ends after the decision and before the writing: nothing is issued either."""
    grant = asked.approve()
    end(asked)
    from edge.test_statements import added

    use = backchannel_statements.use(asked.row.pk, now=NOW)
    assert not world.database.guarded(use, added("a" * 64, grant.pk))
    assert tokens(world) == 0
    assert asked.stored().used_at is None


def test_a_lock_also_ends_the_waiting(world: World, asked: Asked) -> None:
    _lock(asked)
    assert asked.error() == "access_denied"
    assert asked.stored().polled_at is None


@pytest.mark.parametrize("state", ["refused", "withdrawn", "mismatched"])
def test_a_no_is_told(world: World, asked: Asked, state: str) -> None:
    asked.change(Challenge, asked.challenge.pk, state=state)
    assert asked.error() == "access_denied"
    assert tokens(world) == 0


@pytest.mark.parametrize("approved", [False, True])
def test_too_late_is_too_late(world: World, asked: Asked, approved: bool) -> None:
    if approved:
        asked.approve()
    world.now = NOW + 300
    assert asked.error() == "expired_token"
    assert tokens(world) == 0
    assert asked.stored().used_at is None


def test_a_request_is_bound_to_its_application(world: World, asked: Asked) -> None:
    asked.approve()
    other = asker(world)
    before = world.snapshot()
    stolen = {"client_id": other.client_id, "client_secret": world.secret_of(other)}
    assert asked.error(**stolen) == "invalid_grant"
    assert asked.error(client_secret="wrong") == "invalid_client"
    assert asked.error(auth_req_id="b" * 43) == "invalid_grant"
    assert asked.error(auth_req_id="") == "invalid_request"
    assert world.snapshot() == before
    # Whose it is still gets its tokens.
    assert asked.fetch().status_code == 200


def test_switched_off_meanwhile_it_gives_nothing_at_once(world: World, asked: Asked) -> None:
    asked.approve()
    # The application is known to the plane by now.
    assert asked.error(auth_req_id="b" * 43) == "invalid_grant"
    asked.change(Application, asked.application.pk, backchannel_mode="")
    assert asked.error() == "unauthorized_client"
    assert tokens(world) == 0


@pytest.mark.parametrize("kind", ["mobile", "other"])
def test_other_types_have_no_such_grant(world: World, kind: str) -> None:
    application = asker(world, type=kind, secrets_=("right",) if kind == "other" else ())
    asked = Asked(world, application)
    asked.approve()
    without = {} if kind == "other" else {"client_secret": ""}
    assert asked.error(**without) == "unauthorized_client"
    assert tokens(world) == 0


@pytest.mark.parametrize("rivals", [2, 5])
def test_of_those_who_fetch_at_once_one_gets_tokens(world: World, rivals: int) -> None:
    application = asker(world)
    for _ in range(4):
        asked = Asked(world, application)
        asked.approve()
        before = tokens(world)
        barrier = threading.Barrier(rivals)
        answers: list[httpx.Response] = []

        def fetch(asked: Asked = asked, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            try:
                answers.append(asked.fetch(world.new_client()))  # noqa: B023 - joined below
            finally:
                if isinstance(world.database, SqliteDatabase):
                    world.database.close()

        threads = [threading.Thread(target=fetch) for _ in range(rivals)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert not world.failures
        assert sorted(a.status_code for a in answers) == [200] + [400] * (rivals - 1)
        assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_grant"}
        assert tokens(world) == before + 1
        # The one who won keeps what it got.
        grant = asked.stored().grant
        assert grant is not None
        assert grant.revoked_at is None
