"""`evenhand serve`: several web processes, of which any may die."""

import asyncio
import os
import signal

import pytest

from tests.support.arena import Voter, begun, text_of
from tests.support.house import House, last_words, workers_of

ANSWER = "word " * 100


async def test_a_battle_is_asked_followed_and_voted_on_whoever_answers(house: House) -> None:
    async with house.up("serve", "--workers", "2") as started:
        assert "(2 processes)" in started.said
        assert len(workers_of(started.process)) == 2
        cookie, seen = None, set()
        for _ in range(6):  # each has connections of its own, so that both processes take part
            async with Voter(started.voter.base_url) as voter:
                if cookie is not None:
                    voter.cookie = cookie
                conversation, asked = await voter.battle()
                assert (await voter.vote(asked["battle_id"])).status == 200
                cookie = voter.cookie
                seen.add(conversation)
        assert len(seen) == 6
        async with asyncio.timeout(10):  # the process that is asked has heard of the others' votes soon
            while (await started.voter.call("GET", "/boards/text")).body["votes"] < 6:
                pass


async def test_a_process_that_is_killed_is_replaced_and_nobody_waits_for_ever(house: House) -> None:
    for scenario in house.provider.scenarios.values():
        scenario.text, scenario.stall_after = ANSWER, 50
    async with house.up("serve", "--workers", "2") as started:
        voter = started.voter
        conversation = await voter.begin()
        asked = await voter.ask(conversation)
        await voter.hear(conversation, begun)
        old = workers_of(started.process)
        for one in old:
            os.kill(one.pid, signal.SIGKILL)
        heard = await voter.hear_through(conversation)
        assert [event.data["error"] for event in heard if event.data.get("error")] == ["interrupted"] * 2
        new = workers_of(started.process)
        assert len(new) == 2
        assert not {one.pid for one in new} & {one.pid for one in old}
        for scenario in house.provider.scenarios.values():
            scenario.stall_after = None
        assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 202
        heard = await voter.hear_through(conversation)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_drains_or_interrupts_every_process(house: House, number: signal.Signals) -> None:
    for scenario in house.provider.scenarios.values():
        scenario.text, scenario.stall_after = ANSWER, 50
    async with house.up("serve", "--workers", "2") as started:
        voters = [Voter(started.voter.base_url) for _ in range(4)]
        conversations = []
        for voter in voters:
            conversations.append(await voter.begin())
            await voter.ask(conversations[-1])
            await voter.hear(conversations[-1], begun)
        cookies = [voter.cookie for voter in voters]
        started.process.send_signal(number)
        if number == signal.SIGTERM:
            for scenario in house.provider.scenarios.values():
                scenario.released.set()
        said = await last_words(started.process)
        assert said == "Stopped.\n"
        assert started.process.returncode == 0
        for voter in voters:
            await voter.http.close()
    async with house.up() as started:
        for conversation, cookie in zip(conversations, cookies, strict=True):
            started.voter.cookie = cookie
            [turn] = (await started.voter.read(conversation))["turns"]
            expected = "done" if number == signal.SIGTERM else "failed"
            assert [one["status"] for one in turn["responses"]] == [expected] * 2
