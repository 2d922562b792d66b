"""What tests of the history do: ask in many conversations, and look for them."""

import asyncio
from typing import Any

import psycopg
from sqlalchemy import text

from evenhand.history.index import Indexer
from tests.support.arena import Arena, Voter


async def written(arena: Arena) -> None:
    """Waits until the index has all that has ended."""
    await Indexer(arena.database).write()


async def listed(voter: Voter, **params: Any) -> list[dict[str, Any]]:
    answered = await voter.call("GET", "/conversations", params=params)
    assert answered.status == 200, answered
    return list(answered.body["items"])


async def titles(voter: Voter, **params: Any) -> list[str]:
    return [one["title"] for one in await listed(voter, **params)]


def marked(item: dict[str, Any]) -> list[str]:
    """What is marked in a snippet."""
    return [piece["text"] for piece in item["hit"]["snippet"] if piece["match"]]


async def change(voter: Voter, conversation: str, **values: Any) -> None:
    answered = await voter.call("PATCH", f"/conversations/{conversation}", values)
    assert answered.status == 204, answered


async def somebody_waits(database_url: str) -> None:
    """Until somebody waits for what another transaction holds."""
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as owner:
        for _ in range(2000):
            if await (await owner.execute(waiting)).fetchone() is not None:
                return
            await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def count(arena: Arena, table: str) -> int:
    async with arena.database.unit_of_work() as work:
        return int(await work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
