"""The database goes away for a while: no acknowledged vote is lost, and the arena comes back by itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.faults.history import History
from tests.support.arena import Arena, Voter, begun, running_arena, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.fault_proxy import FaultProxy

ANSWER = "word " * 100
VOTERS = 8


class Apart(NamedTuple):
    """An arena whose database is behind a line that can be cut."""

    arena: Arena
    line: FaultProxy


@pytest.fixture
async def apart(database_url: str) -> AsyncIterator[Apart]:
    parts = urlsplit(database_url)
    query = parse_qs(parts.query)
    socket = f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}"
    async with FaultProxy(socket) as line:
        url = f"postgresql://{parts.username}@127.0.0.1:{line.port}{parts.path}"
        async with running_arena(url) as arena:
            yield Apart(arena, line)


async def vote_until_it_is_taken(voter: Voter, battle: str, choice: str, history: History) -> int:
    """How often it was told that the database is away."""
    refused = 0
    while True:
        answered = await voter.vote(battle, choice)
        if answered.status == 200:
            assert answered.body["vote"]["choice"] == choice
            history.acknowledged[battle] = choice
            return refused
        assert (answered.status, answered.body["code"]) == (503, "unavailable")
        assert answered.headers["Retry-After"] == "5"
        refused += 1


async def test_votes_that_are_cast_meanwhile_are_each_taken_once(apart: Apart, database_url: str) -> None:
    await apart.arena.enter(apart.arena.entry("swift"), apart.arena.entry("calm"))
    history = History()
    voters = [apart.arena.voter() for _ in range(VOTERS)]
    battles = [(await voter.battle())[1]["battle_id"] for voter in voters]
    apart.line.away = True
    apart.line.break_all()
    voting = [
        asyncio.create_task(vote_until_it_is_taken(voter, battle, choice, history))
        for voter, battle, choice in zip(voters, battles, ["a", "b", "tie", "both_bad"] * 2, strict=True)
    ]
    refused = await voters[0].call("GET", "/health")
    assert refused.status == 503
    apart.line.away = False
    assert sum(await asyncio.gather(*voting)) > 0
    assert len(history.acknowledged) == VOTERS
    await history.check(database_url)


async def test_answers_that_run_meanwhile_come_to_their_end_whole(apart: Apart, database_url: str) -> None:
    slow = Scenario(text=ANSWER, stall_after=50)
    await apart.arena.enter(apart.arena.entry("swift", slow), apart.arena.entry("calm", slow))
    voter = apart.arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, begun)
    apart.line.away = True
    apart.line.break_all()
    assert (await voter.call("GET", "/health")).status == 503
    slow.released.set()  # both answers end while the database is away
    apart.line.away = False
    heard = await voter.hear(conversation, settled)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    history = History()
    await vote_until_it_is_taken(voter, asked["battle_id"], "a", history)
    await history.check(database_url)
