"""Application passwords as the hot plane answers for them, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from edge.world import ISSUER, NOW

from hospes.connect.models import Application
from hospes.identity.models import Account, ApplicationPassword
from hospes.protocols.oauth.clients import secret_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.world import World

    from hospes.edge.connections import Step

TYPED = "ABCD-efgh jkmn-pqrs-tuvw"
BARE = "abcdefghjkmnpqrstuvw"


@pytest.fixture
def password(world: World) -> ApplicationPassword:
    found: ApplicationPassword = world.make(
        ApplicationPassword,
        account=world.account(),
        name="Phone",
        password_hash=secret_hash(BARE),
        created_at=NOW - 50,
    )
    return found


@pytest.fixture
def ask(world: World) -> Callable[..., dict[str, Any]]:
    def asked(application: Application, token: str = TYPED) -> dict[str, Any]:
        form = {
            "token": token,
            "client_id": application.client_id,
            "client_secret": world.secret_of(application),
        }
        answer = world.client.post("/oauth2/introspect", data=form)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    return asked


def test_told_and_noted(
    world: World, password: ApplicationPassword, ask: Callable[..., dict[str, Any]]
) -> None:
    mail = world.app(type="other", name="Mail", accepts_application_passwords=True)
    assert ask(mail) == {
        "active": True,
        "iss": ISSUER,
        "iat": NOW - 50,
        "sub": password.account.public_id,
        "username": password.account.email,
        "scope": "application_password",
    }
    password.refresh_from_db()
    assert (password.last_used_at, password.last_used_by) == (NOW, "Mail")


def test_a_use_is_written_once_a_minute(
    world: World, password: ApplicationPassword, ask: Callable[..., dict[str, Any]]
) -> None:
    mail = world.app(type="other", accepts_application_passwords=True)
    written = []
    genuine = world.database.guarded

    def counted(guard: Step, *followers: Step) -> bool:
        written.append(world.now)
        return genuine(guard, *followers)

    world.database.guarded = counted  # type: ignore[method-assign]
    for world.now in (NOW, NOW + 1, NOW + 59, NOW + 60, NOW + 61, NOW + 200):
        assert ask(mail)["active"]
    assert written == [NOW, NOW + 60, NOW + 200]


def test_revoked_at_the_very_next_question(
    world: World, password: ApplicationPassword, ask: Callable[..., dict[str, Any]]
) -> None:
    mail = world.app(type="other", accepts_application_passwords=True)
    assert ask(mail)["active"]
    password.revoked_at = NOW
    password.save()
    assert ask(mail) == {"active": False}

    password.revoked_at = None
    password.save()
    Account.objects.using(world.alias).update(state="locked")
    assert ask(mail) == {"active": False}


def test_an_application_that_is_kept_in_memory_loses_its_trust_at_once(
    world: World, password: ApplicationPassword, ask: Callable[..., dict[str, Any]]
) -> None:
    mail = world.app(type="other")
    kept = Application.objects.using(world.alias).filter(pk=mail.pk)
    seen = []
    for trusted in (False, True, False):
        kept.update(accepts_application_passwords=trusted)
        seen.append([ask(mail)["active"], ask(mail, "nothing like a password")["active"]])
    assert seen == [[False, False], [True, False], [False, False]]
    password.refresh_from_db()
    assert password.last_used_at == NOW


@pytest.mark.parametrize("trusted", [False, True])
def test_a_token_costs_the_same_statements_as_before(
    world: World, ask: Callable[..., dict[str, Any]], trusted: bool
) -> None:
    application = world.app(type="other", accepts_application_passwords=trusted)
    ask(application, "hsp_at_nothing")
    with world.database.reading() as connection:
        kind = type(connection)
    asked: list[str] = []
    genuine = kind.row

    def counted(self: Any, sql: str, *values: object) -> Any:
        asked.append(sql)
        return genuine(self, sql, *values)

    kind.row = counted  # type: ignore[method-assign, assignment]
    try:
        ask(application, "hsp_at_nothing")
        assert len(asked) == 2
        assert not any("application_password" in sql for sql in asked)
    finally:
        kind.row = genuine  # type: ignore[method-assign]
