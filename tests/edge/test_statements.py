"""Each statement of the hot plane, on both databases, over the schema that migrations made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from edge.world import NOW

from hospes.edge import statements
from hospes.edge.databases import PostgresDatabase, SqliteDatabase, from_settings

if TYPE_CHECKING:
    from pathlib import Path

    from edge.world import World

# Values of the right kind for every statement, so that none is forgotten.
VALUES: dict[str, tuple[object, ...]] = {
    "CLIENT": ("nobody",),
    "CLIENT_SECRETS": (0, NOW),
    "CODE": ("0" * 64,),
    "USE_CODE": (NOW, 0),
    "REVOKE_GRANT": (NOW, 0),
    "REVOKE_GRANT_TOKENS": (NOW, 0),
    "ACCESS_PERSON": ("0" * 64,),
}


def test_every_statement_is_covered_here() -> None:
    assert set(statements.ALL) == {*VALUES, "ADD_ACCESS"}


@pytest.mark.parametrize("name", sorted(VALUES))
def test_each_statement_runs(world: World, name: str) -> None:
    sql = statements.ALL[name]
    with world.database.writing() as connection:
        if sql.strip().startswith("SELECT"):
            assert connection.row(sql, *VALUES[name]) is None
            assert connection.rows(sql, *VALUES[name]) == []
        else:
            assert connection.change(sql, *VALUES[name]) == 0


def test_an_access_token_is_added_and_found_again(world: World) -> None:
    grant = world.grant(world.app())
    with world.database.writing() as connection:
        statements.add_access_token(
            connection, "a" * 64, grant_id=grant.pk, scope="openid", now=NOW, expires_at=NOW + 1
        )
    with world.database.reading() as connection:
        row = statements.access_token(connection, "a" * 64, picture_url=str)
    assert row is not None
    assert (row.view.scope, row.view.expires_at) == ("openid", NOW + 1)
    assert row.person.subject == grant.account.public_id


def test_a_code_is_used_once(world: World) -> None:
    code = world.code(world.grant(world.app()))
    from hospes.protocols.oauth.clients import secret_hash

    with world.database.writing() as connection:
        row = statements.code(connection, secret_hash(code))
        assert row is not None
        assert statements.use_code(connection, row.code_id, now=NOW)
        assert not statements.use_code(connection, row.code_id, now=NOW)


def test_values_keep_their_kinds_on_both_databases(world: World) -> None:
    application = world.app(pkce_required=True, type="server", id_token_alg="ES256")
    with world.database.reading() as connection:
        view = statements.client(connection, application.client_id, now=NOW)
    assert view is not None
    assert view.pkce_required is True
    assert (view.type, view.id_token_alg, len(view.secret_hashes)) == ("server", "ES256", 1)


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


def test_a_foreign_key_is_guarded(world: World) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), world.database.writing() as connection:
        statements.add_access_token(
            connection, "b" * 64, grant_id=10**9, scope="", now=NOW, expires_at=NOW
        )


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
