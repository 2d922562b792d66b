"""A provider whose line breaks, stalls or brings rubbish: what came is kept, and nothing half is voted on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from yarl import URL

from tests.faults.history import History
from tests.faults.sizes import SIZES
from tests.support.arena import Arena, Voter, running_arena, settled, text_of
from tests.support.fake_provider import Scenario
from tests.support.fault_proxy import Fault, FaultProxy

ANSWER = "Blue light is scattered more."
PLACES = {"cut_after": SIZES.cuts, "reset_after": SIZES.breaks, "garbage_after": SIZES.breaks}
AT_ONCE = 8


@dataclass
class Lines:
    """An arena with contestants that each have a line of their own, by name, and one whose line is whole."""

    arena: Arena
    faulty: dict[str, FaultProxy] = field(default_factory=dict)

    async def whole(self) -> int:
        """The bytes of a whole answer."""
        name, line = next(iter(self.faulty.items()))
        line.fault = Fault()
        [response] = await self.answered(self.arena.voter(), "How long?", "direct", name)
        assert response["status"] == "done"
        return line.passed

    async def answered(self, voter: Voter, question: str, mode: str, *names: str) -> list[dict[str, Any]]:
        conversation = await voter.begin(mode, *names)
        await voter.ask(conversation, question)
        await voter.hear(conversation, settled)
        [turn] = (await voter.read(conversation))["turns"]
        responses: list[dict[str, Any]] = turn["responses"]
        return responses


@pytest.fixture
async def lines(database_url: str) -> AsyncIterator[Lines]:
    async with AsyncExitStack() as stack:
        arena = await stack.enter_async_context(running_arena(database_url, guest_turns_per_hour=10**6))
        lines = Lines(arena)
        entries = [arena.entry("whole", Scenario(text=ANSWER))]
        for number in range(AT_ONCE):
            name = f"faulty{number}"
            line = await stack.enter_async_context(FaultProxy(URL(arena.provider.base_url).port or 0))
            lines.faulty[name] = line
            address = f"http://127.0.0.1:{line.port}/v1"
            entries.append(arena.entry(name, Scenario(text=ANSWER), base_url=address))
        await arena.enter(*entries)
        yield lines


async def broken_anywhere(
    lines: Lines, name: str, kind: str, marks: Iterator[int], history: History
) -> set[str]:
    """Side by side with a whole answer, one that breaks at each of these bytes; both are voted on.

    Gives back the questions to which the broken one had said something.
    """
    begun = set()
    voter = lines.arena.voter()
    for mark in marks:
        lines.faulty[name].fault = Fault(**{kind: mark})
        conversation = await voter.begin("side_by_side", name, "whole")
        asked = await voter.ask(conversation, f"{kind} {mark}")
        await voter.hear(conversation, settled)
        [turn] = (await voter.read(conversation))["turns"]
        broken, whole = turn["responses"]
        assert whole["status"] == "done"
        text = "".join(part["text"] for part in broken["parts"])
        assert ANSWER.startswith(text), mark
        voted = await voter.vote(asked["battle_id"])
        if broken["status"] == "done":
            assert text == ANSWER, mark  # all of it had come, with the reason why it ended
            assert voted.status == 200, mark
            history.acknowledged[asked["battle_id"]] = "a"
        else:
            assert (broken["status"], broken["error"]) == ("failed", "failed"), mark
            assert (voted.status, voted.body["code"]) == (409, "battle_not_ready"), mark
        if text:
            begun.add(f"{kind} {mark}")
    return begun


@pytest.mark.parametrize("kind", PLACES)
async def test_an_answer_that_breaks_anywhere_is_kept_as_far_as_it_came_and_takes_no_vote(
    lines: Lines, database_url: str, kind: str
) -> None:
    whole, places = await lines.whole(), PLACES[kind]
    marks = iter(range(1, whole + 1, 1 if places is None else whole // places))
    history = History()
    begun = await asyncio.gather(
        *(broken_anywhere(lines, name, kind, marks, history) for name in lines.faulty)
    )
    asked = Counter(
        call.body["messages"][-1]["content"]
        for call in lines.arena.provider.calls
        if call.model.startswith("faulty")
    )
    # Nobody is asked again after a first word.
    assert {asked[question] for question in set().union(*begun)} == {1}
    await history.check(database_url)


async def test_a_slow_line_only_takes_longer(lines: Lines) -> None:
    lines.faulty["faulty0"].fault = Fault(delay=0.02)
    [response] = await lines.answered(lines.arena.voter(), "How slow?", "direct", "faulty0")
    assert response["status"] == "done"
    assert "".join(part["text"] for part in response["parts"]) == ANSWER


async def test_in_a_battle_a_broken_side_is_redrawn_or_takes_no_vote(lines: Lines) -> None:
    arena, line = lines.arena, lines.faulty["faulty0"]
    faulty = f"http://127.0.0.1:{line.port}/v1"
    await arena.enter(arena.entry("faulty0", base_url=faulty), arena.entry("whole"))
    line.fault = Fault(reset_after=1_000)
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [battle] = (await voter.read(conversation))["battles"]
    assert battle["status"] == "failed"  # nobody was left to be drawn instead
    assert (await voter.vote(asked["battle_id"])).status == 409


async def test_a_side_that_stalls_for_ever_ends_as_a_timeout_and_takes_no_vote(
    arena: Arena, database_url: str
) -> None:
    stuck = Scenario(text=ANSWER, stall_after=2)
    await arena.enter(
        arena.entry("stuck", stuck, stall_seconds=0.5), arena.entry("calm", Scenario(text=ANSWER))
    )
    voter = arena.voter()
    conversation, asked = await voter.battle()
    [turn] = (await voter.read(conversation))["turns"]
    ended = sorted((one["status"], one["error"]) for one in turn["responses"])
    assert ended == [("done", None), ("failed", "timeout")]
    heard = await voter.hear(conversation, settled)
    stalled, whole = sorted((text_of(heard, side) for side in "ab"), key=len)
    assert whole == ANSWER
    assert stalled
    assert ANSWER.startswith(stalled)
    assert (await voter.vote(asked["battle_id"])).status == 409
    await History().check(database_url)


@pytest.mark.parametrize(
    ("faulty", "begins"), [({"silent": True}, False), ({"fault": Fault(stall_after=1_000)}, True)]
)
async def test_a_line_that_goes_silent_ends_one_answer_as_a_timeout_and_the_other_goes_on(
    arena: Arena, database_url: str, faulty: dict[str, Any], begins: bool
) -> None:
    rest = Scenario(text=ANSWER, stall_after=2)
    async with FaultProxy(arena.provider.port, **faulty) as line:
        address = f"http://127.0.0.1:{line.port}/v1"
        soon = {"first_token_seconds": 0.5, "stall_seconds": 0.5}
        await arena.enter(
            arena.entry("silent", Scenario(text=ANSWER), base_url=address, **soon),
            arena.entry("calm", rest),
        )
        voter = arena.voter()
        conversation = await voter.begin()
        asked = await voter.ask(conversation)
        await voter.hear(conversation, lambda event: event.data.get("status") == "failed")
        rest.released.set()
        await voter.hear(conversation, settled)
    [turn] = (await voter.read(conversation))["turns"]
    silent, whole = sorted(turn["responses"], key=lambda one: str(one["status"]), reverse=True)
    assert (silent["status"], silent["error"], whole["status"]) == ("failed", "timeout", "done")
    came, text = ("".join(part["text"] for part in one["parts"]) for one in (silent, whole))
    assert text == ANSWER
    assert ANSWER.startswith(came)
    assert bool(came) == begins
    assert len(arena.provider.calls) == 1 + begins  # nobody is asked again
    assert (await voter.vote(asked["battle_id"])).status == 409
    await History().check(database_url)


async def test_two_refusals_before_the_first_word_cost_nobody_an_answer(
    database_url: str,
) -> None:
    history = History()
    answered = 0

    async def people(arena: Arena, questions: Iterator[int]) -> None:
        nonlocal answered
        voter = arena.voter()
        for question in questions:
            conversation, asked = await voter.battle(f"Question {question}?")
            [turn] = (await voter.read(conversation))["turns"]
            answered += sum(one["status"] == "done" for one in turn["responses"])
            if (await voter.vote(asked["battle_id"], "b")).status == 200:
                history.acknowledged[asked["battle_id"]] = "b"

    async with running_arena(database_url, guest_turns_per_hour=10**6) as arena:
        await arena.enter(
            *(
                arena.entry(f"no{status}", Scenario(fail_times=2, fails_anew=True, status=status))
                for status in (429, 500, 503)
            )
        )
        questions = iter(range(SIZES.flaky_battles))
        await asyncio.gather(*(people(arena, questions) for _ in range(2 * AT_ONCE)))
        asked = Counter((call.model, call.body["messages"][-1]["content"]) for call in arena.provider.calls)
        assert answered >= 0.99 * 2 * SIZES.flaky_battles
        assert set(asked.values()) == {3}
        await history.check(database_url, arena.voter())
