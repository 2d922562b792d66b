"""Models differ in what they can; both sides of a battle get the smaller of the two."""

from uuid import UUID

import pytest

from evenhand.arenas import load_arenas
from evenhand.battles.context import Step, messages, newest_that_fit
from evenhand.battles.shared_limits import SharedLimits, shared_limits
from evenhand.contestants.configurations import Configuration, Endpoint
from evenhand.gateway import prompt_tokens
from tests.support.arena import Arena, settled
from tests.support.fake_provider import Scenario

BATTLE = UUID(int=1)
LONG = Scenario(text="word " * 200, honours_limit=False)


def model(context: int | None = None, max_output: int | None = None) -> Configuration:
    arena = load_arenas()["text"]
    return Configuration(
        endpoint=Endpoint(kind="openai", base_url="http://127.0.0.1:1/v1", model="m"),
        system_prompt=arena.system_prompt,
        sampling=arena.sampling,
        context=context,
        max_output=max_output,
    )


def test_the_smaller_answer_and_the_smaller_window_hold_for_both() -> None:
    assert shared_limits([model(32_000, 900), model(8_000)]) == SharedLimits(900, 7_100)
    assert shared_limits([model(), model()]) == SharedLimits(4096, None)


def test_an_answer_takes_no_more_than_a_quarter_of_a_small_window() -> None:
    assert shared_limits([model(1_000), model()]).prompt == 750


def test_what_a_model_can_write_at_most_changes_a_digest_only_where_it_is_said() -> None:
    assert '"max_output":' not in model().canonical()
    assert model(max_output=900).digest() != model().digest()


def test_a_conversation_that_outgrew_the_window_begins_at_the_same_turn_for_both_sides() -> None:
    short, long = "yes", "of course " * 200
    path = [
        Step(BATTLE, True, None, f"Question {n}?", {"a": short, "b": long if n == 1 else short})
        for n in range(4)
    ] + [Step(BATTLE, True, None, "And now?", {})]
    left = newest_that_fit(path, BATTLE, ["a", "b"], 400)
    assert [step.question for step in left] == ["Question 2?", "Question 3?", "And now?"]
    for side in ("a", "b"):
        assert prompt_tokens(one.text for one in messages(left, BATTLE, side)) <= 400
    assert newest_that_fit(path, BATTLE, ["a"], 400) == path
    assert newest_that_fit(path, BATTLE, ["a", "b"], 0) == path[-1:]


async def test_neither_side_writes_longer_than_the_one_that_can_write_less(arena: Arena) -> None:
    brief = arena.entry("brief", LONG, max_output=50)
    await arena.enter(brief, arena.entry("wordy", LONG))
    voter = arena.voter()
    conversation, _ = await voter.battle()
    turn = (await voter.call("GET", f"/conversations/{conversation}")).body["turns"][0]
    answers = ["".join(part["text"] for part in one["parts"]) for one in turn["responses"]]
    assert answers[0] == answers[1]
    assert len(answers[0].split()) == 50
    assert [one["finish_reason"] for one in turn["responses"]] == ["length", "length"]


async def test_who_cannot_read_a_long_question_is_not_drawn_for_it(arena: Arena) -> None:
    small = arena.entry("small", context=1_000)
    await arena.enter(small, arena.entry("one"), arena.entry("two"))
    voter = arena.voter()
    for _ in range(6):
        conversation = await voter.begin()
        await voter.ask(conversation, "why " * 900)
        await voter.hear(conversation, settled)
    assert {call.model for call in arena.provider.calls} == {"one-model", "two-model"}


@pytest.mark.parametrize("mode", ["battle", "side_by_side"])
async def test_a_question_that_they_cannot_read_is_refused_before_anybody_is_called(
    arena: Arena, mode: str
) -> None:
    small = arena.entry("small", context=1_000)
    await arena.enter(small, arena.entry("large"))
    voter = arena.voter()
    conversation = await voter.begin(mode, *(["small", "large"] if mode != "battle" else []))
    body = {"parts": [{"type": "text", "text": "why " * 900}]}
    refused = await voter.call("POST", f"/conversations/{conversation}/turns", body)
    assert (refused.status, refused.body["code"]) == (422, "too_long_for_contestants")
    assert not arena.provider.calls
    assert not (await voter.call("GET", f"/conversations/{conversation}")).body["turns"]
    await voter.ask(conversation, "why?")
    await voter.hear(conversation, settled)
