"""The sums of an arena's votes are kept in step by the database, and always are what a recount would give."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import select

from evenhand.app import migrations
from evenhand.battles.tables import VoteRow
from evenhand.boards import keeper
from evenhand.boards.live import LiveCells, count_votes
from evenhand.ranking import Board, Cells, rank
from tests.faults.history import miscounted, rows
from tests.support.arena import Arena, Voter
from tests.support.fake_provider import Scenario

MIGRATION = Path(migrations.__file__).parent / "versions" / "0006_board_cells.sql"

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


@asynccontextmanager
async def connected(url: str, *, role: str | None = None) -> AsyncIterator[Connection]:
    options = f"-c role={role}" if role else None
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, options=options) as connection:
        yield connection


async def voted(arena: Arena, choices: str) -> list[UUID]:
    """The votes of one person: for the left (<), the right (>) or neither (=), oldest first."""
    await arena.enter(*(arena.entry(slug, Scenario(text=slug)) for slug in ("swift", "calm", "wise")))
    voter = arena.voter()
    for choice in choices:
        _, asked = await voter.battle()
        assert (await voter.vote(asked["battle_id"], {"<": "a", ">": "b", "=": "tie"}[choice])).status == 200
    async with arena.database.unit_of_work() as work:
        return list(await work.session.scalars(select(VoteRow.id).order_by(VoteRow.id)))


async def exclude(connection: Connection, *excluded: tuple[UUID, str]) -> None:
    """Exclude votes for reasons, all of them in one statement."""
    await connection.execute(
        "INSERT INTO vote_exclusion (vote_id, reason, excluded_at) "
        "SELECT vote_id, reason, now() FROM unnest(%s::uuid[], %s::text[]) AS given (vote_id, reason)",
        ([vote for vote, _ in excluded], [reason for _, reason in excluded]),
    )


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - it is in the database that it comes about
            await asyncio.sleep(0.05)


async def waiting(process: int, connection: Connection) -> bool:
    """Whether a connection waits for a lock."""
    return bool(await rows(connection, f"SELECT FROM pg_locks WHERE pid = {process} AND NOT granted"))


async def admit(connection: Connection, vote: UUID, reason: str) -> None:
    await connection.execute("DELETE FROM vote_exclusion WHERE (vote_id, reason) = (%s, %s)", (vote, reason))


async def read(arena: Arena, cells: LiveCells | None = None) -> LiveCells:
    """All that was cast, as it is read by a process that starts now, or that knows the earlier sums."""
    if cells is None:
        cells = LiveCells(arena.app.state.arena_ids["text"])
    await count_votes(arena.database)
    async with arena.database.unit_of_work() as work:
        await cells.catch_up(work.session)
    return cells


def numbers(cells: LiveCells) -> tuple[int, int]:
    """How many votes count, and how many do not."""
    return int(cells.cells.votes.sum()), cells.excluded


async def test_who_reads_on_knows_the_same_as_who_begins(arena: Arena, database_url: str) -> None:
    votes = await voted(arena, "<>=")
    early = await read(arena)
    assert numbers(early) == (3, 0)
    await voted(arena, "<<=>")
    async with connected(database_url) as connection:
        await exclude(connection, (votes[0], "stopped"))
        await read(arena, early)
        late = await read(arena)
        assert await miscounted(connection) == []
    assert numbers(early) == numbers(late) == (6, 1)
    assert early.cells == late.cells


async def test_a_contestant_without_a_vote_left_is_as_unknown_as_to_a_process_that_starts(
    arena: Arena, database_url: str
) -> None:
    [vote] = await voted(arena, "<")
    early = await read(arena)
    assert len(early.cells.contestants) == 2
    async with connected(database_url) as connection:
        await exclude(connection, (vote, "stopped"))
    await read(arena, early)
    assert early.cells.contestants == (await read(arena)).cells.contestants == ()


async def test_only_what_changed_is_read_and_ranked_again(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    ranked: list[Cells] = []
    take, boards = LiveCells._take, arena.app.state.boards

    def noted(cells: LiveCells, changed: Sequence[Any]) -> None:
        taken.append(len(changed))
        take(cells, changed)

    def counted(cells: Cells, start: Board | None) -> Board:
        ranked.append(cells)
        return rank(cells, start=start)

    await voted(arena, "<>=<>=")
    await boards.refresh()
    monkeypatch.setattr(LiveCells, "_take", noted)
    monkeypatch.setattr(keeper, "rank", counted)
    await boards.refresh()
    assert (taken, ranked) == ([], [])
    await voted(arena, "<")
    await boards.refresh()
    assert taken == [1]
    assert [int(cells.votes.sum()) for cells in ranked] == [7]


async def test_after_a_lost_connection_all_sums_are_read_anew(arena: Arena, database_url: str) -> None:
    await voted(arena, "<>=")
    await arena.app.state.boards.refresh()
    async with connected(database_url) as connection:
        # As a failover leaves it: the database goes on from an earlier moment.
        await connection.execute("UPDATE board_cell SET revision = 1, votes = 10 * votes")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
    voter = arena.voter()
    await until(lambda: shows(voter, 30))


async def shows(voter: Voter, votes: int) -> bool:
    return bool((await voter.call("GET", "/boards/text")).body["votes"] == votes)


async def test_a_vote_excluded_for_several_reasons_is_excluded_once_until_the_last_is_gone(
    arena: Arena, database_url: str
) -> None:
    one, _, other = await voted(arena, "<>=")
    async with connected(database_url) as connection:
        await exclude(connection, (one, "stopped"), (one, "not_blind"), (other, "stopped"))
        await exclude(connection, (other, "not_blind"))
        assert numbers(await read(arena)) == (1, 2)
        await admit(connection, one, "stopped")
        assert numbers(await read(arena)) == (1, 2)
        await admit(connection, one, "not_blind")
        assert numbers(await read(arena)) == (2, 1)
        assert await miscounted(connection) == []


async def test_two_reasons_that_come_at_one_time_exclude_a_vote_once(arena: Arena, database_url: str) -> None:
    [vote] = await voted(arena, "<")
    async with connected(database_url) as one, connected(database_url) as other:
        async with one.transaction():
            await exclude(one, (vote, "stopped"))
            second = asyncio.create_task(exclude(other, (vote, "not_blind")))
            await until(lambda: waiting(other.info.backend_pid, one))
        await second
        assert numbers(await read(arena)) == (0, 1)
        assert await miscounted(one) == []


async def test_a_vote_that_is_being_written_is_added_by_the_next_count(
    arena: Arena, database_url: str
) -> None:
    [vote] = await voted(arena, "<")
    async with connected(database_url) as connection:
        async with connection.transaction():
            await exclude(connection, (vote, "stopped"))
            assert numbers(await read(arena)) == (1, 0)
        assert numbers(await read(arena)) == (0, 1)


async def test_processes_that_count_at_one_time_add_each_vote_once(arena: Arena, database_url: str) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voters = [arena.voter() for _ in range(6)]

    async def vote_often(place: int) -> None:
        for _ in range(4):
            _, asked = await voters[place].battle()
            await voters[place].vote(asked["battle_id"], "a")

    async def count_often() -> None:
        async with connected(database_url) as connection:
            while True:
                await connection.execute("SELECT count_votes()")

    counting = [asyncio.create_task(count_often()) for _ in range(3)]
    await asyncio.gather(*(vote_often(place) for place in range(6)))
    assert not any(task.done() for task in counting)
    for task in counting:
        task.cancel()
    async with connected(database_url) as connection:
        assert await miscounted(connection) == []
    assert numbers(await read(arena)) == (24, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE board_cell SET votes = 100",
        "DELETE FROM board_cell",
        "DELETE FROM vote_to_count",
        "INSERT INTO vote_to_count (vote_id, votes, excluded) SELECT id, 100, 0 FROM vote",
        "UPDATE vote_exclusion SET reason = 'stopped'",
    ],
)
async def test_the_application_cannot_make_sums_of_its_own(database_url: str, statement: str) -> None:
    async with connected(database_url, role="evenhand_app") as connection:
        with pytest.raises(InsufficientPrivilege):
            await connection.execute(statement.encode())


async def test_votes_from_before_there_were_sums_are_in_them(arena: Arena, database_url: str) -> None:
    votes = await voted(arena, "<<>=")
    async with connected(database_url) as connection:
        await exclude(connection, (votes[0], "stopped"))
        before = await read(arena)
        await connection.execute("DROP TABLE board_cell, vote_to_count")
        await connection.execute("DROP FUNCTION note_votes, note_exclusions, count_votes CASCADE")
        await connection.execute(MIGRATION.read_bytes())
        after = await read(arena)
        assert await miscounted(connection) == []
    assert numbers(before) == numbers(after) == (3, 1)
    assert before.cells == after.cells
