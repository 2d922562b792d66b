"""The machine's clock jumps: what was said first stays first, and nothing is lost or left in flight."""

import random
from datetime import timedelta

from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Arena, begun, settled, text_of
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.process import serving
from tests.support.watch import Watch

ANSWER = "word " * 60
HOUR = timedelta(hours=1)


async def test_answers_and_votes_outlive_a_clock_that_jumps_by_an_hour(
    timed: Arena, watch: Watch, database_url: str
) -> None:
    history, chance = History(), random.Random(31)
    scenario = Scenario(text=ANSWER, tokens_per_second=200)
    await timed.enter(timed.entry("swift", scenario), timed.entry("calm", scenario))
    voter = timed.voter()
    conversation = await voter.begin()
    asked = []
    for _ in range(SIZES.jumps):
        asked.append(await voter.ask(conversation, f"Question {len(asked)}?", new_pair=True))
        async with voter.follow(conversation) as listener:
            await listener.until(begun)
            watch.time += chance.choice([HOUR, -HOUR])
            await timed.app.state.runner.sweep()
            heard = await listener.until(settled)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        assert (await voter.vote(asked[-1]["battle_id"], "b")).status == 200
        history.acknowledged[asked[-1]["battle_id"]] = "b"
        if len(asked) == 50:  # a conversation is full
            conversation, asked = await voter.begin(), []
            continue
        told = await voter.read(conversation)
        assert [turn["id"] for turn in told["turns"]] == [turn["id"] for turn in asked]
        assert [one["id"] for one in told["battles"]] == [turn["battle_id"] for turn in asked]
    await history.check(database_url, voter)


async def test_a_process_whose_clock_is_an_hour_ahead_ends_nobody_elses_answers(database_url: str) -> None:
    async with FakeProvider() as provider:
        slow = Scenario(text=ANSWER, stall_after=20)
        provider.scenarios = {"swift": slow, "calm": slow}
        async with serving(database_url, provider) as (_, voter):
            conversation = await voter.begin()
            await voter.ask(conversation)
            await voter.hear(conversation, begun)
            async with serving(database_url, provider, behind=-HOUR) as (_, ahead):  # it looks at its start
                ahead.cookie = voter.cookie
                slow.released.set()
                heard = await ahead.hear(conversation, settled)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        assert heard[-1].data["status"] == "ready"
        await History().check(database_url)


async def test_what_is_asked_after_a_restart_with_an_earlier_clock_is_the_newest(database_url: str) -> None:
    async with FakeProvider() as provider:
        provider.scenarios = {name: Scenario(text=ANSWER) for name in ("swift", "calm")}
        asked = []
        conversation, cookie = "", ""
        for behind in (timedelta(0), HOUR):
            async with serving(database_url, provider, behind=behind) as (_, voter):
                if not conversation:
                    conversation = await voter.begin()
                else:
                    voter.cookie = cookie
                cookie = voter.cookie
                asked.append(await voter.ask(conversation))
                heard = await voter.hear(conversation, settled)
                assert heard[-1].data["turn_id"] == asked[-1]["id"]
                told = await voter.read(conversation)
                assert [turn["id"] for turn in told["turns"]] == [turn["id"] for turn in asked]
    await History().check(database_url)
