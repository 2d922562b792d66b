"""Quotas: so many tokens a day by class of price, seen before they are used up, back at midnight UTC."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from evenhand.arenas import load_arenas
from evenhand.contestants.configurations import Price
from evenhand.contestants.price_classes import PriceClass, blended, class_of
from evenhand.gateway import prompt_tokens
from evenhand.gateway.tokens import count
from tests.support.arena import Answered, Arena, Voter, running_arena, settled
from tests.support.billing import ANSWER, FREE, HIGH, LOW, billing
from tests.support.fake_provider import Scenario
from tests.support.watch import Watch

QUESTION = "Why is the sky blue?"
MIDNIGHT = "2026-11-26T00:00:00Z"


@pytest.fixture
async def metered(database_url: str, watch: Watch) -> AsyncIterator[Arena]:
    """An arena with contestants of every class and a quota for two of them."""
    limits = {"guest_low_tokens_per_day": 5_000, "guest_high_tokens_per_day": 1_000, "daily_budget_usd": 1e6}
    more = {"voter_low_tokens_per_day": 5_000, "voter_high_tokens_per_day": 4_000}
    async with running_arena(database_url, clock=watch, **limits, **more) as arena:
        await arena.enter(
            billing(arena, "gift", None, 100_000),
            billing(arena, "cheap", LOW, 3_000),
            billing(arena, "dear", HIGH, 700),
        )
        yield arena


async def left(voter: Voter) -> dict[str, int]:
    return {one["price_class"]: one["left"] for one in (await voter.call("GET", "/me")).body["quotas"]}


async def ask(voter: Voter, conversation: str, **more: Any) -> Answered:
    body = {"parts": [{"type": "text", "text": QUESTION}], **more}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body)


async def answered(voter: Voter, conversation: str) -> Answered:
    """Asks, and waits for the answers."""
    asked = await ask(voter, conversation)
    if asked.status == 202:
        await voter.hear(conversation, settled)
    return asked


async def test_who_asks_by_name_uses_what_is_billed_in_the_class_of_the_dearest(metered: Arena) -> None:
    voter = metered.voter()
    assert await left(voter) == {"low": 5_000, "high": 1_000}
    await answered(voter, await voter.begin("direct", "gift"))
    assert await left(voter) == {"low": 5_000, "high": 1_000}
    await answered(voter, await voter.begin("direct", "cheap"))
    assert await left(voter) == {"low": 2_000, "high": 1_000}
    await answered(voter, await voter.begin("direct", "dear"))
    assert await left(voter) == {"low": 2_000, "high": 300}
    await answered(voter, await voter.begin("side_by_side", "gift", "dear"))
    assert await left(voter) == {"low": 2_000, "high": 0}


async def test_a_battle_counts_what_one_sees_in_the_class_of_the_dearest_of_all(metered: Arena) -> None:
    voter = metered.voter()
    conversation, _ = await voter.battle(QUESTION)
    seen = 2 * (prompt_tokens([QUESTION]) + count(ANSWER))
    assert await left(voter) == {"low": 5_000, "high": 1_000 - seen}
    await answered(voter, conversation)
    again = 2 * (prompt_tokens([QUESTION, ANSWER, QUESTION]) + count(ANSWER))
    assert await left(voter) == {"low": 5_000, "high": 1_000 - seen - again}


async def test_what_is_used_up_is_refused_with_the_time_of_its_return(metered: Arena, watch: Watch) -> None:
    voter = metered.voter()
    conversation = await voter.begin("direct", "dear")
    for _ in range(2):
        await answered(voter, conversation)
    [low, high] = (await voter.call("GET", "/me")).body["quotas"]
    assert (low["more_signed_in"], high["more_signed_in"]) == (False, True)
    assert high | {"more_signed_in": True} == {
        "price_class": "high",
        "limit": 1_000,
        "left": 0,
        "back_at": MIDNIGHT,
        "more_signed_in": True,
    }
    refused = await ask(voter, conversation)
    assert (refused.status, refused.body["code"]) == (429, "quota_reached")
    assert (refused.body["limit"], refused.body["price_class"]) == (1_000, "high")
    assert refused.body["retry_at"] == "2026-11-26T00:00:00+00:00"
    assert refused.headers["Retry-After"] == str(12 * 3600 + 1)
    assert (await ask(voter, await voter.begin())).body["code"] == "quota_reached"
    assert (await ask(voter, await voter.begin("direct", "cheap"))).status == 202
    assert (await ask(metered.voter(), await metered.voters[-1].begin("direct", "dear"))).status == 202
    watch.time += timedelta(hours=12)
    assert (await left(voter))["high"] == 1_000
    assert (await ask(voter, conversation)).status == 202


async def test_a_refused_question_draws_nobody(metered: Arena) -> None:
    voter = metered.voter()
    conversation = await voter.begin("direct", "dear")
    for _ in range(2):
        await answered(voter, conversation)
    assert (await ask(voter, await voter.begin())).body["code"] == "quota_reached"
    async with metered.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(*) FROM draw")) == 0


async def test_a_hundred_questions_at_once_use_no_more_than_what_runs_at_once(database_url: str) -> None:
    sampling = load_arenas()["text"].sampling
    most = prompt_tokens([QUESTION]) + sampling.max_output_tokens + sampling.max_reasoning_tokens
    settings = {"guest_high_tokens_per_day": 2 * most + 1, "guest_turns_at_once": 100}
    async with running_arena(database_url, daily_budget_usd=1e6, **settings) as arena:
        await arena.enter(arena.entry("dear", Scenario(stall_after=1), price=HIGH))
        voter = arena.voter()
        conversations = [await voter.begin("direct", "dear") for _ in range(100)]
        answers = await asyncio.gather(*(ask(voter, one) for one in conversations))
        assert Counter((one.status, one.body.get("code")) for one in answers) == {
            (202, None): 3,
            (429, "quota_running"): 97,
        }
        assert (await left(voter))["high"] == 2 * most + 1
        arena.provider.scenarios["dear-model"].released.set()


async def test_who_signed_in_has_the_quota_of_a_voter_for_what_the_guest_used(
    database_url: str, watch: Watch
) -> None:
    settings = {"guest_high_tokens_per_day": 1_000, "voter_high_tokens_per_day": 4_000}
    async with running_arena(database_url, clock=watch, **settings) as arena:
        await arena.enter(billing(arena, "dear", HIGH, 700))
        voter = arena.voter()
        await answered(voter, await voter.begin("direct", "dear"))
        assert await left(voter) == {"high": 300}
        async with arena.database.unit_of_work() as work:
            await work.session.execute(text("UPDATE account SET kind = 'voter'"))
        assert await left(voter) == {"high": 3_300}
        [quota] = (await voter.call("GET", "/me")).body["quotas"]
        assert quota["more_signed_in"] is False


async def test_where_there_is_no_quota_nothing_is_counted(arena: Arena) -> None:
    await arena.enter(billing(arena, "dear", HIGH, 700), billing(arena, "cheap", LOW, 700))
    voter = arena.voter()
    await voter.battle()
    assert (await voter.call("GET", "/me")).body["quotas"] == []
    async with arena.database.unit_of_work() as work:
        assert await work.session.scalar(text("SELECT count(price_class) FROM turn")) == 0


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (None, "free"),
        (FREE, "free"),
        (LOW, "low"),
        (Price(input=1, output=4.99), "low"),
        (Price(input=1, output=5), "high"),
        (HIGH, "high"),
    ],
)
def test_three_tokens_are_read_for_one_that_is_written(price: Price | None, expected: PriceClass) -> None:
    assert class_of(blended(price), 2.0) == expected
