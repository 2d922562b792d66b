"""A turn whose calls wait for their endpoints says so: the turn, never a side of it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from evenhand.battles import in_line
from evenhand.battles.pacing import Rhythm
from evenhand.contestants.call_limits import CallLimits
from tests.support.arena import Arena, Heard, Voter, running_arena, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.pair import running_pair

ONE = CallLimits(at_once=1)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_line, "SHORTLY", 0.05)


@asynccontextmanager
async def taken(arena: Arena, *slugs: str) -> AsyncIterator[Callable[[], None]]:
    """These take one call at a time, and somebody else's has begun; the block gets what lets it end."""
    stalls = Scenario(text="One two three four five.", stall_after=1)
    before = len(arena.provider.calls)
    rest = [arena.entry(slug) for slug in ("swift", "calm") if slug not in slugs]
    await arena.enter(*(arena.entry(slug, stalls, limits=ONE) for slug in slugs), *rest)
    for number, slug in enumerate(slugs, start=1):
        other = arena.voter()
        await other.ask(await other.begin("direct", slug))
        await arena.provider.called(before + number)
    yield stalls.released.set


def stands_in_line(event: Heard) -> bool:
    return event.kind == "battle" and event.data.get("in_line") is True


def times(wanted: int) -> Callable[[Heard], bool]:
    """A turn that stands in line has said so so often."""
    heard: list[Heard] = []

    def so_often(event: Heard) -> bool:
        heard.extend([event] if stands_in_line(event) else [])
        return len(heard) == wanted

    return so_often


async def time_passes(arena: Arena, slug: str) -> None:
    """Until somebody who asked a contestant just now, and stands in line there, has been told so twice."""
    other = arena.voter()
    conversation = await other.begin("direct", slug)
    async with other.follow(conversation) as listener:
        await other.ask(conversation)
        await listener.until(times(2))


def what_was_said(heard: Sequence[Heard]) -> list[str]:
    """The events in short, repetitions made one."""
    said = [
        "in line" if stands_in_line(event) else event.data.get("side", event.data["status"])
        for event in heard
        if event.kind != "delta"
    ]
    return [one for number, one in enumerate(said) if said[number - 1 : number] != [one]]


async def hear_a_turn(
    voter: Voter, conversation: str, wanted: Callable[[Heard], bool], then: Callable[[], None]
) -> list[Heard]:
    """All that is told of a question: until an event is as wanted, then something is done, and to its end."""
    async with voter.follow(conversation) as listener:
        await voter.ask(conversation)
        await listener.until(wanted)
        then()
        return await listener.until(settled)


@pytest.mark.parametrize("slugs", [["swift"], ["calm"], ["swift", "calm"]])
async def test_a_battle_stands_in_line_as_a_whole_until_all_its_calls_have_begun(
    arena: Arena, slugs: list[str]
) -> None:
    async with taken(arena, *slugs) as let_go:
        voter = arena.voter()
        heard = await hear_a_turn(voter, await voter.begin(), times(3), let_go)
    assert what_was_said(heard)[:5] == ["a", "b", "running", "in line", "running"]
    said = [number for number, one in enumerate(heard) if stands_in_line(one)]
    assert {one.kind for one in heard[said[0] : said[-1] + 2]} == {"battle"}
    assert all(text_of(heard, side) for side in "ab")


async def test_a_blind_battle_stands_in_line_until_its_first_words_for_the_call_would_tell_who_waited(
    database_url: str,
) -> None:
    for_ever = Rhythm(tick=0.002, hold=1000)
    async with running_arena(database_url, rhythm=for_ever) as arena, taken(arena, "swift") as let_go:
        voter = arena.voter()
        conversation = await voter.begin()
        async with voter.follow(conversation) as listener:
            await voter.ask(conversation)
            await listener.until(stands_in_line)
            thinks = arena.provider.scenarios["swift-model"] = Scenario(text="late", stall_after=0)
            let_go()
            await arena.provider.called(3)
            heard = await listener.until(times(2))
            assert {one.kind for one in heard} <= {"battle", "response"}
            thinks.released.set()
            heard = await listener.until(settled)
    last = max(number for number, one in enumerate(heard) if stands_in_line(one))
    assert [one.kind for one in heard[last + 1 : last + 3]] == ["battle", "delta"]


