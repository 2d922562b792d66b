"""What only Anthropic's Messages API has: its request, its events, its reasons to stop."""

import json
from typing import Any

import pytest

from evenhand.gateway import Delta, Gateway, Message, Usage
from tests.gateway.calls import answer, ask, configuration, finish, how_it_ends, joined, until_error, usage
from tests.support.fake_provider import FakeProvider, Scenario

pytestmark = pytest.mark.parametrize("kind", ["anthropic"])


def event(name: str, **fields: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name} | fields)}\n\n".encode()


def delta(kind: str, **fields: Any) -> bytes:
    return event("content_block_delta", index=0, delta={"type": kind} | fields)


def stop(reason: str, **counted: Any) -> bytes:
    return event("message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage=counted)


START = event("message_start", message={"id": "msg_1", "content": [], "usage": {"input_tokens": 9}})
END = event("message_stop")


async def test_what_is_asked_for_is_what_the_configuration_says(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_API_KEY", "sk-canary")
    wanted = configuration(provider, system_prompt="Be brief.", api_key_env="ACME_API_KEY")
    await ask(gateway, wanted, [Message("user", "a"), Message("assistant", "b"), Message("user", "c")])
    call = provider.calls[0]
    assert call.headers["x-api-key"] == "sk-canary"
    assert call.headers["anthropic-version"] == "2023-06-01"
    assert "Authorization" not in call.headers
    assert "canary" not in call.url
    assert call.body == {
        "model": "swift",
        "max_tokens": 8192,
        "messages": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b"},
            {"role": "user", "content": "c"},
        ],
        "stream": True,
        "system": "Be brief.",
        "temperature": 0.5,
        "top_p": 0.9,
    }


async def test_effort_asks_for_thinking_that_is_shown(provider: FakeProvider, gateway: Gateway) -> None:
    await ask(gateway, configuration(provider, reasoning_effort="low", fixed_sampling=True))
    body = provider.calls[0].body
    assert body["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert body["output_config"] == {"effort": "low"}


async def test_a_top_p_that_cuts_nothing_is_not_sent(provider: FakeProvider, gateway: Gateway) -> None:
    wanted = configuration(provider)
    sampling = wanted.sampling.model_copy(update={"top_p": 1.0})
    await ask(gateway, wanted.model_copy(update={"sampling": sampling}))
    assert provider.calls[0].body["temperature"] == 0.5
    assert "top_p" not in provider.calls[0].body


async def test_pings_signatures_and_what_is_no_text_are_passed_over(
    provider: FakeProvider, gateway: Gateway
) -> None:
    events = await answer(
        provider,
        gateway,
        START,
        event("ping"),
        event("content_block_start", index=0, content_block={"type": "redacted_thinking", "data": "Er"}),
        delta("thinking_delta", thinking="hm"),
        delta("signature_delta", signature="EqQB"),
        delta("input_json_delta", partial_json='{"a"'),
        event("something_new", index=0),
        delta("text_delta", text=""),
        delta("text_delta", text="a"),
        stop("end_turn", output_tokens=7),
        END,
    )
    assert events[:2] == [Delta("reasoning", "hm"), Delta("text", "a")]
    assert finish(events) == "stop"


async def test_text_in_the_start_of_a_block_counts(provider: FakeProvider, gateway: Gateway) -> None:
    block = event("content_block_start", index=0, content_block={"type": "text", "text": "a"})
    events = await answer(provider, gateway, block, delta("text_delta", text="b"), stop("end_turn"), END)
    assert joined(events) == "ab"


async def test_the_cache_is_part_of_the_prompt_and_the_last_counts_hold(
    provider: FakeProvider, gateway: Gateway
) -> None:
    counted = {"input_tokens": 9, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 20}
    start = event("message_start", message={"usage": counted | {"output_tokens": 1}})
    ends = stop("end_turn", output_tokens=40, output_tokens_details={"thinking_tokens": 30})
    last = event("message_delta", delta={}, usage={"output_tokens": 50})
    events = await answer(provider, gateway, start, delta("text_delta", text="a"), ends, last, END)
    assert (usage(events), finish(events)) == (Usage(129, 50, 30), "stop")


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("refusal", "refused"),
        ("pause_turn", "failed"),
        ("tool_use", "failed"),
        ("something_new", "failed"),
    ],
)
async def test_every_reason_to_stop_has_a_meaning(
    provider: FakeProvider, gateway: Gateway, reason: str, ends: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[stop(reason) + END])
    assert await how_it_ends(gateway, configuration(provider)) == ends


@pytest.mark.parametrize(
    ("kind_of_error", "code", "calls"),
    [
        ("overloaded_error", "overloaded", 3),
        ("rate_limit_error", "overloaded", 3),
        ("api_error", "failed", 3),
        ("timeout_error", "timeout", 3),
        ("invalid_request_error", "failed", 1),
        ("authentication_error", "failed", 1),
    ],
)
async def test_an_error_event_means_what_its_status_would(
    provider: FakeProvider, gateway: Gateway, kind_of_error: str, code: str, calls: int
) -> None:
    error = {"type": "error", "error": {"type": kind_of_error, "message": "Sorry"}}
    provider.scenarios["swift"] = Scenario(error_after=0, error=error)
    _, caught = await until_error(gateway, configuration(provider))
    assert (caught.code, len(provider.calls)) == (code, calls)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'data: {"type":"error","error":{"type":"overloaded_error"}}\n\n', "overloaded"),
        (b'{"type":"error","error":{"type":"overloaded_error","message":"x"}}', "overloaded"),
        (b'{"type":"message"}', "failed"),
        (b'data: {"delta": 7}\n\n', "failed"),
        (START + END, "failed"),
    ],
)
async def test_a_body_of_status_200_may_still_be_a_fault(
    provider: FakeProvider, gateway: Gateway, body: bytes, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[body])
    events, caught = await until_error(gateway, configuration(provider))
    assert (events, caught.code) == ([], code)


async def test_a_model_that_cannot_give_so_much_is_asked_for_the_answer_alone_and_remembered(
    provider: FakeProvider, gateway: Gateway
) -> None:
    said = "max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for swift"
    body = json.dumps({"type": "error", "error": {"type": "invalid_request_error", "message": said}})
    provider.scenarios["swift"] = Scenario(fail_times=1, status=400, body=body)
    for _ in range(2):
        await ask(gateway, configuration(provider))
    assert [call.body["max_tokens"] for call in provider.calls] == [8192, 4096, 4096]


async def test_a_prompt_that_leaves_no_room_teaches_nothing_about_the_limit(
    provider: FakeProvider, gateway: Gateway
) -> None:
    said = "input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000"
    body = json.dumps({"type": "error", "error": {"type": "invalid_request_error", "message": said}})
    provider.scenarios["swift"] = Scenario(fail_times=1, status=400, body=body)
    _, caught = await until_error(gateway, configuration(provider))
    assert caught.code == "too_long"
    await ask(gateway, configuration(provider))
    assert [call.body["max_tokens"] for call in provider.calls] == [8192, 8192]
