"""A running arena does its jobs by itself: nobody here asks for what is waited for."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from evenhand.accounts.idempotency import KEPT
from evenhand.app import housekeeping, scrubbing
from evenhand.battles import abandoned, erasing, held_votes, outages, seeds
from evenhand.core.clock import day_of
from evenhand.history import index
from tests.belongings.acts import delete, rows, until
from tests.support.arena import Arena, running_arena
from tests.support.watch import NOON, Watch

MOMENT = timedelta(seconds=1)


@pytest.fixture
async def busy(database_url: str, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Arena]:
    """An arena whose jobs hardly pause, and whose time is the test's."""
    for job in (abandoned, erasing, held_votes, outages, seeds, index, housekeeping, scrubbing):
        monkeypatch.setattr(job, "PAUSE", 0.05)
    for job in (housekeeping, scrubbing):
        monkeypatch.setattr(job, "AFTER", 0.0)
    async with running_arena(database_url, clock=watch) as running:
        await running.enter(running.entry("swift"), running.entry("calm"))
        yield running


async def test_of_a_deleted_chat_soon_not_a_word_is_left(busy: Arena) -> None:
    voter = busy.voter()
    chat, _ = await voter.battle()
    await busy.app.state.streams.flush()
    words = ("turn_part", "part", "stream_event WHERE kind = 'delta'")
    assert all([await rows(busy, f"SELECT FROM {table}") for table in words])
    assert await delete(voter, f"/conversations/{chat}") == 204
    for table in words:
        await until(busy, f"SELECT WHERE NOT EXISTS (SELECT FROM {table})")


async def test_a_held_vote_becomes_final(busy: Arena, watch: Watch) -> None:
    voter = busy.voter()
    _, asked = await voter.battle()
    body = {"choice": "a", "hold": 5}
    assert (await voter.call("POST", f"/battles/{asked['battle_id']}/vote", body)).status == 200
    watch.time += timedelta(seconds=6)
    await until(busy, "SELECT FROM battle WHERE status = 'revealed'")


async def test_a_battle_that_nobody_comes_back_to_is_recorded_as_abandoned(busy: Arena, watch: Watch) -> None:
    await busy.voter().battle()
    watch.time += abandoned.AFTER + MOMENT
    await until(busy, "SELECT FROM battle WHERE status = 'abandoned'")


async def test_a_contestant_that_answers_again_comes_back(busy: Arena) -> None:
    out = """INSERT INTO outage (id, configuration_id, error, began_at, probe_at, probes)
        SELECT gen_random_uuid(), id, 'failed', :now, :now, 0 FROM configuration LIMIT 1 RETURNING id"""
    assert await rows(busy, out, now=NOON)
    await until(busy, "SELECT FROM outage WHERE ended_at IS NOT NULL")


async def test_what_was_asked_can_soon_be_searched(busy: Arena) -> None:
    await busy.voter().battle()
    await until(busy, "SELECT FROM search_document")


async def test_the_seeds_of_today_and_tomorrow_are_there_before_anybody_asks(
    busy: Arena, watch: Watch
) -> None:
    watch.time += timedelta(days=5)
    for day in (day_of(watch.time), day_of(watch.time) + timedelta(days=1)):
        await until(busy, f"SELECT FROM draw_seed WHERE day = '{day}'")


async def test_what_nobody_needs_any_more_is_forgotten(busy: Arena, watch: Watch) -> None:
    voter = busy.voter()
    await voter.begin()
    prompt = {"name": "Explain", "text": "Explain {{what}}."}
    await voter.call("POST", "/prompts", prompt, headers={"Idempotency-Key": "once"})
    assert len(await rows(busy, "SELECT FROM idempotency")) == 1
    watch.time += KEPT + MOMENT
    await until(busy, "SELECT WHERE NOT EXISTS (SELECT FROM idempotency)")


async def test_what_was_deleted_leaves_the_disk(busy: Arena, watch: Watch) -> None:
    # Once everything was written, so that now it is for what is deleted.
    await until(busy, "SELECT FROM pg_class WHERE relname = 'turn_part' AND relfilenode <> oid")
    [[before]] = await rows(busy, "SELECT relfilenode FROM pg_class WHERE relname = 'turn_part'")
    voter = busy.voter()
    chat, _ = await voter.battle()
    assert await delete(voter, f"/conversations/{chat}") == 204
    watch.time += scrubbing.EVERY
    await until(busy, f"SELECT FROM pg_class WHERE relname = 'turn_part' AND relfilenode <> {before}")
