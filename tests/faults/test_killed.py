"""A process that is killed in the middle: its answers reach an end, and no acknowledged vote is lost."""

import asyncio
import random
from contextlib import suppress

import aiohttp
import psycopg

from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Voter, settled
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.process import lapse_leases, serving

MODELS = ("swift", "calm", "brisk")
VOTERS = 6
ORPHANED = 60
"""Seconds until what a killed process ran has reached an end."""


async def play(voter: Voter, history: History, chance: random.Random, taken: asyncio.Semaphore) -> None:
    """Asks and votes until the process is gone; `taken` is released for every vote."""
    with suppress(aiohttp.ClientError, TimeoutError, AssertionError, KeyError):
        while True:
            conversation = await voter.begin()
            asked = await voter.ask(conversation)
            await voter.hear(conversation, settled)
            choice = chance.choice(["a", "b", "tie", "both_bad"])
            if (await voter.vote(asked["battle_id"], choice)).status == 200:
                history.acknowledged[asked["battle_id"]] = choice
                taken.release()


async def running(connection: psycopg.AsyncConnection[tuple[str]]) -> set[str]:
    """The attempts that are under way."""
    rows = await connection.execute("SELECT id::text FROM attempt WHERE status = 'streaming'")
    return {attempt for (attempt,) in await rows.fetchall()}


async def all_ended(database_url: str, attempts: set[str]) -> None:
    """Waits until what a killed process ran is over, as somebody who asked waits for it."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        async with asyncio.timeout(ORPHANED):
            while attempts & await running(connection):  # noqa: ASYNC110
                await asyncio.sleep(0.2)


async def ask_in_vain(voter: Voter) -> None:
    """One question, whose answers will be under way when the process is killed."""
    await voter.ask(await voter.begin())
    await voter.http.close()


async def test_whatever_was_in_flight_ends_and_every_vote_stands(database_url: str) -> None:
    history, chance = History(), random.Random(11)
    orphans = []
    async with (
        FakeProvider() as provider,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection,
    ):
        provider.scenarios = dict.fromkeys(MODELS, Scenario())
        for _ in range(SIZES.kills):
            async with serving(database_url, provider) as (process, first):
                provider.scenarios = dict.fromkeys(MODELS, Scenario(text="word " * 60, stall_after=20))
                called = len(provider.calls)
                for _ in range(SIZES.killed_in_flight):
                    await ask_in_vain(Voter(first.base_url))
                await provider.called(called + 2 * SIZES.killed_in_flight)
                quick = Scenario(text="word " * 60, tokens_per_second=200)
                provider.scenarios = dict.fromkeys(MODELS, quick)
                voters = [Voter(first.base_url) for _ in range(VOTERS)]
                taken = asyncio.Semaphore(0)
                playing = [asyncio.create_task(play(voter, history, chance, taken)) for voter in voters]
                for _ in range(VOTERS):
                    await taken.acquire()
                process.kill()
                await asyncio.gather(*playing)
                for voter in voters:
                    await voter.http.close()
            orphaned = await running(connection)
            assert len(orphaned) >= 2 * SIZES.killed_in_flight
            if SIZES.lapses_leases:
                await lapse_leases(database_url)
            orphans.append(asyncio.create_task(all_ended(database_url, orphaned)))
        async with serving(database_url, provider) as (_, reader):
            await asyncio.gather(*orphans)
            await history.check(database_url, reader)
    assert len(history.acknowledged) >= SIZES.kills * VOTERS
