"""A process that is killed in the middle: its answers reach an end, and no acknowledged vote is lost."""

import asyncio
import random
from contextlib import suppress

import aiohttp

from tests.faults.history import History
from tests.support.arena import Voter, begun, settled
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.process import lapse_leases, serving

KILLS, VOTERS = 3, 6


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


async def test_whatever_was_in_flight_ends_and_every_vote_stands(database_url: str) -> None:
    history, chance = History(), random.Random(11)
    async with FakeProvider() as provider:
        provider.scenarios = {
            name: Scenario(text="word " * 60, tokens_per_second=200) for name in ("swift", "calm", "brisk")
        }
        for _ in range(KILLS):
            async with serving(database_url, provider) as (process, first):
                voters = [Voter(first.base_url) for _ in range(VOTERS)]
                taken = asyncio.Semaphore(0)
                playing = [asyncio.create_task(play(voter, history, chance, taken)) for voter in voters]
                for _ in range(VOTERS):
                    await taken.acquire()
                conversation = await first.begin()
                await first.ask(conversation)
                await first.hear(conversation, begun)
                process.kill()
                await asyncio.gather(*playing)
                for voter in voters:
                    await voter.http.close()
            await lapse_leases(database_url)
        async with serving(database_url, provider):
            await history.check(database_url)
    assert len(history.acknowledged) >= KILLS * VOTERS
