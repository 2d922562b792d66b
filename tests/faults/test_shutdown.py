"""Processes that are replaced one after the other while people read: every answer goes on to its end."""

import asyncio
from contextlib import suppress

import aiohttp

from evenhand.storage.embedded import attach
from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Voter, begun, text_of
from tests.support.fake_provider import Scenario
from tests.support.house import House, workers_of

ANSWER = "word " * 80


async def vote_until_it_is_taken(voter: Voter, battle: str, history: History) -> None:
    """As a browser does, which comes again when the line breaks."""
    async with asyncio.timeout(60):
        while battle not in history.acknowledged:
            with suppress(aiohttp.ClientError):
                if (await voter.vote(battle, "tie")).status == 200:
                    history.acknowledged[battle] = "tie"


async def test_readers_go_on_elsewhere_without_a_gap_while_every_process_is_replaced(house: House) -> None:
    for name in house.provider.scenarios:
        house.provider.scenarios[name] = Scenario(text=ANSWER, tokens_per_second=20)
    history = History()
    async with house.up("serve", "--workers", "2") as started:
        voters = [Voter(started.voter.base_url) for _ in range(SIZES.handed_over_battles)]
        asked = []
        for voter in voters:
            conversation = await voter.begin()
            asked.append((conversation, (await voter.ask(conversation))["battle_id"]))
        for voter, (conversation, _) in zip(voters, asked, strict=True):
            await voter.hear(conversation, begun)
        reading = [
            asyncio.create_task(voter.hear_through(conversation))
            for voter, (conversation, _) in zip(voters, asked, strict=True)
        ]
        for one in workers_of(started.process):
            one.terminate()
        for heard in await asyncio.gather(*reading):
            assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
            assert not any(event.data.get("error") for event in heard)
        for voter, (_, battle) in zip(voters, asked, strict=True):
            await vote_until_it_is_taken(voter, battle, history)
            await voter.http.close()
        assert len(house.provider.calls) == 2 * SIZES.handed_over_battles
        url = attach(house.data)
        assert url is not None
        await history.check(url, started.voter)
