"""Following a conversation: a reload goes on where it was, whatever the moment, without asking again."""

import asyncio
import random
from typing import Any

import pytest

from evenhand.battles import follow
from evenhand.storage.subscriptions import Stored
from tests.support.arena import Arena, Heard, begun, running_arena, settled, text_of
from tests.support.fake_provider import Scenario

ANSWER = "Zwölf Boxkämpfer 🥊 jagen Viktor. " * 12


async def test_a_reload_in_the_middle_goes_on_without_a_second_call(arena: Arena) -> None:
    swift, calm = Scenario(text=ANSWER, stall_after=20), Scenario(text=ANSWER, stall_after=9)
    await arena.enter(arena.entry("swift", swift), arena.entry("calm", calm))
    voter = arena.voter()
    conversation = await voter.begin()
    await voter.ask(conversation)
    await voter.hear(conversation, begun)
    async with voter.follow(conversation) as listener:
        first = await listener.until(lambda event: event.kind == "battle")
        assert all(event.data["offset"] == 0 for event in first if event.kind == "delta")
        for scenario in (swift, calm):
            scenario.released.set()
        heard = await listener.until(settled)
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    assert len(arena.provider.calls) == 2


async def test_every_reconnection_with_the_last_id_misses_nothing(arena: Arena) -> None:
    speed = Scenario(text=ANSWER, tokens_per_second=200)
    await arena.enter(arena.entry("swift", speed), arena.entry("calm", Scenario(text=ANSWER)))
    voter = arena.voter()
    conversation = await voter.begin()
    random_source = random.Random(7)
    heard: list[Heard] = []
    async with voter.follow(conversation):
        await voter.ask(conversation)
    last: int | None = None
    while not any(settled(event) and event.data["status"] == "ready" for event in heard):
        patience = random_source.randint(1, 12)
        async with voter.follow(conversation, last) as listener:
            async for event in listener.events():
                heard.append(event)
                last = event.id
                patience -= 1
                if patience == 0 or settled(event):
                    break
    assert text_of(heard, "a") == text_of(heard, "b") == ANSWER
    assert len(arena.provider.calls) == 2


async def test_whoever_is_cut_off_in_the_middle_of_the_state_hears_it_again(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(text=ANSWER)), arena.entry("calm", Scenario(text=ANSWER)))
    voter = arena.voter()
    conversation, _ = await voter.battle()
    state = await voter.hear(conversation, settled)
    for cut in range(len(state)):
        async with voter.follow(conversation, state[cut].id) as listener:
            rest = await listener.until(settled)
        heard = [*state[: cut + 1], *rest]
        assert text_of(heard, "a") == text_of(heard, "b") == ANSWER


async def test_an_id_is_never_ahead_of_what_is_stored(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text=ANSWER, tokens_per_second=300)), arena.entry("calm", Scenario())
    )
    voter = arena.voter()
    conversation = await voter.begin()
    async with voter.follow(conversation) as listener:
        await voter.ask(conversation)
        heard = await listener.until(settled)
    ids = [event.id for event in heard]
    assert ids == sorted(ids)
    for cut in range(0, len(heard), 7):
        async with voter.follow(conversation, heard[cut].id) as listener:
            rest = await listener.until(settled)
        assert text_of([*heard[: cut + 1], *rest], "a") == text_of(heard, "a")


async def test_a_finished_turn_is_told_whole_then_where_it_stands(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(text=ANSWER)), arena.entry("calm", Scenario(text=ANSWER)))
    voter = arena.voter()
    conversation, asked = await voter.battle()
    heard = await voter.hear(conversation, settled)
    assert [event.kind for event in heard] == ["delta", "delta", "response", "response", "battle"]
    assert {event.data["text"] for event in heard[:2]} == {ANSWER}
    assert heard[-1].data["id"] == asked["battle_id"]
    assert {event.data["turn_id"] for event in heard} == {asked["id"]}


async def test_an_unknown_last_id_is_answered_with_the_whole_state(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation, _ = await voter.battle()
    async with voter.follow(conversation, 10**12) as listener:
        heard = await listener.until(settled)
    assert text_of(heard, "a")


async def test_one_side_that_stalls_does_not_hold_back_the_other(arena: Arena) -> None:
    await arena.enter(
        arena.entry("stuck", Scenario(stall_after=0)), arena.entry("swift", Scenario(text=ANSWER))
    )
    voter = arena.voter()
    conversation = await voter.begin()
    async with voter.follow(conversation) as listener:
        await voter.ask(conversation)
        heard = await listener.until(
            lambda event: event.kind == "response" and event.data["status"] == "done"
        )
    assert text_of(heard, heard[-1].data["side"]) == ANSWER


async def test_several_readers_hear_the_same(arena: Arena) -> None:
    await arena.enter(
        arena.entry("swift", Scenario(text=ANSWER, tokens_per_second=400)), arena.entry("calm", Scenario())
    )
    voter = arena.voter()
    conversation = await voter.begin()
    await voter.ask(conversation)
    both = await asyncio.gather(*(voter.hear(conversation, settled) for _ in range(3)))
    assert len({text_of(heard, "a") for heard in both}) == 1


async def test_the_stream_asks_proxies_not_to_hold_it_back(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    conversation, _ = await voter.battle()
    async with voter.follow(conversation) as listener:
        assert listener.headers["Content-Type"].startswith("text/event-stream")
        assert listener.headers["Cache-Control"] == "no-store"
        assert listener.headers["X-Accel-Buffering"] == "no"


async def test_what_is_stored_while_a_reader_comes_back_is_told_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.storage.streams.TICK", 3600)  # stored is what the test says
    since = follow._since
    async with running_arena(database_url) as arena:
        streams = arena.app.state.streams

        async def late(*asked: Any) -> list[Stored]:
            await streams.flush()
            return await since(*asked)

        speed = Scenario(text=ANSWER, tokens_per_second=100, stall_after=50)
        await arena.enter(arena.entry("swift", speed), arena.entry("calm", speed))
        voter = arena.voter()
        conversation = await voter.begin()
        await voter.ask(conversation)
        async with voter.follow(conversation) as listener:
            await listener.until(begun)
            await streams.flush()
            heard = await listener.until(lambda event: event.kind == "delta" and event.id > 0)
            monkeypatch.setattr(follow, "_since", late)
            async with voter.follow(conversation, heard[-1].id) as later:
                again = await later.until(lambda event: event.kind == "battle")
        ends = dict.fromkeys("ab", 0)
        for event in again:
            if event.kind == "delta":
                side, end = event.data["side"], event.data["offset"] + len(event.data["text"])
                assert end > ends[side], "an old piece was told after a newer one"
                ends[side] = end
        speed.released.set()


async def test_a_stream_on_which_nothing_happens_says_that_it_is_still_there(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.storage.streams.HEARTBEAT", 0.05)
    async with running_arena(database_url) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        conversation, _ = await voter.battle()
        url = f"{arena.base_url}/api/v1/conversations/{conversation}/events"
        async with asyncio.timeout(20), voter.http.get(url) as stream:
            for said in (b": still here\n", b"event: here\n") * 2:
                while await stream.content.readline() != said:
                    pass
