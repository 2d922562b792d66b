"""The database goes away for a while: no acknowledged vote is lost, and the arena comes back by itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import NamedTuple

import psycopg
import pytest

from evenhand.battles import reaper
from evenhand.battles.reaper import Reach
from evenhand.core import tasks
from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Arena, Voter, begun, running_arena, text_of
from tests.support.fake_provider import Scenario
from tests.support.fault_proxy import FaultProxy, line_to

ANSWER = "word " * 100
BACK = 5
"""Seconds until it is used again, once it is there again."""
SHORT_LEASE = timedelta(seconds=2)


class Apart(NamedTuple):
    """An arena whose database is behind a line that can be cut."""

    arena: Arena
    line: FaultProxy

    async def go_without(self, voter: Voter, away: timedelta = SIZES.away) -> None:
        """Take the database away for a while; whoever asks meanwhile is told so, and when to come again."""
        self.line.away = True
        self.line.break_all()
        over = asyncio.get_running_loop().time() + away.total_seconds()
        while True:
            refused = await voter.call("GET", "/conversations")
            assert (refused.status, refused.body["code"]) == (503, "unavailable")
            assert refused.headers["Retry-After"] == "5"
            if asyncio.get_running_loop().time() > over:
                return

    async def come_back(self, voter: Voter) -> None:
        self.line.away = False
        async with asyncio.timeout(BACK):
            while (await voter.call("GET", "/conversations")).status != 200:
                pass


@pytest.fixture
async def apart(database_url: str) -> AsyncIterator[Apart]:
    async with line_to(database_url) as (line, url), running_arena(url) as arena:
        yield Apart(arena, line)


Looks = dict[Reach, list[bool]]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Looks:
    """Short leases; and every look of every process at them, whether it ends what has lapsed."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "ALTER TABLE attempt ALTER COLUMN lease_until SET DEFAULT now() + interval '2 seconds'"
        )
    monkeypatch.setattr(reaper, "LEASE", SHORT_LEASE)
    monkeypatch.setattr(reaper, "PAUSE", SHORT_LEASE.total_seconds() / 8)
    monkeypatch.setattr(tasks, "LONGEST_PAUSE", SHORT_LEASE.total_seconds() / 8)
    looks: Looks = {}
    lasts = Reach.lasts

    def noted(reach: Reach, now: datetime) -> bool:
        looks.setdefault(reach, []).append(lasts(reach, now))
        return looks[reach][-1]

    monkeypatch.setattr(Reach, "lasts", noted)
    return looks


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def vote_until_it_is_taken(
    voter: Voter, battle: str, choice: str, history: History, back: asyncio.Event
) -> int:
    """How often it was told that the database is away; the first time it waits until that is over."""
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
        await back.wait()


async def test_votes_that_are_cast_meanwhile_are_each_taken_once(apart: Apart, database_url: str) -> None:
    await apart.arena.enter(apart.arena.entry("swift"), apart.arena.entry("calm"))
    history, back = History(), asyncio.Event()
    voters = [apart.arena.voter() for _ in range(SIZES.away_battles)]
    battles = [(await voter.battle())[1]["battle_id"] for voter in voters]
    choices = cycle(["a", "b", "tie", "both_bad"])
    voting = [
        asyncio.create_task(vote_until_it_is_taken(voter, battle, choice, history, back))
        for voter, battle, choice in zip(voters, battles, choices, strict=False)
    ]
    await apart.go_without(voters[0])
    back.set()
    await apart.come_back(voters[0])
    assert sum(await asyncio.gather(*voting)) > 0
    assert len(history.acknowledged) == SIZES.away_battles
    await history.check(database_url, voters[0])


async def test_answers_that_run_meanwhile_come_to_their_end_whole(apart: Apart, database_url: str) -> None:
    slow = Scenario(text=ANSWER, stall_after=50)
    await apart.arena.enter(apart.arena.entry("swift", slow), apart.arena.entry("calm", slow))
    history, back = History(), asyncio.Event()
    voters = [apart.arena.voter() for _ in range(SIZES.away_battles)]
    running = []
    for voter in voters:
        conversation = await voter.begin()
        running.append((voter, conversation, (await voter.ask(conversation))["battle_id"]))
    for voter, conversation, _ in running:
        await voter.hear(conversation, begun)
    slow.released.set()  # all answers end while the database is away
    await apart.go_without(voters[0])
    back.set()
    await apart.come_back(voters[0])
    for voter, conversation, battle in running:
        heard = await voter.hear_through(conversation)  # what broke sends readers back
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        await vote_until_it_is_taken(voter, battle, "a", history, back)
    await history.check(database_url, voters[0])
    assert len((await voters[0].call("GET", "/conversations")).body["items"]) == 1


async def test_no_process_ends_what_another_runs_when_the_database_was_away_for_longer_than_a_lease(
    database_url: str, looks: Looks
) -> None:
    def both_end() -> bool:
        return [looked[-1] for looked in looks.values()] == [True, True]

    slow = Scenario(text=ANSWER, stall_after=50)
    async with (
        line_to(database_url) as (line, url),
        line_to(database_url) as (late, other_url),
        running_arena(url) as one,
        running_arena(other_url) as other,
    ):
        await one.enter(one.entry("swift", slow), one.entry("calm", slow))
        voter = other.voter()
        conversation = await voter.begin()
        battle = (await voter.ask(conversation))["battle_id"]
        await voter.hear(conversation, begun)
        await until(both_end)
        line.away = True
        line.break_all()
        await Apart(other, late).go_without(voter, 1.5 * SHORT_LEASE)
        looks.clear()
        line.away = False
        await until(lambda: [len(looked) > 1 for looked in looks.values()] == [True])  # and the other none
        await Apart(other, late).come_back(voter)
        await until(both_end)
        slow.released.set()
        heard = await voter.hear_through(conversation)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        assert (await voter.vote(battle)).status == 200
