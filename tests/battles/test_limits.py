"""Spending is safe: the pause, the budget of the day, the limits of a guest; each says what to do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from evenhand.battles.limits import MOST_STREAMS
from evenhand.contestants.configurations import Price
from tests.support.arena import Answered, Arena, Heard, Voter, running_arena, settled
from tests.support.fake_provider import Scenario
from tests.support.watch import NOON, Watch


@pytest.fixture
async def strict(database_url: str, watch: Watch) -> AsyncIterator[Arena]:
    """An arena with small limits and dear contestants."""
    limits = {"guest_turns_per_hour": 3, "guest_turns_at_once": 2, "daily_budget_usd": 1.0}
    async with running_arena(database_url, clock=watch, **limits) as arena:
        yield arena


async def try_to_ask(voter: Voter, conversation: str) -> Answered:
    body = {"parts": [{"type": "text", "text": "And?"}]}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body)


async def test_a_guest_may_ask_so_often_an_hour_and_is_told_when_again(strict: Arena, watch: Watch) -> None:
    await strict.enter(strict.entry("swift"), strict.entry("calm"))
    voter = strict.voter()
    conversation, _ = await voter.battle()
    watch.time += timedelta(minutes=10)
    for _ in range(2):
        await voter.ask(conversation)
        await voter.hear(conversation, settled)
    refused = await try_to_ask(voter, conversation)
    assert (refused.status, refused.body["code"]) == (429, "too_many_turns_hour")
    assert refused.headers["Retry-After"] == str(50 * 60 + 1)
    me = (await voter.call("GET", "/me")).body
    assert me["turns_left"] == 0
    assert datetime.fromisoformat(me["turns_back_at"]) == NOON + timedelta(hours=1)
    watch.time += timedelta(minutes=50, seconds=1)
    assert (await try_to_ask(voter, conversation)).status == 202


async def test_a_guest_may_have_so_many_answers_running_at_once(strict: Arena) -> None:
    await strict.enter(strict.entry("swift", Scenario(stall_after=1)), strict.entry("calm"))
    voter = strict.voter()
    conversations = [await voter.begin() for _ in range(3)]
    answered = await asyncio.gather(*(try_to_ask(voter, one) for one in conversations))
    assert sorted(one.status for one in answered) == [202, 202, 429]
    refused = next(one for one in answered if one.status == 429)
    assert refused.body["code"] == "too_many_at_once"
    assert (await try_to_ask(strict.voter(), conversations[0])).status == 404


async def test_a_burst_cannot_spend_more_than_the_day_has(strict: Arena) -> None:
    price = Price(input=0, output=20)  # 20,480 tokens at most: 0.41 USD a side
    await strict.enter(
        *(strict.entry(slug, Scenario(stall_after=1), price=price) for slug in ("swift", "calm"))
    )
    voters = [strict.voter() for _ in range(4)]
    conversations = [await voter.begin() for voter in voters]
    answered = await asyncio.gather(*map(try_to_ask, voters, conversations))
    assert sorted(one.status for one in answered) == [202, 503, 503, 503]
    refused = next(one for one in answered if one.status == 503)
    assert refused.body["code"] == "budget_reached"
    assert refused.body["retry_at"] == "2026-11-26T00:00:00+00:00"
    assert refused.headers["Retry-After"] == str(12 * 3600 + 1)
    going = [one.status for one in answered].index(202)
    sides: set[str] = set()

    def both_answer(event: Heard) -> bool:
        if event.kind == "delta":
            sides.add(event.data["side"])
        return len(sides) == 2

    await voters[going].hear(conversations[going], both_answer)
    assert len(strict.provider.calls) == 2


async def test_near_the_cap_nobody_is_drawn_for_being_cheap(strict: Arena) -> None:
    dear = Price(input=0, output=60)  # 20,480 tokens at most: more than the day has
    await strict.enter(strict.entry("dear", price=dear), strict.entry("swift"), strict.entry("calm"))
    voter = strict.voter()
    conversation = await voter.begin()
    for _ in range(8):
        assert (await try_to_ask(voter, conversation)).body["code"] == "budget_reached"
    async with strict.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM draw")) == 0


async def test_one_reader_cannot_hold_streams_without_end(strict: Arena) -> None:
    await strict.enter(strict.entry("swift"), strict.entry("calm"))
    voter = strict.voter()
    conversation = await voter.begin()
    async with contextlib.AsyncExitStack() as streams:
        for _ in range(MOST_STREAMS):
            await streams.enter_async_context(voter.follow(conversation))
        refused = await voter.call("GET", f"/conversations/{conversation}/events")
        assert (refused.status, refused.body["code"]) == (429, "too_many_streams")
        stranger = strict.voter()
        async with stranger.follow(await stranger.begin()):
            pass


async def test_what_was_reserved_and_not_spent_is_free_again(strict: Arena) -> None:
    price = Price(input=0, output=20)
    await strict.enter(*(strict.entry(slug, price=price) for slug in ("swift", "calm")))
    voter = strict.voter()
    conversation, asked = await voter.battle()
    await voter.ask(conversation)
    await voter.hear(conversation, settled)
    statistics = (await voter.vote(asked["battle_id"])).body["reveal"]["a"]["statistics"]
    assert statistics["cost_usd"] == pytest.approx(statistics["output_tokens"] * 20 / 1e6, abs=1e-6)


async def test_the_budget_is_back_the_next_day(strict: Arena, watch: Watch) -> None:
    price = Price(input=0, output=20)
    await strict.enter(*(strict.entry(slug, price=price) for slug in ("swift", "calm")))
    voter = strict.voter()
    conversation, _ = await voter.battle()
    async with strict.database.unit_of_work() as work:
        await work.session.execute(text("UPDATE attempt SET cost_usd = 0.5"))
    assert (await try_to_ask(voter, conversation)).body["code"] == "budget_reached"
    watch.time += timedelta(hours=12)
    assert (await try_to_ask(voter, conversation)).status == 202


async def test_contestants_that_cost_nothing_need_no_budget(database_url: str) -> None:
    async with running_arena(database_url, daily_budget_usd=0) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        await arena.voter().battle()


async def test_a_paused_arena_takes_no_question_and_says_so_on_the_page(strict: Arena) -> None:
    await strict.enter(strict.entry("swift"), strict.entry("calm"))
    voter = strict.voter()
    conversation = await voter.begin()
    async with strict.database.unit_of_work() as work:
        await work.session.execute(text("INSERT INTO pause (since) VALUES (now())"))
    refused = await try_to_ask(voter, conversation)
    assert (refused.status, refused.body["code"]) == (503, "paused")
    assert "paused" in (await voter.call("GET", "/instance")).body["notices"]
    async with strict.database.unit_of_work() as work:
        await work.session.execute(text("DELETE FROM pause"))
    assert (await try_to_ask(voter, conversation)).status == 202


async def test_without_a_second_contestant_there_is_no_battle(strict: Arena) -> None:
    voter = strict.voter()
    conversation = await voter.begin()
    assert (await try_to_ask(voter, conversation)).body["code"] == "no_contestants"
    assert (await voter.call("GET", "/instance")).body["notices"] == ["no_contestants"]
    await strict.enter(strict.entry("alone"))
    refused = await try_to_ask(voter, conversation)
    assert (refused.status, refused.body["code"]) == (503, "too_few_contestants")
    assert (await voter.call("GET", "/instance")).body["notices"] == ["one_contestant"]
