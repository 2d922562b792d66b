"""Contestants whose endpoints take only so many calls: battles wait for them, or are refused whole."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.configurations import Price
from tests.support.arena import Answered, Arena, Voter, running_arena, settled
from tests.support.fake_provider import Scenario

ONE = CallLimits(at_once=1)
TABLES = ("turn", "turn_part", "battle", "draw", "response", "attempt")


async def rows(arena: Arena) -> Any:
    counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
    async with arena.database.unit_of_work() as work:
        counters = "(SELECT sum(value) FROM draw_counter)"
        return (await work.session.execute(text(f"SELECT {counts}, {counters}"))).one()


async def attempts(arena: Arena, turn: str) -> Any:
    async with arena.database.unit_of_work() as work:
        found = await work.session.execute(
            text(
                "SELECT attempt.status, attempt.error, waited_ms, attempt.first_token_ms, cost_usd "
                "FROM attempt JOIN response ON response.id = response_id WHERE turn_id = :turn ORDER BY side"
            ),
            {"turn": turn},
        )
        return found.all()


async def ask(voter: Voter, conversation: str) -> Answered:
    body = {"parts": [{"type": "text", "text": "Why?"}]}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body)


async def asks_a_new_pair(voter: Voter) -> Callable[[], Awaitable[Answered]]:
    conversation = await voter.begin()
    return lambda: ask(voter, conversation)


async def asks_who_was_chosen(voter: Voter) -> Callable[[], Awaitable[Answered]]:
    conversation = await voter.begin("direct", "swift")
    return lambda: ask(voter, conversation)


async def goes_on(voter: Voter) -> Callable[[], Awaitable[Answered]]:
    conversation, _ = await voter.battle()
    return lambda: ask(voter, conversation)


@pytest.mark.parametrize("prepare", [asks_a_new_pair, asks_who_was_chosen, goes_on])
async def test_where_too_many_wait_a_question_is_refused_and_nothing_is_written(
    database_url: str, prepare: Callable[[Voter], Awaitable[Callable[[], Awaitable[Answered]]]]
) -> None:
    async with running_arena(database_url, queue_length=0) as arena:
        await arena.enter(arena.entry("swift", limits=ONE), arena.entry("calm", limits=ONE))
        voter = arena.voter()
        asks = await prepare(voter)
        stalls = Scenario(stall_after=1)
        arena.provider.scenarios |= {"swift-model": stalls, "calm-model": stalls}
        other, calls = arena.voter(), len(arena.provider.calls)
        conversation = await other.begin()
        await other.ask(conversation)
        await arena.provider.called(calls + 2)
        before = await rows(arena)
        refused = await asks()
        assert (refused.status, refused.body["code"]) == (503, "busy")
        assert int(refused.headers["Retry-After"]) > 0
        assert await rows(arena) == before
        stalls.released.set()
        await other.hear(conversation, settled)
        assert (await asks()).status == 202


async def test_a_retry_is_refused_like_a_question(database_url: str) -> None:
    async with running_arena(database_url, queue_length=0) as arena:
        stalls = Scenario(stall_after=1)
        await arena.enter(*(arena.entry(slug, stalls, limits=ONE) for slug in ("swift", "calm")))
        voter, other = arena.voter(), arena.voter()
        asked = await voter.ask(await voter.begin())
        await arena.provider.called(2)
        await voter.call("POST", f"/turns/{asked['id']}/stop")
        await other.ask(await other.begin())
        refused = await voter.call("POST", f"/turns/{asked['id']}/retry")
        assert (refused.status, refused.body["code"]) == (503, "busy")


async def test_who_has_no_room_is_not_drawn(database_url: str) -> None:
    async with running_arena(database_url, queue_length=0) as arena:
        full = arena.entry("full", Scenario(stall_after=1), limits=ONE)
        await arena.enter(full, arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        await voter.ask(await voter.begin("direct", "full"))
        await arena.provider.called()
        for _ in range(6):
            await voter.battle()
    assert sum(call.model == "full-model" for call in arena.provider.calls) == 1


async def test_no_battle_makes_more_calls_at_once_than_the_endpoint_takes(database_url: str) -> None:
    async with running_arena(database_url) as arena:
        slow = Scenario(text="fine", first_token_seconds=0.05)
        await arena.enter(*(arena.entry(slug, slow, limits=ONE) for slug in ("swift", "calm")))
        voters = [arena.voter() for _ in range(6)]
        battles = await asyncio.gather(*(voter.battle() for voter in voters))
        for voter, (conversation, _) in zip(voters, battles, strict=True):
            assert (await voter.read(conversation))["battles"][-1]["status"] == "ready"
        for model in ("swift-model", "calm-model"):
            calls = [call for call in arena.provider.calls if call.model == model]
            assert len(calls) == 6
            assert all(one.ended is not None and one.ended <= after.started for one, after in pairwise(calls))


async def test_a_question_stopped_while_it_waits_calls_nobody_and_costs_nothing(database_url: str) -> None:
    async with running_arena(database_url, queue_length=1) as arena:
        stalls = Scenario(text="fine and well", stall_after=1)
        price = Price(input=1, output=1)
        await arena.enter(*(arena.entry(slug, stalls, limits=ONE, price=price) for slug in ("swift", "calm")))
        first, second, third = arena.voter(), arena.voter(), arena.voter()
        running = await first.begin()
        await first.ask(running)
        await arena.provider.called(2)
        asked = await second.ask(await second.begin())
        assert (await ask(third, await third.begin())).body["code"] == "busy"
        stopped = await second.call("POST", f"/turns/{asked['id']}/stop")
        assert [one["status"] for one in stopped.body["responses"]] == ["stopped", "stopped"]
        waits = await third.begin()
        assert (await ask(third, waits)).status == 202
        stalls.released.set()
        await first.hear(running, settled)
        await third.hear(waits, settled)
        assert len(arena.provider.calls) == 4
        for one in await attempts(arena, asked["id"]):
            assert (one.status, one.first_token_ms, one.cost_usd) == ("stopped", None, 0)
            assert one.waited_ms is not None


async def test_who_waits_too_long_fails_as_overloaded(database_url: str) -> None:
    async with running_arena(database_url, queue_seconds=0.05) as arena:
        stalls = Scenario(stall_after=1)
        await arena.enter(arena.entry("swift", stalls, limits=ONE))
        voter = arena.voter()
        await voter.ask(await voter.begin("direct", "swift"))
        await arena.provider.called()
        waits = await voter.begin("direct", "swift")
        asked = await voter.ask(waits)
        await voter.hear(waits, settled)
        (one,) = await attempts(arena, asked["id"])
        assert (one.status, one.error, one.cost_usd) == ("failed", "overloaded", 0)
    assert len(arena.provider.calls) == 1