async def test_a_turn_whose_calls_begin_at_once_says_nothing_however_long_it_takes(arena: Arena) -> None:
    slow = Scenario(text="fine", first_token_seconds=0.3)
    await arena.enter(*(arena.entry(slug, slow, limits=ONE) for slug in ("swift", "calm")))
    voter = arena.voter()
    heard = await hear_a_turn(voter, await voter.begin(), lambda event: True, lambda: None)
    assert not any(map(stands_in_line, heard))


@pytest.mark.parametrize("names", [("direct", "swift"), ("side_by_side", "swift", "calm")])
async def test_who_asks_by_name_is_told_too(arena: Arena, names: tuple[str, ...]) -> None:
    async with taken(arena, "swift") as let_go:
        voter = arena.voter()
        heard = await hear_a_turn(voter, await voter.begin(*names), stands_in_line, let_go)
    assert "in_line" not in heard[-1].data
    assert [one.data.get("in_line") for one in heard if one.kind == "battle"][1:3] == [True, None]


async def test_a_side_that_fails_while_the_turn_stands_in_line_is_told_of_after_it(arena: Arena) -> None:
    async with taken(arena, "swift") as let_go:
        arena.provider.scenarios["calm-model"] = Scenario(fail_times=99, status=400)
        voter = arena.voter()
        heard = await hear_a_turn(voter, await voter.begin(), times(4), let_go)
    assert len(arena.provider.calls) == 3
    failed = [one.data.get("status") == "failed" for one in heard].index(True)
    assert max(number for number, one in enumerate(heard) if stands_in_line(one)) < failed
    assert all("in_line" not in one.data for one in heard[failed:])


async def test_a_question_stopped_in_line_is_told_to_be_out_of_it(arena: Arena) -> None:
    async with taken(arena, "swift", "calm"):
        voter = arena.voter()
        conversation = await voter.begin()
        async with voter.follow(conversation) as listener:
            asked = await voter.ask(conversation)
            await listener.until(stands_in_line)
            await voter.call("POST", f"/turns/{asked['id']}/stop")
            heard = await listener.until(settled)
    *said, first, second, last = what_was_said(heard)[3:]
    assert said == ["in line", "running"]
    # Either may be the first to have ended.
    assert {first, second} == {"a", "b"}
    assert last == "ready"


async def test_an_arena_without_pacing_does_not_tell_for_words_would_say_which_side_waits(
    database_url: str,
) -> None:
    async with running_arena(database_url, pacing=False) as arena, taken(arena, "swift") as let_go:
        voter = arena.voter()
        conversation = await voter.begin()
        async with voter.follow(conversation) as listener:
            await voter.ask(conversation)
            await time_passes(arena, "swift")
            let_go()
            heard = await listener.until(settled)
    assert not any(map(stands_in_line, heard))


async def test_a_side_that_is_tried_again_alone_is_not_told_to_wait(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(fail_times=1, status=400)), arena.entry("calm"))
    voter = arena.voter()
    conversation, asked = await voter.battle()
    async with taken(arena, "swift") as let_go, voter.follow(conversation) as listener:
        await listener.until(settled)
        assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 202
        await time_passes(arena, "swift")
        let_go()
        heard = await listener.until(lambda event: event.data.get("status") == "ready")
    assert not any(map(stands_in_line, heard))


async def test_who_comes_back_or_reads_at_another_process_hears_it_again(database_url: str) -> None:
    async with running_pair(database_url) as pair, taken(pair.one, "swift") as let_go:
        here, there = await pair.voter()
        conversation = await here.begin()
        await here.ask(conversation)
        await here.hear(conversation, stands_in_line)
        # Whoever reads at the other process has the number of what is stored, so that all before it is.
        for reader in (here, there):
            heard = await reader.hear(conversation, stands_in_line)
            assert stands_in_line(heard[-1])
        async with there.follow(conversation, heard[-1].id) as listener:
            state = [
                *await listener.until(lambda event: event.kind == "battle" and not stands_in_line(event))
            ]
            await listener.until(stands_in_line)
            let_go()
            heard = await listener.until(settled)
    assert not stands_in_line(state[-1])
    assert what_was_said(heard[len(state) :])[:2] == ["in line", "running"]
