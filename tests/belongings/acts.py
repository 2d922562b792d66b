"""What tests of exports and deletions do."""

import asyncio
import io
import zipfile
from typing import Any

from sqlalchemy import text

from evenhand.battles.erasing import Eraser
from evenhand.core.clock import Clock, now
from evenhand.storage.signals import Signals
from tests.support.arena import Arena, Voter


async def rows(arena: Arena, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a query gives."""
    async with arena.database.unit_of_work() as work:
        return [tuple(row) for row in await work.session.execute(text(query), values)]


async def until(arena: Arena, query: str) -> None:
    """Waits until a query gives a row."""
    async with asyncio.timeout(20):
        while not await rows(arena, query):  # noqa: ASYNC110 - it is in the database that it comes about
            await asyncio.sleep(0.05)


async def erased(arena: Arena, clock: Clock = now) -> None:
    """Erases what was deleted, as the arena's own jobs do now and then; returns once it is."""
    eraser = Eraser(arena.database, Signals(arena.database), clock)
    await eraser.erase()
    await eraser.forget_askers()
    await until(arena, "SELECT 1 WHERE NOT EXISTS (SELECT FROM to_erase WHERE emptied_at IS NULL)")


async def delete(voter: Voter, path: str) -> int:
    return (await voter.call("DELETE", path)).status


async def downloaded(voter: Voter, path: str) -> tuple[bytes, dict[str, str]]:
    """What a browser would save, and the headers that it came with."""
    async with voter.http.get(f"{voter.base_url}/api/v1{path}") as response:
        assert response.status == 200, await response.text()
        return await response.read(), dict(response.headers)


async def unpacked(voter: Voter, form: str = "json", **params: Any) -> dict[str, str]:
    """All that an export has, by path."""
    more = "".join(f"&{name}={value}" for name, value in params.items())
    data, _ = await downloaded(voter, f"/export?format={form}{more}")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}
