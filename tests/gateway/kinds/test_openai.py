"""What OpenAI-compatible servers send and take, over HTTP, each in its dialect."""

import json

import pytest

from evenhand.gateway import Gateway, Message
from tests.gateway.calls import answer, ask, configuration, finish, joined, until_error, usage
from tests.support.fake_provider import FakeProvider, Scenario

pytestmark = pytest.mark.parametrize("kind", ["openai"])


def sse(*chunks: object, end: bytes = b"\n\n") -> bytes:
    return b"".join(b"data: " + json.dumps(chunk).encode() + end for chunk in chunks)


def chunk(finish_reason: str | None = None, **delta: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


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
    await ask(gateway, configuration(provider))
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
    events = await ask(gateway, configuration(provider))
    assert joined(events, "reasoning") == "Two and two"
    assert joined(events) == "Four."
    counted = usage(events)
    assert counted is not None
    assert counted.reasoning_tokens == 3


async def test_inline_thinking_is_told_from_the_answer(provider: FakeProvider, gateway: Gateway) -> None:
    provider.scenarios["swift"] = Scenario(text="Four.", reasoning="Two and two", inline_think=True)
    events = await ask(gateway, configuration(provider))
    assert joined(events, "reasoning").strip() == "Two and two"
    assert joined(events) == "Four."


async def test_a_missing_empty_line_at_the_end_is_no_fault(provider: FakeProvider, gateway: Gateway) -> None:
    events = await answer(provider, gateway, sse(chunk(content="Four.")), sse(chunk("stop"), end=b""))
    assert joined(events) == "Four."


async def test_only_the_first_of_several_choices_is_shown(provider: FakeProvider, gateway: Gateway) -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "x"}, "finish_reason": "length"}]}
    events = await answer(provider, gateway, sse(chunk(content="a"), other, chunk("stop")))
    assert joined(events) == "a"
    assert finish(events) == "stop"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'error: {"code":400,"type":"exceed_context_size_error"}\n\n', "too_long"),
        (b'[{"error": {"code": 503, "message": "try later", "status": "UNAVAILABLE"}}]', "overloaded"),
        (b'data: {"choices": 7}\n\n', "failed"),
        (b'data: {"choices":[{"delta":{},"finish_reason":"content_filter"}]}\n\n', "refused"),
        (
            b'data: {"choices":[{"delta":{},"finish_reason":"insufficient_system_resource"}]}\n\n',
            "overloaded",
        ),
        (b'data: {"choices":[{"delta":{},"finish_reason":"error"}]}\n\n', "failed"),
    ],
)
async def test_a_body_of_status_200_may_still_be_a_fault(
    provider: FakeProvider, gateway: Gateway, body: bytes, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[body])
    events, caught = await until_error(gateway, configuration(provider))
    assert (events, caught.code) == ([], code)


@pytest.mark.parametrize(
    ("refusal", "accepted"),
    [
        (
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            {"max_completion_tokens": 8192},
        ),
        ("max_tokens is too large: 8192. This model supports at most 4096.", {"max_tokens": 4096}),
        ("Extra inputs are not permitted: stream_options", {"max_tokens": 8192}),
    ],
)
async def test_a_server_that_refuses_the_form_is_asked_in_another_and_remembered(
    provider: FakeProvider, gateway: Gateway, refusal: str, accepted: dict[str, int]
) -> None:
    provider.scenarios["swift"] = Scenario(
        fail_times=1,
        status=400,
        body=json.dumps({"error": {"message": refusal, "type": "invalid_request_error"}}),
    )
    for _ in range(2):
        assert finish(await ask(gateway, configuration(provider))) == "stop"
    _, second, third = (call.body for call in provider.calls)
    assert second == third
    assert {key: value for key, value in second.items() if key.startswith("max_")} == accepted
    assert ("stream_options" in second) == ("stream_options" not in refusal)
