"""Each day's seed: there a day ahead while the arena runs, and in any case before the day's first draw."""

from datetime import date, timedelta

from sqlalchemy import select

from evenhand.battles.seeds import Seeds
from evenhand.battles.tables import DrawRow, DrawSeedRow
from evenhand.core.clock import day_of
from tests.support.arena import Arena
from tests.support.watch import NOON, Watch

TODAY = day_of(NOON)


async def seeds(arena: Arena) -> dict[date, bytes]:
    async with arena.database.unit_of_work() as work:
        rows = await work.session.execute(select(DrawSeedRow.day, DrawSeedRow.seed))
        return {row.day: row.seed for row in rows}


async def test_an_arena_that_runs_for_weeks_draws_on_every_day(timed: Arena, watch: Watch) -> None:
    voter = timed.voter()
    for _ in range(3):
        await voter.battle()
        await voter.battle()
        watch.time += timedelta(days=5)
    async with timed.database.unit_of_work() as work:
        drawn = (await work.session.execute(select(DrawRow.day, DrawRow.counter))).all()
    days = [TODAY + timedelta(days=5 * number) for number in range(3)]
    assert sorted(map(tuple, drawn)) == [(day, counter) for day in days for counter in (1, 2)]


async def test_tomorrows_seed_is_made_today_and_never_changes(timed: Arena, watch: Watch) -> None:
    known = await seeds(timed)
    assert set(known) == {TODAY, TODAY + timedelta(days=1)}
    job = Seeds(timed.database, watch)
    for _ in range(3):
        watch.time += timedelta(days=1)
        await job.prepare()
    later = await seeds(timed)
    assert set(later) == {TODAY + timedelta(days=number) for number in range(5)}
    assert later.items() >= known.items()
    assert len(set(later.values())) == 5
