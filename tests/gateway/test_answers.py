"""What every kind of endpoint must give, over HTTP."""

import json

import pytest

from evenhand.gateway import Delta, Gateway, Message, Usage
from tests.gateway.calls import ask, configuration, finish, joined, until_error, usage
from tests.support.fake_answers import answer_to
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.fake_scenarios import Answer
from tests.support.fake_shapes import SHAPES


async def test_an_answer_comes_whole_with_its_usage(provider: FakeProvider, gateway: Gateway) -> None:
    events = await ask(gateway, configuration(provider))
    assert joined(events) == answer_to("swift", "Which way is faster?")
    assert finish(events) == "stop"
    counted = usage(events)
    assert counted is not None
    assert counted.output_tokens == sum(isinstance(event, Delta) for event in events)


async def test_reasoning_is_told_from_the_answer_and_counted(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two")
    events = await ask(gateway, configuration(provider))
    assert joined(events, "reasoning") == "Two and two"
    assert joined(events) == "Four."
    assert usage(events) == Usage(4, 4, 3)


async def test_characters_that_do_harm_are_replaced_both_ways(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(echo=True)
    events = await ask(gateway, configuration(provider), [Message("user", "a\0b\ud83d")])
    assert json.loads(joined(events)) == [{"role": "user", "content": "ab\ufffd"}]
    provider.scenarios["swift"] = Scenario(text="a\0b")
    assert joined(await ask(gateway, configuration(provider))) == "ab"


async def test_one_event_and_one_character_over_several_reads(
    provider: FakeProvider, gateway: Gateway
) -> None:
    shape, answer = SHAPES[provider.kind], Answer([("text", "答えは😀です")], "stop", sent=1, thought=0)
    scenario = Scenario()
    events = (
        shape.opening(scenario, "swift", answer),
        shape.piece(scenario, "swift", answer, 0),
        shape.closing(scenario, "swift", answer),
    )
    provider.scenarios["swift"] = Scenario(raw=[bytes([byte]) for byte in b"".join(events)])
    assert joined(await ask(gateway, configuration(provider))) == "答えは😀です"


async def test_a_prompt_or_an_answer_that_is_filtered_is_refused_and_what_came_is_kept(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two", finish_reason="content_filter")
    events, error = await until_error(gateway, configuration(provider))
    assert (joined(events), error.code, error.started) == ("One two", "refused", True)
    assert len(provider.calls) == 1


@pytest.mark.parametrize("fixed", [False, True])
async def test_sampling_is_sent_unless_the_model_takes_none(
    provider: FakeProvider, gateway: Gateway, fixed: bool
) -> None:
    await ask(gateway, configuration(provider, fixed_sampling=fixed))
    body = provider.calls[0].body
    sent = {"temperature", "top_p", "topP"} & (set(body) | set(body.get("generationConfig", ())))
    assert len(sent) == (0 if fixed else 2)


async def test_a_missing_done_line_still_ends_the_answer(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", done=False)
    events = await ask(gateway, configuration(provider))
    assert (joined(events), finish(events)) == ("Four.", "stop")


async def test_a_missing_usage_is_no_fault(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", usage=False)
    events = await ask(gateway, configuration(provider))
    assert usage(events) is None
    assert finish(events) == "stop"


async def test_a_stream_without_finish_reason_is_cut_and_what_came_is_kept(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three", finish_reason=None, done=False)
    events, error = await until_error(gateway, configuration(provider))
    assert joined(events) == "One two three"
    assert (error.code, error.started) == ("failed", True)
    assert len(provider.calls) == 1


async def test_a_server_that_ignores_stream_is_understood(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two", ignores_stream=True)
    events = await ask(gateway, configuration(provider))
    assert joined(events, "reasoning") == "Two and two"
    assert joined(events) == "Four."
    assert usage(events) == Usage(4, 4, 3)
    assert finish(events) == "stop"


async def test_a_provider_that_stops_at_its_limit_says_length(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", finish_reason="length")
    assert finish(await ask(gateway, configuration(provider))) == "length"


async def test_the_connection_is_used_again_after_a_whole_answer(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.")
    ports = []
    for _ in range(3):
        await ask(gateway, configuration(provider))
        ports.append(provider.calls[-1].port)
    assert len(set(ports)) == 1


async def test_the_messages_reach_the_model_as_they_are(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(echo=True)
    events = await ask(gateway, configuration(provider), [Message("user", "你好 \u2028 <b>")])
    assert json.loads(joined(events)) == [{"role": "user", "content": "你好 \u2028 <b>"}]
