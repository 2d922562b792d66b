"""A restore makes a database what was backed up, or leaves it as it was."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from evenhand.app import migrations
from evenhand.app.backup.making import back_up
from evenhand.app.backup.restoring import restore
from evenhand.core.errors import StartError
from tests.app.backup.rows import ACCOUNTS, GRANTS, Use, add_account, rows, start_arena
from tests.support.arena import Arena

FIRST_SCHEMA = Path(migrations.__file__).parent / "versions" / "0001_first_battle.sql"
REVISION = "SELECT version_num FROM alembic_version"


def test_the_rows_the_schema_and_the_grants_are_those_that_were_backed_up(
    file: Path, database_url: str, empty_url: str, use: Use
) -> None:
    use(empty_url)
    said = restore(file, replace=False)
    assert said.startswith("Restored 0 conversations, 0 battles and 0 votes, as of ")
    for statement in (ACCOUNTS, GRANTS, REVISION):
        assert rows(empty_url, statement) == rows(database_url, statement) != []


def test_a_back_up_of_an_older_schema_is_brought_to_the_newest(
    empty_url: str, database_url: str, tmp_path: Path, use: Use
) -> None:
    rows(empty_url, FIRST_SCHEMA.read_text())
    rows(empty_url, "CREATE TABLE alembic_version AS SELECT '0001' AS version_num")
    add_account(empty_url)
    use(empty_url)
    back_up(tmp_path / "old.tar")
    newest = rows(database_url, REVISION)
    use(database_url)
    restore(tmp_path / "old.tar", replace=False)
    assert rows(database_url, REVISION) == newest != [("0001",)]
    assert rows(database_url, "SELECT count(*) FROM held_vote") == [(0,)]
    assert rows(database_url, ACCOUNTS) == rows(empty_url, ACCOUNTS)


def test_a_user_who_only_owns_the_database_can_back_up_and_restore(
    file: Path, database_url: str, postgres_url: str, tmp_path: Path, use: Use
) -> None:
    rows(postgres_url, "CREATE ROLE keeper LOGIN; GRANT evenhand_app TO keeper")
    rows(postgres_url, "CREATE DATABASE kept OWNER keeper")
    url = urlsplit(postgres_url)._replace(netloc="keeper@", path="/kept").geturl()
    try:
        use(url)
        restore(file, replace=False)
        back_up(tmp_path / "again.tar")
        start_arena(url)
        restore(tmp_path / "again.tar", replace=True)
        assert rows(url, ACCOUNTS) == rows(database_url, ACCOUNTS)
    finally:
        rows(postgres_url, "DROP DATABASE kept WITH (FORCE)")
        rows(postgres_url, "DROP ROLE keeper")


def test_what_would_be_lost_is_said_and_lost_only_when_asked(file: Path, database_url: str) -> None:
    kept = rows(database_url, ACCOUNTS)
    add_account(database_url)
    start_arena(database_url)
    with pytest.raises(StartError, match="and 0 conversations, 0 battles and 0 votes would be lost: restore"):
        restore(file, replace=False)
    assert len(rows(database_url, ACCOUNTS)) == 2
    restore(file, replace=True)
    assert rows(database_url, ACCOUNTS) == kept


async def test_an_arena_that_runs_is_not_restored_under_its_feet(arena: Arena, file: Path) -> None:
    with pytest.raises(StartError, match="An arena runs on the database of EVENHAND_DATABASE_URL: stop it"):
        await asyncio.to_thread(restore, file, replace=True)
    assert (await arena.voter().call("GET", "/health")).status == 200


def test_a_database_with_somebody_else_s_tables_is_left_alone(file: Path, empty_url: str, use: Use) -> None:
    rows(empty_url, "CREATE TABLE theirs (id int)")
    use(empty_url)
    with pytest.raises(StartError, match=r"tables that are not Evenhand's"):
        restore(file, replace=True)
    assert rows(empty_url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == [("theirs",)]


def test_a_restore_that_fails_after_its_rows_leaves_what_was_there(
    database_url: str, empty_url: str, tmp_path: Path, use: Use
) -> None:
    nobody_s = "INSERT INTO session VALUES (sha256('x'), gen_random_uuid(), now(), now())"
    rows(database_url, f"SET session_replication_role = replica; {nobody_s}")
    use(database_url)
    back_up(tmp_path / "arena.tar")
    migrations.upgrade(empty_url)
    add_account(empty_url)
    before = rows(empty_url, ACCOUNTS)
    use(empty_url)
    with pytest.raises(StartError, match=r'restored \(.+ "session_account_id_fkey"\): the database is as it'):
        restore(tmp_path / "arena.tar", replace=True)
    assert rows(empty_url, ACCOUNTS) == before


def test_somebody_else_s_transaction_is_not_waited_for_without_end(
    file: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.app.backup.restoring.LOCK_TIMEOUT", "10ms")
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT FROM account")
        with pytest.raises(StartError, match="Somebody else is at work in the database of EVENHAND_DATABASE"):
            restore(file, replace=True)
