"""What tests of statements share: a database with few connections, and somebody else there."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.support.statements import CONNECTIONS, Elsewhere

from evenhand.storage.engine import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, connections=CONNECTIONS)
    yield database
    await database.close()


@pytest.fixture
async def elsewhere(database_url: str) -> AsyncIterator[Elsewhere]:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        yield Elsewhere(connection)
