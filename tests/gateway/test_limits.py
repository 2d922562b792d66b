"""How long an answer may get, whatever the provider thinks of it."""

import pytest

from evenhand.arenas import Sampling
from evenhand.gateway import Delta, Gateway
from evenhand.gateway.limits import MOST_CHARACTERS, AnswerLimits
from evenhand.gateway.tokens import count
from tests.gateway.calls import ask, configuration, finish, joined
from tests.support.fake_provider import FakeProvider, Scenario


def limits(text: int = 10**9, reasoning: int = 10**9) -> AnswerLimits:
    return AnswerLimits(
        Sampling(temperature=1, top_p=1, max_output_tokens=text, max_reasoning_tokens=reasoning)
    )


async def test_an_answer_beyond_the_limit_is_cut_and_the_request_aborted(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text=" word" * 200, honours_limit=False, stall_after=150)
    events = await ask(gateway, configuration(provider, max_output_tokens=100))
    assert finish(events) == "length"
    assert joined(events) == " word" * 100
    call = provider.calls[0]
    await call.over.wait()
    assert call.aborted


async def test_reasoning_cannot_eat_the_answer(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(reasoning=" hm" * 50, text=" word" * 50)
    wanted = configuration(provider, max_output_tokens=50, max_reasoning_tokens=50)
    events = await ask(gateway, wanted)
    assert finish(events) == "stop"
    assert joined(events) == " word" * 50


async def test_reasoning_beyond_its_own_limit_ends_the_answer(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(reasoning=" hm" * 51, text=" word", honours_limit=False)
    events = await ask(gateway, configuration(provider, max_reasoning_tokens=50))
    assert finish(events) == "length"
    assert joined(events, "reasoning") == " hm" * 50
    assert joined(events) == ""


async def test_a_whole_document_is_cut_at_the_limit_too(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text=" word" * 200, ignores_stream=True)
    events = await ask(gateway, configuration(provider, max_output_tokens=100))
    assert (joined(events), finish(events)) == (" word" * 100, "length")


async def test_the_limit_sent_leaves_room_for_the_prompt(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text=" word" * 2100)
    events = await ask(gateway, configuration(provider, context=2048))
    assert finish(events) == "length"
    assert 1900 < count(joined(events)) < 2048


@pytest.mark.parametrize(
    ("piece", "least"), [(" word", 500), ("字", 490), ("😀", 490), ("=", 350), ("\n", 400)]
)
def test_pieces_and_the_whole_are_cut_at_about_the_same_length(piece: str, least: int) -> None:
    in_pieces, whole = limits(text=500), limits(text=500)
    kept: list[Delta] = []
    while not in_pieces.reached:
        kept += in_pieces.apply([Delta("text", piece)])
    one = whole.apply([Delta("text", piece * 100_000)])
    assert count(joined(one)) == 500
    assert least <= count(joined(kept)) <= 500


def test_an_answer_just_as_long_as_the_limit_is_whole() -> None:
    exact = limits(text=100)
    assert exact.apply([Delta("text", " word")] * 100) == [Delta("text", " word")] * 100
    assert not exact.reached


def test_the_most_characters_bind_where_tokens_do_not() -> None:
    wide = limits()
    wide.apply([Delta("text", "a" * MOST_CHARACTERS)])
    assert not wide.reached
    assert wide.apply([Delta("text", "bc")]) == []
    assert wide.reached
