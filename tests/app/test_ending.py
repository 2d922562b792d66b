from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI

from tests.support.arena import begun, running_arena
from tests.support.fake_provider import Scenario


async def test_answers_are_ended_before_the_models_beside_the_arena(database_url: str) -> None:
    """Else it would look as if the models had broken off."""
    found: list[tuple[str, str | None]] = []

    @asynccontextmanager
    async def models(_: FastAPI) -> AsyncIterator[None]:
        yield
        async with await psycopg.AsyncConnection.connect(database_url) as connection:
            rows = await connection.execute("SELECT status, error FROM response")
            found.extend(await rows.fetchall())

    async with running_arena(database_url, beside=models) as arena:
        slow = Scenario(text="word " * 100, stall_after=50)
        await arena.enter(arena.entry("swift", slow), arena.entry("calm", slow))
        voter = arena.voter()
        conversation = await voter.begin()
        await voter.ask(conversation)
        await voter.hear(conversation, begun)
    assert found == [("failed", "interrupted")] * 2
