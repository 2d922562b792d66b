"""Several processes on one database: what one runs, every other can follow, stop and vote on."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from tests.support.arena import Heard, begun, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.pair import Pair, running_pair

CUT = b"""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE query LIKE 'LISTEN%' AND datname = current_database()"""
ANSWER = 'Tall\tblue "skies" scatter\nshort waves (波) more \\n than \\t long ones. ' * 12
"""With all that stands for something in what the processes exchange."""


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[Pair]:
    async with running_pair(database_url) as pair:
        slow = Scenario(text=ANSWER, tokens_per_second=60)
        await pair.one.enter(*(pair.one.entry(slug, slow) for slug in ("swift", "calm")))
        yield pair


async def test_what_one_process_runs_is_followed_in_another(pair: Pair) -> None:
    here, there = await pair.voter()
    conversation = await here.begin()
    async with there.follow(conversation) as listener:
        await here.ask(conversation)
        heard = await listener.until(settled)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    assert len([event for event in heard if event.kind == "delta"]) > 4
    assert len(pair.one.provider.calls) == 2


async def test_a_reader_goes_on_in_another_process_without_a_gap(pair: Pair) -> None:
    here, there = await pair.voter()
    conversation = await here.begin()
    await here.ask(conversation)
    heard: list[Heard] = []
    for number in range(1000):
        async with (there, here)[number % 2].follow(
            conversation, heard[-1].id if heard else None
        ) as listener:
            came = await listener.until(lambda event: event.kind == "delta" or settled(event))
        heard += came
        if settled(came[-1]):
            break
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    assert len(pair.one.provider.calls) == 2


async def test_a_stop_reaches_the_process_that_runs_the_turn(pair: Pair) -> None:
    here, there = await pair.voter()
    conversation = await here.begin()
    asked = await here.ask(conversation)
    await here.hear(conversation, begun)
    stopped = await there.call("POST", f"/turns/{asked['id']}/stop")
    assert [one["status"] for one in stopped.body["responses"]] == ["stopped", "stopped"]
    for call in pair.one.provider.calls:
        async with asyncio.timeout(1):
            await call.over.wait()
        assert call.aborted


async def test_a_vote_is_told_to_readers_and_boards_of_every_process(pair: Pair) -> None:
    here, there = await pair.voter()
    conversation, asked = await here.battle()
    async with here.follow(conversation) as listener:
        await listener.until(settled)
        await there.vote(asked["battle_id"])
        await listener.until(lambda event: event.data.get("status") == "revealed")
    async with asyncio.timeout(5):
        while not any(row["votes"] for row in (await here.call("GET", "/boards/text")).body["rows"]):
            pass


async def test_readers_miss_nothing_when_the_line_between_the_processes_breaks(pair: Pair) -> None:
    def breaks() -> None:
        with psycopg.connect(pair.one.database.url, autocommit=True) as owner:
            owner.execute(CUT)

    heard = await pair.heard_over_a_break(breaks)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
