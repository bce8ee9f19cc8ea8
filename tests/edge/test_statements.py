"""Each statement of the hot plane, on both databases, over the schema that migrations made."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest
from edge.world import NOW

from hospes.edge import (
    backchannel_statements,
    device_statements,
    exchange_statements,
    password_statements,
    person_statements,
    push_statements,
    pushed_statements,
    resource_statements,
    session_statements,
    statements,
)
from hospes.edge.connections import Step
from hospes.edge.databases import from_settings
from hospes.edge.postgres import PostgresDatabase
from hospes.edge.sqlite import SqliteDatabase
from hospes.protocols.oauth.clients import secret_hash

if TYPE_CHECKING:
    from pathlib import Path

    from edge.world import World

# Values of the right kind for every statement, so that none is forgotten.
VALUES: dict[str, tuple[object, ...]] = {
    "CLIENT": ("nobody",),
    "CLIENT_SECRETS": (0, NOW),
    "REPLACED_HINT": (0, "0" * 64, NOW),
    "CODE": ("0" * 64,),
    "USE_CODE": (NOW, 0),
    "REFRESH": ("0" * 64,),
    "ROTATE": (NOW, "salt", 0),
    "SUCCESSOR": ("0" * 64, "access"),
    "REVOKE_GRANT": (NOW, 0),
    "REVOKE_GRANT_TOKENS": (NOW, 0),
    "REVOKE_ONE": (NOW, 0),
    "MACHINE_GRANT": (0,),
    "ADD_MACHINE_GRANT": (NOW, 0),
    "ADD_MACHINE_ACCESS": ("0" * 64, NOW, NOW, 0, 0),
    "FACTS": (0, "0" * 64),
    "REVISION": (0,),
    "ACCESS_PERSON": ("0" * 64,),
    "GRANT_PERSON": (0,),
    "GRANT_GROUPS": (0,),
    "GRANT_SESSION": (0,),
    "GRANT_CLIENT": (0,),
    "ADD_BOUND_MACHINE_ACCESS": ("0" * 64, NOW, NOW, "jkt:" + "k" * 43, 0, 0),
    "ADD_EXCHANGED": ("0" * 64, "openid", NOW, NOW, "", "", "", "one", 0, 0, 0),
    "HOLDER": ("nobody",),
    "ORGANIZATION_OPTIONS": (0,),
    "NAMED_SUCCESSOR": (0, "jti"),
    "ADD_TARGETED_MACHINE_ACCESS": ("0" * 64, NOW, NOW, "", "https://a.example", "", 0, 0),
    "REDIRECT_URIS": (0,),
    "ADD_PUSHED_REQUEST": ("0" * 64, "{}", "", NOW, NOW, 0, 0),
    "STEP_STATE": ("0" * 64,),
    "PHONE_CHALLENGES": ("0" * 64,),
    "BACKCHANNEL_REQUEST": ("0" * 64,),
    "USE_BACKCHANNEL_REQUEST": (NOW, 0),
    "POLLED_BACKCHANNEL_REQUEST": (NOW, 10, 0),
    "ADD_DEVICE_REQUEST": ("0" * 64, "1" * 64, "openid", 5, "192.0.2.1", NOW, NOW, 0, 0),
    "DEVICE_REQUEST": ("0" * 64,),
    "USE_DEVICE_REQUEST": (NOW, 0),
    "POLLED_DEVICE_REQUEST": (NOW, 10, 0),
    "APPLICATION_SIGN_IN": (0, "0" * 64),
    "USE_APPLICATION_SIGN_IN": (NOW, 0, 0, NOW),
}
EVERY = statements.ALL | push_statements.ALL | backchannel_statements.ALL | password_statements.ALL
EVERY |= device_statements.ALL | pushed_statements.ALL
EVERY |= session_statements.ALL | resource_statements.ALL | exchange_statements.ALL
EVERY |= person_statements.ALL


def test_every_statement_is_covered_here() -> None:
    assert set(EVERY) == {*VALUES, "ADD_ISSUED", "ADD_BOUND", "ADD_TARGETED", "ADD_EVENT"}


@pytest.mark.parametrize("name", sorted(VALUES))
def test_each_statement_runs(world: World, name: str) -> None:
    sql = EVERY[name]
    with world.database.writing() as connection:
        if sql.strip().startswith("SELECT"):
            assert connection.row(sql, *VALUES[name]) is None
            assert connection.rows(sql, *VALUES[name]) == []
        else:
            assert connection.change(sql, *VALUES[name]) == 0


def added(token_hash: str, grant_id: int) -> Step:
    return statements.add_token(
        token_hash, "access", grant_id=grant_id, scope="openid", now=NOW, expires_at=NOW + 1
    )


def test_a_code_is_used_once_and_only_then_a_token_added(world: World) -> None:
    grant = world.grant(world.app())
    code = world.code(grant)
    with world.database.reading() as connection:
        row = statements.code(connection, secret_hash(code))
    assert row is not None
    use = statements.use_code(row.code_id, now=NOW)
    assert world.database.guarded(use, added("a" * 64, grant.pk))
    assert not world.database.guarded(use, added("b" * 64, grant.pk))
    with world.database.reading() as connection:
        found = person_statements.access_token(connection, "a" * 64, picture_url=str)
        assert person_statements.access_token(connection, "b" * 64, picture_url=str) is None
    assert found is not None
    assert (found.view.scope, found.view.expires_at) == ("openid", NOW + 1)
    assert found.person.subject == grant.account.public_id


def test_a_follower_that_fails_undoes_the_guard(world: World) -> None:
    grant = world.grant(world.app())
    code = world.code(grant)
    with world.database.reading() as connection:
        row = statements.code(connection, secret_hash(code))
    assert row is not None
    use = statements.use_code(row.code_id, now=NOW)
    twice = added("a" * 64, grant.pk)
    with pytest.raises(Exception, match=r"(?i)unique"):
        world.database.guarded(use, twice, twice)
    with world.database.reading() as connection:
        again = statements.code(connection, secret_hash(code))
        assert again is not None
        assert again.view.used_at is None
        assert person_statements.access_token(connection, "a" * 64, picture_url=str) is None


def test_an_application_counts_its_changes(world: World) -> None:
    application = world.app(secrets_=())

    def revision() -> int:
        with world.database.reading() as connection:
            found = connection.row(statements.REVISION, application.pk)
        assert found is not None
        return int(found[0])

    seen = [revision()]
    secret = world.secret(application, "one")
    seen.append(revision())
    secret.expires_at = NOW
    secret.save()
    seen.append(revision())
    secret.delete()
    seen.append(revision())
    application.redirect_uris.create(uri="https://a.example/cb")
    seen.append(revision())
    application.name = "Another"
    application.save(update_fields=["name"])
    seen.append(revision())
    assert seen == sorted(set(seen))


def test_an_exception_undoes_the_transaction(world: World) -> None:
    grant = world.grant(world.app())

    def fail() -> None:
        with world.database.writing() as connection:
            statements.revoke_grant(connection, grant.pk, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    grant.refresh_from_db()
    assert grant.revoked_at is None
    with world.database.writing() as connection:
        statements.revoke_grant(connection, grant.pk, now=NOW)
    grant.refresh_from_db()
    assert grant.revoked_at == NOW


def test_the_settings_decide_the_kind_of_database() -> None:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}
    postgres = {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}
    assert isinstance(from_settings(lambda: sqlite), SqliteDatabase)
    assert isinstance(from_settings(lambda: postgres), PostgresDatabase)


def test_a_database_that_moves_is_followed(tmp_path: Path) -> None:
    names = [str(tmp_path / "one"), str(tmp_path / "two")]
    database = SqliteDatabase(lambda: names[0])
    with database.writing() as connection:
        connection.change("CREATE TABLE t (a)")
    names.pop(0)
    with database.reading() as connection:
        assert connection.row("SELECT count(*) FROM sqlite_master") == (0,)
    database.close()
    database.close()


def test_changes_that_wait_together_are_each_done_or_refused_for_themselves(
    tmp_path: Path,
) -> None:
    database = SqliteDatabase(lambda: str(tmp_path / "one"))
    with database.writing() as connection:
        connection.change("CREATE TABLE once (name TEXT PRIMARY KEY, used INTEGER)")
        connection.change("CREATE TABLE made (name TEXT UNIQUE)")
        connection.change("INSERT INTO once VALUES ('a', 0), ('b', 0), ('c', 0), ('d', 0)")
        connection.change("INSERT INTO made VALUES ('taken')")
    results: list[object] = []

    def use(name: str, made: str) -> None:
        try:
            results.append(
                (
                    name,
                    database.guarded(
                        Step("UPDATE once SET used = 1 WHERE name = ? AND used = 0", (name,)),
                        Step("INSERT INTO made SELECT ?", (made,)),
                    ),
                )
            )
        except sqlite3.IntegrityError:
            results.append((name, "refused"))

    pairs = [("a", "1"), ("a", "2"), ("b", "taken"), ("c", "3"), ("zz", "4"), ("d", "5")]
    threads = [threading.Thread(target=use, args=pair) for pair in pairs]
    # All of them wait for one turn, and the first to get it writes for everybody.
    with database.deciding():
        for thread in threads:
            thread.start()
        while len(database._waiting) < len(pairs):
            time.sleep(0.001)
    for thread in threads:
        thread.join(30)

    assert sorted(results, key=str) == sorted(
        [("a", True), ("a", False), ("b", "refused"), ("c", True), ("zz", False), ("d", True)],
        key=str,
    )
    with database.reading() as connection:
        used = connection.rows("SELECT name FROM once WHERE used = 1 ORDER BY name")
        made = {row[0] for row in connection.rows("SELECT name FROM made")}
    assert used == [("a",), ("c",), ("d",)]
    assert made - {"1", "2"} == {"taken", "3", "5"}
    assert len(made & {"1", "2"}) == 1
    database.close()


def test_a_database_that_stays_locked_fails_everybody_who_waits_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hospes.edge.sqlite.BUSY_SECONDS", 0.05)
    path = str(tmp_path / "one")
    database = SqliteDatabase(lambda: path)
    with database.writing() as connection:
        connection.change("CREATE TABLE once (name TEXT)")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    failed: list[str] = []

    def use() -> None:
        try:
            database.guarded(Step("INSERT INTO once VALUES (?)", ("x",)))
        except sqlite3.OperationalError as error:
            failed.append(str(error))

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    other.execute("ROLLBACK")

    assert failed == ["database is locked"] * 3
    assert other.execute("SELECT count(*) FROM once").fetchone() == (0,)
    assert database.guarded(Step("INSERT INTO once VALUES (?)", ("y",)))
    other.close()
    database.close()
