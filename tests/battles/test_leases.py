"""Leases: who runs an answer says so again and again, and nobody ends what somebody runs."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import NamedTuple

import psycopg
import pytest

from evenhand.battles import reaper
from evenhand.battles.reaper import Reach
from evenhand.battles.responses import LEASE
from tests.support.arena import Arena, Voter, begun, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.pair import running_pair
from tests.support.process import lapse_leases
from tests.support.watch import NOON

ANSWER = "Tall blue skies scatter short waves more than long ones."
SECOND = timedelta(seconds=1)


class Asked(NamedTuple):
    """A question whose answers are under way in one of two processes; their leases have run out."""

    owner: Arena
    other: Arena
    scenario: Scenario
    reader: Voter
    conversation: str

    async def come_whole(self) -> None:
        """Holds that the answers do, once the models go on."""
        self.scenario.released.set()
        heard = await self.reader.hear(self.conversation, settled)
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
        assert heard[-1].data["status"] == "ready"


@pytest.fixture
async def asked(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Asked]:
    monkeypatch.setattr(reaper, "PAUSE", 3600)  # they look when they are told to
    monkeypatch.setattr(reaper, "LEASE", timedelta(0))  # and have seen the database for long enough
    async with running_pair(database_url) as pair:
        slow = Scenario(text=ANSWER, stall_after=4)
        await pair.one.enter(*(pair.one.entry(slug, slow) for slug in ("swift", "calm")))
        here, there = await pair.voter()
        conversation = await here.begin()
        await here.ask(conversation)
        await here.hear(conversation, begun)
        await lapse_leases(database_url)
        yield Asked(pair.one, pair.other, slow, there, conversation)


async def sweep(arena: Arena) -> None:
    await arena.app.state.runner.sweep()


async def waits_for(connection: psycopg.AsyncConnection[tuple[int]], database_url: str) -> None:
    """Waits until somebody waits for what a transaction has locked."""
    pid = connection.info.backend_pid
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as watching:
        async with asyncio.timeout(10):
            while True:
                found = await watching.execute(
                    "SELECT FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))", (pid,)
                )
                if found.rowcount:
                    return
                await asyncio.sleep(0.02)


async def test_an_answer_whose_lease_nobody_renews_is_ended_by_another_process(asked: Asked) -> None:
    await sweep(asked.other)
    [turn] = (await asked.reader.read(asked.conversation))["turns"]
    assert [one["error"] for one in turn["responses"]] == ["interrupted", "interrupted"]


async def test_an_answer_whose_owner_renews_its_lease_comes_whole(asked: Asked) -> None:
    await sweep(asked.owner)
    await sweep(asked.other)
    await asked.come_whole()


async def test_a_renewal_while_another_process_is_about_to_end_the_answer_saves_it(
    asked: Asked, database_url: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database_url) as renewing:
        await renewing.execute("UPDATE attempt SET lease_until = DEFAULT")
        sweeping = asyncio.create_task(sweep(asked.other))  # finds them as they were before
        await waits_for(renewing, database_url)
    await sweeping
    await asked.come_whole()


def test_a_process_that_has_just_started_ends_nothing_before_a_lease_is_over() -> None:
    reach = Reach()
    lasts = [reach.lasts(NOON + seconds * SECOND) for seconds in range(0, 31, 5)]
    assert lasts == [False, False, False, False, True, True, True]


@pytest.mark.parametrize("jump", [LEASE / 2 + SECOND, timedelta(hours=1), -SECOND], ids=str)
def test_a_gap_or_a_clock_that_jumps_begins_the_lease_anew(jump: timedelta) -> None:
    reach = Reach()
    for seconds in range(0, 31, 5):
        reach.lasts(NOON + seconds * SECOND)
    after = NOON + 30 * SECOND + jump
    assert [reach.lasts(after + seconds * SECOND) for seconds in range(0, 21, 5)] == [False] * 4 + [True]
