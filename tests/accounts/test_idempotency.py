"""Idempotency-Key: what was asked for once is done once."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from evenhand.accounts.idempotency import forget_old_keys
from tests.support.arena import Answered, Arena, Voter, settled

BODY = {"parts": [{"type": "text", "text": "Why?"}]}


async def ask(voter: Voter, conversation: str, key: str, body: object = BODY) -> Answered:
    headers = {"Idempotency-Key": key}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body, headers=headers)


async def begun(arena: Arena) -> tuple[Voter, str]:
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    voter = arena.voter()
    return voter, await voter.begin()


async def test_a_question_that_is_sent_twice_is_asked_once(arena: Arena) -> None:
    voter, conversation = await begun(arena)
    answers = await asyncio.gather(*(ask(voter, conversation, "one") for _ in range(10)))
    assert {one.status for one in answers} == {202}
    assert len({one.body["id"] for one in answers}) == 1
    await voter.hear(conversation, settled)
    assert len((await voter.read(conversation))["turns"]) == 1
    assert len(arena.provider.calls) == 2


async def test_the_same_key_with_another_body_is_refused(arena: Arena) -> None:
    voter, conversation = await begun(arena)
    await ask(voter, conversation, "one")
    await voter.hear(conversation, settled)
    other = await ask(voter, conversation, "one", {"parts": [{"type": "text", "text": "How?"}]})
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")


async def test_what_was_refused_can_be_sent_again_with_its_key(arena: Arena) -> None:
    voter = arena.voter()
    conversation = await voter.begin()
    assert (await ask(voter, conversation, "one")).status == 503  # nobody competes yet
    await arena.enter(arena.entry("swift"), arena.entry("calm"))
    assert (await ask(voter, conversation, "one")).status == 202


async def test_keys_are_each_persons_and_each_addresss_own(arena: Arena) -> None:
    voter, conversation = await begun(arena)
    stranger = arena.voter()
    others = await stranger.begin()
    first, second = await ask(voter, conversation, "one"), await ask(stranger, others, "one")
    assert first.body["id"] != second.body["id"]
    assert (await ask(voter, await voter.begin(), "one")).body["id"] != first.body["id"]


async def test_a_conversation_that_is_begun_twice_is_one(arena: Arena) -> None:
    voter, _ = await begun(arena)
    body = {"arena": "text", "mode": "battle"}
    headers = {"Idempotency-Key": "begin"}
    answers = [await voter.call("POST", "/conversations", body, headers=headers) for _ in range(2)]
    assert answers[0].body == answers[1].body


async def test_keys_are_forgotten_after_a_day(arena: Arena) -> None:
    voter, conversation = await begun(arena)
    await ask(voter, conversation, "one")
    for hours, left in ((23, 1), (25, 0)):
        async with arena.database.unit_of_work() as work:
            await forget_old_keys(work.session, datetime.now(UTC) + timedelta(hours=hours))
            assert await work.session.scalar(text("SELECT count(*) FROM idempotency")) == left
