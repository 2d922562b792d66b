"""One unit of work per request, committed before the answer leaves.

Dependencies are coroutines even where nothing is awaited: FastAPI sends plain functions to a thread.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from evenhand.core.clock import Clock
from evenhand.storage.engine import Database, UnitOfWork


async def _unit_of_work(request: Request) -> AsyncIterator[UnitOfWork]:
    database: Database = request.app.state.database
    async with database.unit_of_work() as work:
        yield work


async def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock()


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


# The scope makes the commit come before the response: what is acknowledged is durable.
Work = Annotated[UnitOfWork, Depends(_unit_of_work, scope="function")]
Now = Annotated[datetime, Depends(_now)]
DatabaseOf = Annotated[Database, Depends(_database)]
"""For what must be durable whatever becomes of the request's own transaction."""
