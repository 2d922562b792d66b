"""Everything at the same moment: one vote each, no deadlock, nothing doubled, nothing left in flight."""

import asyncio
import random
from collections import Counter
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import text

from evenhand.storage.subscriptions import topic_of
from tests.support.arena import Answered, Arena, begun, settled
from tests.support.fake_provider import Scenario

QUESTION = {"parts": [{"type": "text", "text": "And?"}]}


async def number(arena: Arena, query: str) -> int:
    async with arena.database.unit_of_work() as work:
        return int(await work.session.scalar(text(query)) or 0)


async def test_votes_questions_stops_and_retries_at_once_break_nothing(arena: Arena) -> None:
    await arena.enter(arena.entry("swift"), arena.entry("calm"), arena.entry("third"))
    voter = arena.voter()
    order = random.Random(3)
    answers: list[Answered] = []
    for _ in range(6):
        conversation, asked = await voter.battle()
        turn, ask = asked["id"], f"/conversations/{conversation}/turns"
        acts: list[Any] = [
            *(voter.vote(asked["battle_id"]) for _ in range(5)),
            *(voter.call("POST", ask, QUESTION) for _ in range(5)),
            *(voter.call("POST", ask, QUESTION | {"new_pair": True}) for _ in range(3)),
            *(voter.call("POST", f"/turns/{turn}/{act}") for act in ("stop", "retry") for _ in range(4)),
        ]
        order.shuffle(acts)
        answers += await asyncio.gather(*acts)
        await voter.hear(conversation, settled)
    assert max(one.status for one in answers) < 500, Counter(one.status for one in answers)
    assert (
        await number(arena, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    )
    double = "SELECT count(*) FROM (SELECT battle_id FROM vote GROUP BY battle_id HAVING count(*) > 1) AS d"
    assert await number(arena, double) == 0
    running = "SELECT count(*) FROM response WHERE status IN ('queued', 'streaming')"
    async with asyncio.timeout(20):
        while await number(arena, running):  # noqa: ASYNC110 - several turns, each with a stream of its own
            await asyncio.sleep(0.05)


async def test_two_questions_at_once_in_one_conversation_are_one(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(tokens_per_second=50)), arena.entry("calm"))
    voter = arena.voter()
    conversation = await voter.begin()
    path = f"/conversations/{conversation}/turns"
    answers = await asyncio.gather(*(voter.call("POST", path, QUESTION) for _ in range(8)))
    assert Counter(one.status for one in answers) == {202: 1, 409: 7}


async def test_an_older_turn_cannot_be_tried_again_once_the_conversation_went_on(arena: Arena) -> None:
    await arena.enter(arena.entry("broken", Scenario(fail_times=1, status=400)), arena.entry("calm"))
    voter = arena.voter()
    conversation, first = await voter.battle()
    await voter.ask(conversation, "Two?")
    await voter.hear(conversation, settled)
    retried = await voter.call("POST", f"/turns/{first['id']}/retry")
    assert (retried.status, retried.body["code"]) == (409, "nothing_to_retry")


async def test_a_stop_after_the_answer_was_complete_leaves_it_done(arena: Arena) -> None:
    whole = [
        b'data: {"choices":[{"index":0,"delta":{"content":"the whole answer"}}]}\n\n',
        b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    ]
    hanging = Scenario(raw=whole, hangs=True)
    await arena.enter(arena.entry("swift", hanging), arena.entry("calm", hanging))
    voter = arena.voter()
    conversation = await voter.begin()
    asked = await voter.ask(conversation)
    await voter.hear(conversation, begun)
    stopped = await voter.call("POST", f"/turns/{asked['id']}/stop")
    assert {one["parts"][0]["text"] for one in stopped.body["responses"]} == {"the whole answer"}
    assert {one["status"] for one in stopped.body["responses"]} <= {"done", "stopped"}


async def test_after_both_sides_failed_on_a_later_turn_the_context_goes_on(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(text="one")), arena.entry("calm", Scenario(text="one")))
    voter = arena.voter()
    conversation, _ = await voter.battle("First?")
    for name in ("swift-model", "calm-model"):
        arena.provider.scenarios[name] = Scenario(fail_times=1, status=400, text="later")
    await voter.ask(conversation, "Second?")
    await voter.hear(conversation, settled)
    await voter.ask(conversation, "Third?")
    await voter.hear(conversation, settled)
    for call in arena.provider.calls[-2:]:
        assert [one["content"] for one in call.body["messages"]] == ["First?", "one", "Third?"]


async def test_a_conversation_whose_events_cannot_be_stored_stops_no_other(arena: Arena) -> None:
    await arena.enter(arena.entry("swift", Scenario(tokens_per_second=50)), arena.entry("calm"))
    voter = arena.voter()
    lost = await voter.begin()
    streams = arena.app.state.streams
    insert = streams._insert

    async def broken(events: Any) -> None:
        if any(event.topic == topic_of(UUID(lost)) for event in events):
            raise psycopg.errors.CharacterNotInRepertoire("nobody can write this")
        await insert(events)

    streams._insert = broken
    await voter.ask(lost)
    await voter.battle()
    assert not any(task.done() for task in streams._tasks)


async def test_a_batch_that_was_stored_without_an_answer_is_not_read_twice(arena: Arena) -> None:
    stalls = Scenario(stall_after=30, text="abcdefghij " * 60)
    await arena.enter(arena.entry("swift", stalls), arena.entry("calm", stalls))
    voter = arena.voter()
    streams = arena.app.state.streams
    insert, lost = streams._insert, asyncio.Event()

    async def forgetful(events: Any) -> None:
        await insert(events)
        if not lost.is_set() and any(event.kind == "delta" for event in events):
            lost.set()
            raise psycopg.OperationalError("the commit came, its answer did not")

    streams._insert = forgetful
    conversation = await voter.begin()
    await voter.ask(conversation)
    async with asyncio.timeout(10):
        await lost.wait()
    await streams.flush()
    [turn] = (await voter.read(conversation))["turns"]
    for response in turn["responses"]:
        assert stalls.text is not None
        assert stalls.text.startswith(response["parts"][0]["text"])
