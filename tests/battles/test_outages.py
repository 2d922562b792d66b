"""A contestant whose calls keep failing is not drawn until a probe of it is answered."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from evenhand.battles.outages import FAILURES, FIRST_PROBE, WITHIN, Probes
from evenhand.contestants.tables import OutageRow
from evenhand.gateway import Gateway
from tests.support.arena import Arena, Voter, running_arena, settled
from tests.support.fake_provider import Scenario
from tests.support.watch import Watch

CUT = 2_000
"""Bytes after which the broken contestant's answers end."""


@pytest.fixture
async def three(database_url: str, watch: Watch) -> AsyncIterator[tuple[Arena, Scenario]]:
    """An arena with three contestants, one of which breaks off each time."""
    async with running_arena(database_url, clock=watch) as arena:
        broken = Scenario(text="word " * 100, cut_after_bytes=CUT)
        await arena.enter(arena.entry("swift"), arena.entry("calm"), arena.entry("broken", broken))
        yield arena, broken


async def outages(arena: Arena) -> list[OutageRow]:
    async with arena.database.unit_of_work() as work:
        return list(await work.session.scalars(select(OutageRow)))


def calls_of(arena: Arena, slug: str) -> int:
    return sum(call.model.startswith(slug) for call in arena.provider.calls)


async def until_it_is_out(arena: Arena, voter: Voter) -> None:
    while not await outages(arena):
        assert calls_of(arena, "broken") <= FAILURES
        await voter.battle()


async def test_after_so_many_failures_it_is_not_drawn_any_more(three: tuple[Arena, Scenario]) -> None:
    arena, _ = three
    voter = arena.voter()
    await until_it_is_out(arena, voter)
    called = calls_of(arena, "broken")
    assert called == FAILURES
    for _ in range(8):
        await voter.battle()
    assert calls_of(arena, "broken") == called


async def test_failures_far_apart_do_not_count_together(three: tuple[Arena, Scenario], watch: Watch) -> None:
    arena, _ = three
    voter = arena.voter()
    while calls_of(arena, "broken") < FAILURES + 2:
        await voter.battle()
        watch.time += WITHIN / (FAILURES - 1)
    assert await outages(arena) == []


async def test_a_probe_that_is_answered_brings_it_back(three: tuple[Arena, Scenario], watch: Watch) -> None:
    arena, broken = three
    voter = arena.voter()
    await until_it_is_out(arena, voter)
    broken.cut_after_bytes, broken.status, broken.fail_times = None, 401, 1
    async with Gateway() as gateway:
        probes = Probes(arena.database, gateway, watch)
        watch.time += FIRST_PROBE
        await probes.probe()
        [outage] = await outages(arena)
        assert outage.ended_at is None  # it was asked and refused, so the next probe waits longer
        assert outage.probe_at == watch.time + 2 * FIRST_PROBE
        watch.time += 2 * FIRST_PROBE + timedelta(seconds=1)
        await probes.probe()
    [outage] = await outages(arena)
    assert outage.ended_at == watch.time
    called = calls_of(arena, "broken")
    while calls_of(arena, "broken") == called:
        await voter.battle()


async def test_where_too_few_are_left_the_voter_is_told_so(three: tuple[Arena, Scenario]) -> None:
    arena, broken = three
    for slug in ("swift", "calm"):
        arena.provider.scenarios[f"{slug}-model"] = broken
    voter = arena.voter()
    for _ in range(2 * FAILURES):
        conversation = await voter.begin()
        body = {"parts": [{"type": "text", "text": "Why?"}]}
        answered = await voter.call("POST", f"/conversations/{conversation}/turns", body)
        if answered.status != 202:
            break
        await voter.hear(conversation, settled)
    assert (answered.status, answered.body["code"]) == (503, "contestants_unavailable")
    assert answered.headers["Retry-After"] == "30"
