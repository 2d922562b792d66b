"""What tests of the history do: ask in many conversations, and look for them."""

from typing import Any

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


async def count(arena: Arena, table: str) -> int:
    async with arena.database.unit_of_work() as work:
        return int(await work.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)
