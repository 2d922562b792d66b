"""How often asking waits for the database: what is read and written beside the question comes with it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.support.arena import Arena, Voter, running_arena

QUOTAS = {f"guest_{one}_tokens_per_day": 10_000_000 for one in ("free", "low", "high")}
WHO_ASKS = "SELECT session.account_id"


@contextmanager
def waited(patch: pytest.MonkeyPatch) -> Iterator[list[tuple[object, str]]]:
    """What is waited for while the block runs, and by which connection: pipelines, and single statements."""
    waits: list[tuple[object, str]] = []
    leave = psycopg.AsyncPipeline.__aexit__
    execute = psycopg.AsyncCursor.execute

    async def leaving(self, *given):  # type: ignore[no-untyped-def]
        waits.append((self.pgconn, "several"))
        return await leave(self, *given)

    async def executing(self, *given, **more):  # type: ignore[no-untyped-def]
        if self.connection.info.pipeline_status is psycopg.pq.PipelineStatus.OFF:
            waits.append((self.connection.pgconn, str(given[0])))
        return await execute(self, *given, **more)

    with patch.context() as during:
        during.setattr(psycopg.AsyncPipeline, "__aexit__", leaving)
        during.setattr(psycopg.AsyncCursor, "execute", executing)
        yield waits


async def waits_of_a_question(arena: Arena, voter: Voter, patch: pytest.MonkeyPatch) -> int:
    """How often a first question waits until it is acknowledged; its answers do not begin meanwhile."""
    conversation = await voter.begin()
    patch.setattr(arena.app.state.runner, "run", lambda work, begun: None)
    with waited(patch) as waits:
        await voter.ask(conversation)
    # The arena's jobs go on beside it, by connections of their own.
    [its] = {connection for connection, what in waits if what.startswith(WHO_ASKS)}
    return sum(connection is its for connection, _ in waits)


async def test_terms_and_quotas_cost_no_round_trip(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for settings in ({}, QUOTAS):
        async with running_arena(database_url, **settings) as arena:
            await arena.enter(arena.entry("swift"), arena.entry("calm"))
            await arena.voter().battle()  # what is read once a process
            voter = arena.voter()
            found += [await waits_of_a_question(arena, voter, monkeypatch) for _ in range(2)]
    agreeing, agreed, agreeing_with_quotas, agreed_with_quotas = found
    # Who asks; the locks, with all that is read; the number of the draw; what is written, and its commit.
    assert agreeing == agreed == agreeing_with_quotas == agreed_with_quotas == 4
