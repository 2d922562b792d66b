"""What real servers send, over HTTP, and what the gateway makes of it."""

import json

import pytest

from evenhand.gateway import Gateway, Message, StreamEvent, Usage
from tests.gateway.calls import ask, configuration, finish, joined, until_error, usage
from tests.support.fake_answers import answer_to
from tests.support.fake_provider import FakeProvider, Scenario


def sse(*chunks: object, end: bytes = b"\n\n") -> bytes:
    return b"".join(b"data: " + json.dumps(chunk).encode() + end for chunk in chunks)


def chunk(finish_reason: str | None = None, **delta: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


async def answer(provider: FakeProvider, gateway: Gateway, *body: bytes) -> list[StreamEvent]:
    provider.scenarios["swift"] = Scenario(raw=list(body))
    return await ask(gateway, configuration(provider.base_url))


async def test_an_answer_comes_whole_with_its_usage(provider: FakeProvider, gateway: Gateway) -> None:
    events = await ask(gateway, configuration(provider.base_url))
    assert joined(events) == answer_to("swift", "Which way is faster?")
    assert finish(events) == "stop"
    counted = usage(events)
    assert counted is not None
    assert counted.output_tokens == len(events) - 2


async def test_what_is_asked_for_is_what_the_configuration_says(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_API_KEY", "sk-canary")
    wanted = configuration(
        provider.base_url + "/", system_prompt="Be brief.", reasoning_effort="low", api_key_env="ACME_API_KEY"
    )
    await ask(
        gateway, wanted, [Message("user", "a\0b\ud83d"), Message("assistant", "c"), Message("user", "d")]
    )
    call = provider.calls[0]
    assert call.headers["Authorization"] == "Bearer sk-canary"
    assert call.body == {
        "model": "swift",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "ab\ufffd"},
            {"role": "assistant", "content": "c"},
            {"role": "user", "content": "d"},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 8192,
        "reasoning_effort": "low",
    }


async def test_without_a_system_prompt_none_is_sent(provider: FakeProvider, gateway: Gateway) -> None:
    await ask(gateway, configuration(provider.base_url))
    assert [message["role"] for message in provider.calls[0].body["messages"]] == ["user"]


async def test_crlf_comments_and_several_events_in_one_read(provider: FakeProvider, gateway: Gateway) -> None:
    body = b": hello\r\n\r\n" + sse(chunk(content="a"), chunk(content="b"), end=b"\r\n\r\n")
    body += b": keep-alive\r\n\r\n" + sse(chunk("stop"), end=b"\r\n\r\n") + b"data: [DONE]\r\n\r\n"
    events = await answer(provider, gateway, body)
    assert joined(events) == "ab"


async def test_one_event_and_one_character_over_several_reads(
    provider: FakeProvider, gateway: Gateway
) -> None:
    text = "答えは😀です"
    body = b"data: " + json.dumps(chunk("stop", content=text), ensure_ascii=False).encode() + b"\n\n"
    events = await answer(provider, gateway, *(body[i : i + 1] for i in range(len(body))))
    assert joined(events) == text


@pytest.mark.parametrize("named", ["reasoning_content", "reasoning", "thinking"])
async def test_a_reasoning_field_is_told_from_the_answer(
    provider: FakeProvider, gateway: Gateway, named: str
) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two", reasoning_field=named)
    events = await ask(gateway, configuration(provider.base_url))
    assert joined(events, "reasoning") == "Two and two"
    assert joined(events) == "Four."
    counted = usage(events)
    assert counted is not None
    assert counted.reasoning_tokens == 3


async def test_inline_thinking_is_told_from_the_answer(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two", inline_think=True)
    events = await ask(gateway, configuration(provider.base_url))
    assert joined(events, "reasoning").strip() == "Two and two"
    assert joined(events) == "Four."


async def test_a_missing_done_line_still_ends_the_answer(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", done=False)
    events = await ask(gateway, configuration(provider.base_url))
    assert (joined(events), finish(events)) == ("Four.", "stop")


async def test_a_missing_usage_is_no_fault(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", usage=False)
    events = await ask(gateway, configuration(provider.base_url))
    assert usage(events) is None
    assert finish(events) == "stop"


async def test_a_missing_empty_line_at_the_end_is_no_fault(provider: FakeProvider, gateway: Gateway) -> None:
    events = await answer(provider, gateway, sse(chunk(content="Four.")), sse(chunk("stop"), end=b""))
    assert joined(events) == "Four."


async def test_a_stream_without_finish_reason_is_cut_and_what_came_is_kept(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three", finish_reason=None, done=False)
    events, error = await until_error(gateway, configuration(provider.base_url))
    assert joined(events) == "One two three"
    assert (error.code, error.started) == ("failed", True)
    assert len(provider.calls) == 1


async def test_a_server_that_ignores_stream_is_understood(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two", ignores_stream=True)
    events = await ask(gateway, configuration(provider.base_url))
    assert joined(events, "reasoning") == "Two and two"
    assert joined(events) == "Four."
    assert usage(events) == Usage(4, 4, 3)
    assert finish(events) == "stop"


async def test_only_the_first_of_several_choices_is_shown(provider: FakeProvider, gateway: Gateway) -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "x"}, "finish_reason": "length"}]}
    events = await answer(provider, gateway, sse(chunk(content="a"), other, chunk("stop")))
    assert joined(events) == "a"
    assert finish(events) == "stop"


async def test_a_provider_that_stops_at_its_limit_says_length(
    provider: FakeProvider, gateway: Gateway
) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", finish_reason="length")
    assert finish(await ask(gateway, configuration(provider.base_url))) == "length"


async def test_the_connection_is_used_again_after_a_whole_answer(
    provider: FakeProvider, gateway: Gateway
) -> None:
    # The end of the body comes a moment after the last event.
    provider.scenarios["swift"] = Scenario(raw=[sse(chunk("stop", content="a")) + b"data: [DONE]\n\n"])
    ports = []
    for _ in range(3):
        await ask(gateway, configuration(provider.base_url))
        ports.append(provider.calls[-1].port)
    assert len(set(ports)) == 1


async def test_the_messages_reach_the_model_as_they_are(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(echo=True)
    events = await ask(gateway, configuration(provider.base_url), [Message("user", "你好 \u2028 <b>")])
    assert json.loads(joined(events)) == [{"role": "user", "content": "你好 \u2028 <b>"}]
