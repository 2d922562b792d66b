"""What nobody needs any more is forgotten, and nobody who reads notices."""

from datetime import UTC, datetime

from sqlalchemy import text

from evenhand.app.housekeeping import Housekeeping
from tests.support.arena import Arena, Heard, Voter, begun, settled, text_of
from tests.support.fake_provider import Scenario


async def age(arena: Arena, minutes: int) -> None:
    await arena.app.state.streams.flush()
    async with arena.database.unit_of_work() as work:
        older = text("UPDATE stream_event SET stored_at = stored_at - make_interval(mins => :minutes)")
        await work.session.execute(older, {"minutes": minutes})


async def tidy(arena: Arena) -> int:
    """How many told events are left after a round."""
    await arena.app.state.streams.flush()
    await Housekeeping(arena.database, lambda: datetime.now(UTC)).tidy()
    async with arena.database.unit_of_work() as work:
        return int(await work.session.scalar(text("SELECT count(*) FROM stream_event")) or 0)


async def heard_in(voter: Voter, conversation: str, after: int | None = None) -> list[Heard]:
    async with voter.follow(conversation, after) as listener:
        return await listener.until(settled)


async def test_told_events_are_forgotten_after_an_hour_and_readers_hear_the_state(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text="one two three")),
        arena.entry("calm", Scenario(text="one two three")),
    )
    voter = arena.voter()
    conversation, _ = await voter.battle()
    last = (await heard_in(voter, conversation))[-1].id
    await age(arena, 61)
    await voter.battle()  # something newer
    left = await tidy(arena)
    again = await heard_in(voter, conversation, last - 1)
    assert text_of(again, "a") == text_of(again, "b") == "one two three"
    await age(arena, 59)
    assert await tidy(arena) == left


async def test_what_a_running_answer_has_told_is_kept(arena: Arena) -> None:
    stalls = Scenario(text="one two three four", stall_after=3)
    await arena.enter(arena.entry("swift", stalls), arena.entry("calm", stalls))
    voter = arena.voter()
    conversation = await voter.begin()
    await voter.ask(conversation)
    await voter.hear(conversation, begun)
    await age(arena, 61)
    before = await tidy(arena)
    assert before
    assert await tidy(arena) == before
