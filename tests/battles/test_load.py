"""What one process takes on is bounded: one more is refused before anything is spent or written."""

import asyncio
import contextlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from evenhand.storage.engine import Database
from tests.support.arena import Answered, Arena, Voter, running_arena, settled
from tests.support.fake_provider import Scenario


async def ask(voter: Voter, conversation: str) -> Answered:
    body = {"parts": [{"type": "text", "text": "Why?"}]}
    return await voter.call("POST", f"/conversations/{conversation}/turns", body)


async def turns(arena: Arena) -> int:
    async with arena.database.unit_of_work() as work:
        return await work.session.scalar(text("SELECT count(*) FROM turn")) or 0


def is_busy(answered: Answered) -> bool:
    return (answered.status, answered.body.get("code")) == (503, "busy")


async def test_a_burst_begins_no_more_turns_than_a_process_may_run(database_url: str) -> None:
    async with running_arena(database_url, turns_at_once=2) as arena:
        slow = Scenario(stall_after=1)
        await arena.enter(arena.entry("swift", slow), arena.entry("calm", slow))
        voters = [arena.voter() for _ in range(6)]
        conversations = [await voter.begin() for voter in voters]
        answered = await asyncio.gather(*map(ask, voters, conversations))
        refused = [one for one in answered if one.status != 202]
        assert len(refused) == 4
        assert all(map(is_busy, refused))
        assert {one.headers["Retry-After"] for one in refused} == {"10"}
        assert await turns(arena) == 2
        assert (await voters[0].call("GET", "/health")).status == 200
        slow.released.set()
        for voter, conversation, one in zip(voters, conversations, answered, strict=True):
            if one.status == 202:
                await voter.hear(conversation, settled)
        assert (await ask(voters[0], await voters[0].begin())).status == 202


async def test_a_retry_is_one_of_the_turns_that_run(database_url: str) -> None:
    async with running_arena(database_url, turns_at_once=1) as arena:
        slow = Scenario(stall_after=1)
        await arena.enter(arena.entry("swift", slow), arena.entry("calm", slow))
        voter, other = arena.voter(), arena.voter()
        asked = await voter.ask(await voter.begin())
        await voter.call("POST", f"/turns/{asked['id']}/stop")
        going = await other.ask(await other.begin())
        assert is_busy(await voter.call("POST", f"/turns/{asked['id']}/retry"))
        await other.call("POST", f"/turns/{going['id']}/stop")
        assert (await voter.call("POST", f"/turns/{asked['id']}/retry")).status == 202


async def test_a_question_that_is_refused_leaves_its_room_to_others(database_url: str) -> None:
    async with running_arena(database_url, turns_at_once=1) as arena:
        await arena.enter(arena.entry("swift"), arena.entry("calm"))
        voter = arena.voter()
        conversation = await voter.begin()
        for _ in range(2):
            empty = {"parts": [{"type": "text", "text": " "}]}
            refused = await voter.call("POST", f"/conversations/{conversation}/turns", empty)
            assert refused.body["code"] == "empty_prompt"
        assert (await ask(voter, conversation)).status == 202


async def test_no_more_streams_are_open_than_a_process_may_have(database_url: str) -> None:
    async with running_arena(database_url, streams_at_once=2) as arena, asyncio.timeout(30):
        voters = [arena.voter() for _ in range(3)]
        conversations = [await voter.begin() for voter in voters]
        async with voters[0].follow(conversations[0]):
            async with voters[1].follow(conversations[1]):
                refused = await voters[2].call("GET", f"/conversations/{conversations[2]}/events")
                assert is_busy(refused)
                assert refused.headers["Retry-After"] == "10"
            while True:  # until the process has seen that the second has left
                with contextlib.suppress(AssertionError):
                    async with voters[2].follow(conversations[2]):
                        break


async def test_a_request_without_a_connection_to_the_database_is_told_so(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.storage.engine.POOL_SECONDS", 0.1)
    async with running_arena(database_url) as arena, contextlib.AsyncExitStack() as taken:
        voter = arena.voter()
        await voter.begin()
        database: Database = arena.app.state.database
        held = 0
        while held < 20:  # the arena's own jobs may have one meanwhile
            work = await taken.enter_async_context(database.unit_of_work())
            with contextlib.suppress(PoolTimeoutError):
                await work.session.execute(text("SELECT 1"))
                held += 1
        refused = await voter.call("GET", "/conversations")
        assert is_busy(refused)
        assert "database" in refused.body["detail"]
        assert refused.headers["Retry-After"] == "5"
        await taken.aclose()
        assert (await voter.call("GET", "/conversations")).status == 200
