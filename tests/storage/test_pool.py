"""The pool of connections."""

import asyncio

from sqlalchemy import text
from tests.support.statements import CONNECTIONS

from evenhand.storage.engine import Database


async def backends_of_a_rush(database: Database) -> set[int]:
    """The processes of PostgreSQL that serve as many units of work at once as there can be."""
    met = asyncio.Barrier(CONNECTIONS)

    async def one() -> int:
        async with database.unit_of_work() as work:
            backend = (await work.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            await met.wait()
            return int(backend)

    return set(await asyncio.gather(*(one() for _ in range(CONNECTIONS))))


async def test_what_a_rush_has_opened_serves_the_next_one(database: Database) -> None:
    first = await backends_of_a_rush(database)
    assert len(first) == CONNECTIONS
    assert await backends_of_a_rush(database) == first
