"""No table that grows is read whole, however much is in it: not by people, not by the jobs beside them."""

import asyncio

import psycopg
from tests.support.arena import Arena, Voter, running_arena, settled
from tests.support.signing_in import ANN, look, use

from evenhand.app.housekeeping import Housekeeping
from evenhand.battles.abandoned import Abandoned
from evenhand.core.clock import now
from evenhand.history.index import Indexer

SMALL = {
    "alembic_version",
    "arena",
    "configuration",
    "contestant",
    "draw_counter",
    "draw_seed",
    "imported_board",
    "lineup",
    "outage",
    "pause",
    "to_erase",
    "to_index",
    "vote_to_count",
}
"""What does not grow with the people who come, or by a row a day, or is emptied all the time."""


async def everything(arena: Arena, voter: Voter) -> None:
    """What somebody does who asks, votes, goes on, and comes back."""
    conversation, asked = await voter.battle()
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 5})
    await voter.call("DELETE", f"/battles/{asked['battle_id']}/vote")
    await voter.ask(conversation, "And at night?")
    heard = await voter.hear(conversation, settled)
    again = {"headers": {"Idempotency-Key": "again"}}
    await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "b"}, **again)
    await voter.call("GET", f"/battles/{asked['battle_id']}/reveal")
    await voter.ask(conversation, "And on Mars?")
    await voter.hear(conversation, settled)
    async with voter.follow(conversation, heard[0].id) as listener:
        await listener.until(settled)
    await voter.read(conversation)
    await voter.call("GET", "/me")
    await Indexer(arena.database).write()
    assert (await voter.call("GET", "/conversations?query=mars+blue")).body["items"]
    folder = (await voter.call("POST", "/folders", {"name": "Planets"})).body["id"]
    await voter.call("PATCH", f"/conversations/{conversation}", {"title": "Mars", "folder_id": folder})
    await Indexer(arena.database).write()
    for filters in ("voted=true", "voted=false&archived=false", "pinned=true", f"folder={folder}"):
        await voter.call("GET", f"/conversations?{filters}")
    await voter.call("GET", "/folders")
    await voter.call("PATCH", f"/conversations/{conversation}", {"title": None})
    await voter.call("DELETE", f"/folders/{folder}")


async def coming_and_going(voter: Voter, said: asyncio.Queue[str]) -> None:
    """What somebody does who signs in, looks where else they are signed in, and signs out."""
    await voter.call("POST", "/sign-in/links", {"email": ANN})
    token = (await said.get()).rpartition("#")[2]
    assert (await look(voter, token)).status == 200
    assert (await use(voter, token)).status == 200
    assert (await use(voter, "nonsense")).status == 404
    assert (await voter.call("GET", "/me")).body["kind"] == "voter"
    assert (await voter.call("GET", "/sessions")).body["sessions"]
    assert (await voter.call("POST", "/sign-out", {"everywhere": True})).status == 204


async def whole(database_url: str) -> dict[str, int]:
    """How often each table that grows was read whole, by connections that are closed."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        rows = await connection.execute(
            "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE seq_scan > 0"
        )
        return {name: times async for name, times in rows if name not in SMALL}


async def test_no_table_that_grows_is_read_whole(database_url: str) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        # From here on a table is read whole only where no index serves.
        await connection.execute(
            "DO $$ BEGIN EXECUTE format("
            "'ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$"
        )
    before = await whole(database_url)
    said: asyncio.Queue[str] = asyncio.Queue()
    async with running_arena(database_url, say=said.put_nowait) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        for _ in range(2):  # the second goes into the account of the first
            voter = arena.voter()
            await everything(arena, voter)
            await coming_and_going(voter, said)
        await arena.app.state.runner.sweep()
        await arena.app.state.boards.refresh()
        await Abandoned(arena.database, arena.app.state.streams, now).record()
        await Housekeeping(arena.database, now).tidy()
    assert await whole(database_url) == before
