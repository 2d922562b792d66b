"""A provider whose line breaks, stalls or brings rubbish: what came is kept, and nothing half is voted on."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from yarl import URL

from tests.support.arena import Arena, running_arena, settled
from tests.support.fake_provider import Scenario
from tests.support.fault_proxy import Fault, FaultProxy

ANSWER = "The sky scatters blue light more than red light. " * 3
FAULTS = ("cut_after", "reset_after", "garbage_after")


@pytest.fixture
async def line(database_url: str) -> AsyncIterator[tuple[Arena, FaultProxy]]:
    """An arena with a contestant behind a faulty line."""
    async with running_arena(database_url) as arena, FaultProxy(URL(arena.provider.base_url).port) as proxy:
        faulty = f"http://127.0.0.1:{proxy.port}/v1"
        await arena.enter(arena.entry("swift", Scenario(text=ANSWER), base_url=faulty), arena.entry("calm"))
        yield arena, proxy


async def answered(arena: Arena) -> dict[str, Any]:
    """The response of the contestant behind the line, asked alone."""
    voter = arena.voter()
    conversation = await voter.begin("direct", "swift")
    await voter.ask(conversation)
    await voter.hear(conversation, settled)
    [turn] = (await voter.read(conversation))["turns"]
    [response] = turn["responses"]
    assert isinstance(response, dict)
    return response


async def size_of_a_whole_answer(arena: Arena, proxy: FaultProxy) -> tuple[int, int]:
    """Bytes up to the first word, and up to the end."""
    proxy.fault = Fault()
    assert (await answered(arena))["status"] == "done"
    return 900, proxy.passed


@pytest.mark.parametrize("kind", FAULTS)
async def test_an_answer_that_breaks_anywhere_is_kept_as_far_as_it_came(
    line: tuple[Arena, FaultProxy], kind: str
) -> None:
    arena, proxy = line
    begin, end = await size_of_a_whole_answer(arena, proxy)
    for mark in range(begin, end, (end - begin) // 12):
        proxy.fault = Fault(**{kind: mark})
        response = await answered(arena)
        text = "".join(part["text"] for part in response["parts"])
        assert ANSWER.startswith(text)
        if response["status"] == "done":
            assert text == ANSWER  # all of it had come, with the reason why it ended
        else:
            assert (response["status"], response["error"]) == ("failed", "failed")


async def test_a_slow_line_only_takes_longer(line: tuple[Arena, FaultProxy]) -> None:
    arena, proxy = line
    proxy.fault = Fault(delay=0.02)
    response = await answered(arena)
    assert response["status"] == "done"
    assert "".join(part["text"] for part in response["parts"]) == ANSWER


async def test_in_a_battle_a_broken_side_is_redrawn_or_takes_no_vote(line: tuple[Arena, FaultProxy]) -> None:
    arena, proxy = line
    proxy.fault = Fault(reset_after=2_000)
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [battle] = (await voter.read(conversation))["battles"]
    assert battle["status"] == "failed"  # nobody was left to be drawn instead
    assert (await voter.vote(asked["battle_id"])).status == 409
