"""The first boards take a while: the page is open before them, and who asks for a board waits for them."""

import asyncio
import threading
from datetime import datetime

import pytest

from evenhand.boards import keeper
from evenhand.boards.imports import store_import
from evenhand.boards.schemas import Source
from evenhand.ranking import Board, Cells, rank
from evenhand.storage.engine import Database
from tests.support.arena import running_arena
from tests.support.house import eventually

SPRING = Cells.from_sums([("x", "y", "a", 3, 3.0, 3.0), ("y", "x", "a", 1, 1.0, 1.0)])


async def store_spring(database: Database, now: datetime) -> None:
    async with database.unit_of_work() as work:
        source = Source(name="A study", url=None, note=None)
        await store_import(work.session, "spring", "Spring", source, SPRING, now)


async def test_the_arena_is_open_before_its_boards_and_who_asks_for_them_waits(database_url: str) -> None:
    may_come = asyncio.Event()

    async def bring(database: Database, now: datetime) -> None:
        await may_come.wait()
        await store_spring(database, now)

    async with running_arena(database_url, bring_boards=bring) as arena:
        voter = arena.voter()
        assert (await voter.call("GET", "/instance")).status == 200
        asked = [asyncio.create_task(voter.call("GET", f"/boards{path}")) for path in ("", "/spring")]
        assert (await voter.call("GET", "/instance")).status == 200
        assert not any(one.done() for one in asked)
        may_come.set()
        boards, spring = [answered.body for answered in await asyncio.gather(*asked)]
    assert [one["slug"] for one in boards["boards"]] == ["text", "spring"]
    assert spring["votes"] == 4


async def test_boards_that_cannot_be_brought_keep_none_of_the_others_away(database_url: str) -> None:
    failed = asyncio.Event()

    async def fail(database: Database, now: datetime) -> None:
        failed.set()
        raise OSError("the package is broken")

    async with running_arena(database_url, bring_boards=fail) as arena:
        voter = arena.voter()
        await failed.wait()
        board = await eventually(lambda: voter.call("GET", "/boards/text"))
    assert board.body["votes"] == 0


async def test_a_refresh_that_began_earlier_and_knows_less_has_not_the_last_word(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, may_end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow_at_first(cells: Cells, start: Board | None = None) -> Board:
        if cells.contestants == ("swift",):
            loop.call_soon_threadsafe(counting.set)
            may_end.wait(20)
        return rank(cells, start=start)

    async with running_arena(database_url) as arena:
        voter, boards = arena.voter(), arena.app.state.boards
        await voter.call("GET", "/boards")
        monkeypatch.setattr(keeper, "rank", slow_at_first)
        await arena.enter(arena.entry("swift"))
        earlier = asyncio.create_task(boards.refresh())
        await counting.wait()
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        later = asyncio.create_task(boards.refresh())
        for _ in range(30):  # it has every chance to overtake
            await voter.call("GET", "/instance")
        may_end.set()
        await asyncio.gather(earlier, later)
        board = (await voter.call("GET", "/boards/text")).body
    assert {row["contestant"] for row in board["rows"]} == {"swift", "calm"}
