"""A past to be written, and what is told of it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from evenhand.operations.retention import retention
from evenhand.operations.schemas import Retention
from evenhand.storage.engine import Database
from tests.accounts.conftest import mail, town
from tests.operations.histories import History
from tests.support.watch import NOON

__all__ = ["mail", "town"]

Tell = Callable[[int], Awaitable[Retention]]


@pytest.fixture
def past(database_url: str) -> Iterator[History]:
    with History(database_url) as history:
        yield history


@pytest.fixture
async def tell(database_url: str) -> AsyncIterator[Tell]:
    """What is told of so many days up to yesterday."""
    database = Database(database_url)

    async def told(days: int) -> Retention:
        async with database.unit_of_work() as work:
            return await retention(work.session, NOON, days)

    yield told
    await database.close()
