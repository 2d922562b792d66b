"""What was deleted leaves the disk: tables are written anew, and nobody waits for long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from evenhand.app import scrubbing
from evenhand.app.scrubbing import EVERY, WORDS, Scrubber
from evenhand.core.errors import StartError
from evenhand.storage import rewriting
from evenhand.storage.engine import Database
from evenhand.storage.rewriting import alone
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario
from tests.support.house import House
from tests.support.watch import Watch

MOMENT = timedelta(seconds=1)
OTHERS = set(WORDS) - {"saved_prompt"}

Scrub = Callable[[], Awaitable[list[str]]]
Owner = psycopg.AsyncConnection[tuple[Any, ...]]


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Owner]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, connections=4)
    yield database
    await database.close()


@pytest.fixture
def scrubber(database: Database, watch: Watch) -> Scrubber:
    return Scrubber(database, watch)


async def files(owner: Owner) -> dict[str, object]:
    """The file of each table with words; another one when it was written anew."""
    rows = await owner.execute(
        "SELECT relname, relfilenode FROM pg_class WHERE relname = ANY(%s)", [list(WORDS)]
    )
    return dict(await rows.fetchall())


async def written(owner: Owner, before: dict[str, object]) -> set[str]:
    """The tables that are in another file than before."""
    return {name for name, file in (await files(owner)).items() if file != before[name]}


async def delete_a_prompt(owner: Owner) -> None:
    """Somebody had a prompt of their own, and deleted it; the database counts it."""
    await owner.execute(
        "INSERT INTO account (id, kind, created_at) VALUES (gen_random_uuid(), 'guest', now())"
    )
    await owner.execute(
        "INSERT INTO saved_prompt (id, account_id, name, text, created_at, used_at) "
        "SELECT gen_random_uuid(), id, 'Mine', 'Explain', now(), now() FROM account"
    )
    await owner.execute("DELETE FROM saved_prompt")
    await owner.execute("SELECT pg_stat_force_next_flush()")


async def test_only_a_table_that_lost_a_row_is_written_and_only_once_a_day(
    scrubber: Scrubber, owner: Owner, watch: Watch
) -> None:
    await scrubber.scrub()
    before = await files(owner)
    await delete_a_prompt(owner)
    watch.time += EVERY - MOMENT
    await scrubber.scrub()
    assert await written(owner, before) == set()
    watch.time += MOMENT
    await scrubber.scrub()
    assert await written(owner, before) == {"saved_prompt"}
    before = await files(owner)
    watch.time += 3 * EVERY
    await scrubber.scrub()
    assert await written(owner, before) == set()


async def test_another_process_knows_what_was_written_and_what_was_not(
    scrubber: Scrubber, database: Database, owner: Owner, watch: Watch
) -> None:
    await scrubber.scrub()
    before = await files(owner)
    await delete_a_prompt(owner)
    watch.time += EVERY
    await Scrubber(database, watch).scrub()
    assert await written(owner, before) == {"saved_prompt"}


async def test_one_process_at_a_time_does_it(scrubber: Scrubber, database: Database, owner: Owner) -> None:
    before = await files(owner)
    async with alone(database, WORDS) as somebody:
        assert somebody is not None
        await scrubber.scrub()
        assert await written(owner, before) == set()
    await scrubber.scrub()
    assert await written(owner, before) == set(WORDS)


async def test_a_table_that_is_too_large_is_left_and_said_once_a_day(
    scrubber: Scrubber, owner: Owner, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owner.execute(
        "INSERT INTO account (id, kind, created_at) VALUES (gen_random_uuid(), 'guest', now())"
    )
    await owner.execute(
        "INSERT INTO saved_prompt (id, account_id, name, text, created_at, used_at) "
        "SELECT gen_random_uuid(), account.id, n::text, repeat(n::text, 1000), now(), now() "
        "FROM account, generate_series(1, 3000) AS n"
    )
    monkeypatch.setattr(scrubbing, "_LARGEST", 200 << 10)
    before = await files(owner)
    with capture_logs() as said:
        await scrubber.scrub()
        await scrubber.scrub()
    assert await written(owner, before) == OTHERS
    [one] = [each for each in said if each["event"] == "not_written_anew"]
    assert (one["table"], one["reason"]) == ("saved_prompt", "too large")
    assert "evenhand scrub" in one["help"]
    watch.time += EVERY
    monkeypatch.undo()
    await scrubber.scrub()
    assert "saved_prompt" in await written(owner, before)


async def test_a_table_in_use_is_left_and_said_and_nobody_queues_behind_the_wait(
    scrubber: Scrubber, database_url: str, owner: Owner
) -> None:
    before = await files(owner)
    async with await psycopg.AsyncConnection.connect(database_url) as somebody:
        await somebody.execute("SELECT FROM saved_prompt")
        with capture_logs() as said:
            running = asyncio.create_task(scrubber.scrub())
            await _waits_for(owner, "saved_prompt")
            # Behind the lock that is waited for; it is there once the wait was given up, though the table is
            # still in use.
            await owner.execute("SELECT FROM saved_prompt")
            await running
            await scrubber.scrub()
        assert await written(owner, before) == OTHERS
        [one] = [each for each in said if each["event"] == "not_written_anew"]
        assert (one["table"], one["reason"]) == ("saved_prompt", "busy")
    await scrubber.scrub()
    assert await written(owner, before) == set(WORDS)


async def test_a_table_that_cannot_be_written_is_said_without_a_word_in_it_and_holds_up_no_other(
    scrubber: Scrubber, owner: Owner, watch: Watch
) -> None:
    await owner.execute(
        "INSERT INTO account (id, kind, created_at) VALUES (gen_random_uuid(), 'guest', now())"
    )
    await owner.execute(
        "INSERT INTO saved_prompt (id, account_id, name, text, created_at, used_at) "
        "SELECT gen_random_uuid(), id, 'Mine', 'Explain', now(), now() FROM account"
    )
    broken = "CREATE FUNCTION broken(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN {} END $$"
    await owner.execute(broken.format("RETURN $1;").encode())
    await owner.execute("CREATE INDEX broken ON saved_prompt (broken(text))")
    refuses = broken.replace("CREATE", "CREATE OR REPLACE").format("RAISE EXCEPTION 'not %', $1;")
    await owner.execute(refuses.encode())
    before = await files(owner)
    with capture_logs() as said:
        await scrubber.scrub()
        await scrubber.scrub()
    assert await written(owner, before) == OTHERS
    [one] = said
    assert (one["table"], one["reason"]) == ("saved_prompt", "RaiseException")
    assert "Explain" not in str(one)
    await owner.execute("DROP INDEX broken")
    watch.time += EVERY
    await scrubber.scrub()
    assert "saved_prompt" in await written(owner, before)


async def test_rows_that_an_open_transaction_still_sees_are_not_taken_for_gone(
    scrubber: Scrubber, database_url: str, owner: Owner, watch: Watch
) -> None:
    await scrubber.scrub()
    async with await psycopg.AsyncConnection.connect(database_url) as somebody:
        await somebody.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        await somebody.execute("SELECT FROM account")
        await delete_a_prompt(owner)
        watch.time += EVERY
        await scrubber.scrub()
    before = await files(owner)
    watch.time += EVERY
    await scrubber.scrub()
    assert await written(owner, before) == {"saved_prompt"}


async def test_an_answer_is_waited_for_but_not_for_more_than_another_day(
    timed: Arena, watch: Watch, owner: Owner
) -> None:
    hangs = Scenario(stall_after=2)
    await timed.enter(timed.entry("swift", hangs), timed.entry("calm", hangs))
    scrubber = Scrubber(timed.database, watch)
    await scrubber.scrub()
    watch.time += 3 * EVERY
    await delete_a_prompt(owner)
    voter = timed.voter()
    await voter.ask(await voter.begin())
    before = await files(owner)
    await scrubber.scrub()
    watch.time += EVERY - MOMENT
    await scrubber.scrub()
    assert await written(owner, before) == set()
    watch.time += MOMENT
    await scrubber.scrub()
    assert "saved_prompt" in await written(owner, before)
    hangs.released.set()


async def test_an_arena_goes_on_answering_while_tables_are_written(timed: Arena, owner: Owner) -> None:
    going = True

    async def again_and_again() -> int:
        rounds = 0
        while going:
            async with alone(timed.database, WORDS) as rewriter:
                assert rewriter is not None
                for table in await rewriter.tables(timed.app.state.clock()):
                    await rewriter.write(table, timed.app.state.clock())
                await rewriter.begin_log_anew(timed.app.state.clock())
            rounds += 1
        return rounds

    writing = asyncio.create_task(again_and_again())
    voter = timed.voter()
    chat, asked = await voter.battle()
    assert (await voter.vote(asked["battle_id"])).status == 200
    assert (await voter.read(chat))["turns"]
    going = False
    assert await writing


async def test_a_user_who_does_not_own_the_tables_leaves_them_and_says_what_to_do_once(
    database: Database, scrubber: Scrubber, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await files(owner)
    monkeypatch.setattr(rewriting, "_OPTIONS", rewriting._OPTIONS + " -c role=evenhand_app")
    with capture_logs() as said:
        await scrubber.scrub()
        await scrubber.scrub()
    assert await written(owner, before) == set()
    [one] = said
    assert "VACUUM FULL attempt, conversation," in one["help"]


async def test_an_owner_who_may_not_begin_the_log_anew_writes_the_tables_and_says_what_is_left(
    scrubber: Scrubber, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await files(owner)
    # In the role that owns the tables, without what that one may do besides.
    name = f"shares_with_the_owner_of_{owner.info.dbname}"
    await owner.execute(f"CREATE ROLE {name} IN ROLE {owner.info.user}".encode())
    monkeypatch.setattr(rewriting, "_OPTIONS", f"{rewriting._OPTIONS} -c role={name}")
    try:
        with capture_logs() as said:
            await scrubber.scrub()
            await scrubber.scrub()
    finally:
        await owner.execute(f"DROP ROLE {name}".encode())
    assert await written(owner, before) == set(WORDS)
    [one] = said
    assert "wal_recycle = off" in one["help"]


async def test_the_command_says_of_each_table_what_it_did(house: House) -> None:
    async with house.up() as started:
        chat, _ = await started.voter.battle()
        assert (await started.voter.call("DELETE", f"/conversations/{chat}")).status == 204
        code, said = await house.run("scrub")
        assert code == 0, said
        lines = said.splitlines()
        assert {line.partition(":")[0] for line in lines} == {*WORDS, "pg_wal"}
        assert all(" MB, now " in line or "begun anew" in line for line in lines)


@pytest.fixture
def scrub(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Scrub:
    """The command on this database; what it says."""
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_url)
    monkeypatch.setattr(scrubbing, "_TRIES", 2)
    monkeypatch.setattr(scrubbing, "_TRY_SECONDS", 0.01)

    async def scrubbed() -> list[str]:
        said: list[str] = []
        await asyncio.to_thread(scrubbing.scrub, said.append)
        return said

    return scrubbed


async def test_the_command_writes_what_is_too_large_for_the_job_and_nothing_a_second_time(
    scrub: Scrub, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubbing, "_LARGEST", 0)
    monkeypatch.setattr(scrubbing, "_LARGEST_SEARCHED", 0)
    before = await files(owner)
    await scrub()
    assert await written(owner, before) == set(WORDS)
    before = await files(owner)
    nothing, _ = await scrub()
    assert nothing == "No row was deleted since the tables were written last."
    assert await written(owner, before) == set()


async def test_the_command_names_what_is_in_use(scrub: Scrub, database_url: str, owner: Owner) -> None:
    before = await files(owner)
    async with await psycopg.AsyncConnection.connect(database_url) as somebody:
        await somebody.execute("SELECT FROM saved_prompt")
        with pytest.raises(StartError, match="still in use in saved_prompt: run this again"):
            await scrub()
    assert await written(owner, before) == OTHERS


async def test_the_command_waits_for_another_process_and_says_so(scrub: Scrub, database: Database) -> None:
    async with alone(database, WORDS):
        with pytest.raises(StartError, match="Another process is writing tables anew"):
            await scrub()


async def test_the_command_says_what_to_do_where_the_user_does_not_own_the_tables(
    scrub: Scrub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "_OPTIONS", rewriting._OPTIONS + " -c role=evenhand_app")
    with pytest.raises(StartError, match=r"does not own .* have their owner run VACUUM FULL attempt,"):
        await scrub()


async def test_without_an_arena_the_command_says_what_to_do(house: House) -> None:
    code, said = await house.run("scrub")
    assert (code, said.startswith("evenhand: No arena runs on ")) == (1, True)


async def _waits_for(owner: Owner, table: str) -> None:
    """Returns once somebody waits for a table to themselves."""
    waits = (
        "SELECT FROM pg_locks WHERE relation = %s::regclass AND mode = 'AccessExclusiveLock' AND NOT granted"
    )
    async with asyncio.timeout(20):
        while await (await owner.execute(waits, [table])).fetchone() is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
