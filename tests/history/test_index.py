"""Writing the index: the newest first, in batches, and past what cannot be written."""

from collections.abc import AsyncIterator, Sequence

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from evenhand.history.index import Indexer
from evenhand.storage.engine import Database
from tests.support.arena import running_arena

TURNS = 5


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with five turns, all to be indexed, whose arena has ended: nobody else writes."""
    async with running_arena(database_url) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        for number in range(TURNS):
            await voter.battle(f"Number {number}")
    database = Database(database_url, connections=4)
    async with database.unit_of_work() as work:
        await work.session.execute(text("DELETE FROM search_document"))
        await work.session.execute(text("DELETE FROM to_index"))
        await work.session.execute(text("INSERT INTO to_index (turn_id) SELECT id FROM turn ORDER BY id"))
    yield database
    await database.close()


async def read(database: Database, statement: str) -> list[str]:
    async with database.unit_of_work() as work:
        return [str(one) for one in await work.session.scalars(text(statement))]


async def turns(database: Database) -> list[str]:
    """The turns, oldest first."""
    return await read(database, "SELECT id FROM turn ORDER BY id")


async def written(database: Database) -> list[str]:
    return await read(database, "SELECT id FROM search_document ORDER BY id")


async def test_the_newest_is_written_first_a_batch_in_a_transaction(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.history.index.MOST", 2)
    known = await turns(database)
    after_each: list[list[str]] = []

    class Watched(Indexer):
        async def _write(self, numbers: Sequence[int]) -> None:
            await super()._write(numbers)
            after_each.append(await written(database))

    await Watched(database).write()
    assert after_each == [known[-2:], known[-4:], known]
    assert await read(database, "SELECT number FROM to_index") == []


async def test_what_cannot_be_written_is_put_aside_and_the_rest_is_written(
    database: Database, database_url: str
) -> None:
    known = await turns(database)
    refused = known[2]
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        await owner.execute(f"ALTER TABLE search_document ADD CHECK (id <> '{refused}')".encode())
    with capture_logs() as logs:
        await Indexer(database).write()
        await Indexer(database).write()  # which does not try it again
    assert await written(database) == [one for one in known if one != refused]
    assert await read(database, "SELECT turn_id FROM to_index WHERE aside") == [refused]
    [told] = logs
    assert (told["event"], told["turn"], told["reason"]) == ("not_indexed", refused, "CheckViolation")


async def test_while_the_database_does_not_write_nothing_is_put_aside(
    database: Database, database_url: str
) -> None:
    function = (
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
    )
    trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON search_document EXECUTE FUNCTION full_disk()"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        await owner.execute(function)
        await owner.execute(trigger)
        with pytest.raises(OperationalError):
            await Indexer(database).write()
        await owner.execute("DROP TRIGGER full_disk ON search_document")
    await Indexer(database).write()
    assert await written(database) == await turns(database)
