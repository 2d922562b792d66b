"""What only Google's generateContent has: its request, its chunks, its blocks and reasons to finish."""

import json
from typing import Any

import pytest

from evenhand.gateway import Delta, Gateway, Message, Usage
from tests.gateway.calls import answer, ask, configuration, finish, how_it_ends, joined, until_error, usage
from tests.support.fake_provider import FakeProvider, Scenario

pytestmark = pytest.mark.parametrize("kind", ["google"])


def chunk(*parts: Any, finish: str | None = None, **more: Any) -> bytes:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if finish is not None:
        candidate["finishReason"] = finish
    return b"data: " + json.dumps({"candidates": [candidate]} | more).encode() + b"\r\n\r\n"


async def test_what_is_asked_for_is_what_the_configuration_says(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_API_KEY", "AIza-canary")
    wanted = configuration(
        provider, system_prompt="Be brief.", reasoning_effort="low", api_key_env="ACME_API_KEY"
    )
    await ask(gateway, wanted, [Message("user", "a"), Message("assistant", "b"), Message("user", "c")])
    call = provider.calls[0]
    assert call.headers["x-goog-api-key"] == "AIza-canary"
    assert "Authorization" not in call.headers
    assert call.url == f"{provider.base_url}/models/swift:streamGenerateContent?alt=sse"
    assert call.body == {
        "contents": [
            {"role": "user", "parts": [{"text": "a"}]},
            {"role": "model", "parts": [{"text": "b"}]},
            {"role": "user", "parts": [{"text": "c"}]},
        ],
        "generationConfig": {
            "maxOutputTokens": 8192,
            "temperature": 0.5,
            "topP": 0.9,
            "thinkingConfig": {"includeThoughts": True, "thinkingLevel": "LOW"},
        },
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    }


@pytest.mark.parametrize("model", ["models/swift", "models/swift?key=x#"])
async def test_a_model_s_name_cannot_lead_elsewhere(
    provider: FakeProvider, gateway: Gateway, model: str
) -> None:
    await ask(gateway, configuration(provider, model))
    assert [call.model for call in provider.calls] == [model.removeprefix("models/")]


async def test_parts_of_one_chunk_are_told_apart_and_what_is_no_text_is_passed_over(
    provider: FakeProvider, gateway: Gateway
) -> None:
    parts = (
        {"text": "hm", "thought": True},
        {"text": "a", "thoughtSignature": "Ci4B"},
        {"text": ""},
        {"functionCall": {"name": "f", "args": {}}},
        {"executableCode": {"code": "1"}},
    )
    other = {"candidates": [{"index": 1, "content": {"parts": [{"text": "x"}]}, "finishReason": "SAFETY"}]}
    second = b"data: " + json.dumps(other).encode() + b"\r\n\r\n"
    events = await answer(provider, gateway, chunk(*parts), second, chunk(finish="STOP"))
    assert events == [Delta("reasoning", "hm"), Delta("text", "a"), events[-1]]
    assert finish(events) == "stop"


async def test_missing_content_is_no_fault(provider: FakeProvider, gateway: Gateway) -> None:
    body = b'data: {"candidates":[{"content":{"role":"model"}}]}\n\n'
    body += b'data: {"candidates":[{"finishReason":"STOP"}]}\n\n'
    assert joined(await answer(provider, gateway, chunk({"text": "a"}), body)) == "a"


async def test_thoughts_are_billed_as_output_and_the_last_counts_hold(
    provider: FakeProvider, gateway: Gateway
) -> None:
    first = {"promptTokenCount": 120, "totalTokenCount": 120}
    last = first | {"candidatesTokenCount": 20, "thoughtsTokenCount": 30, "cachedContentTokenCount": 100}
    events = await answer(
        provider,
        gateway,
        chunk({"text": "a"}, usageMetadata=first),
        chunk(finish="STOP", usageMetadata=last),
    )
    assert usage(events) == Usage(120, 50, 30)


@pytest.mark.parametrize(
    ("reason", "ends"),
    [
        ("STOP", "stop"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "refused"),
        ("RECITATION", "refused"),
        ("PROHIBITED_CONTENT", "refused"),
        ("BLOCKLIST", "refused"),
        ("SPII", "refused"),
        ("OTHER", "failed"),
        ("MALFORMED_FUNCTION_CALL", "failed"),
        ("SOMETHING_NEW", "failed"),
    ],
)
async def test_every_reason_to_finish_has_a_meaning(
    provider: FakeProvider, gateway: Gateway, reason: str, ends: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[chunk(finish=reason)])
    assert await how_it_ends(gateway, configuration(provider)) == ends


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'data: {"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"}}\n\n', "refused"),
        (b'[{"promptFeedback":{"blockReason":"OTHER"}}]', "refused"),
        (b'[{"error": {"code": 503, "message": "try later", "status": "UNAVAILABLE"}}]', "overloaded"),
        (b'data: {"error": {"code": 400, "status": "INVALID_ARGUMENT"}}\n\n', "failed"),
        (b'data: {"candidates": 7}\n\n', "failed"),
        (b'{"usageMetadata": {"promptTokenCount": 3}}', "failed"),
    ],
)
async def test_a_body_of_status_200_may_still_be_a_fault(
    provider: FakeProvider, gateway: Gateway, body: bytes, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[body])
    events, caught = await until_error(gateway, configuration(provider))
    assert (events, caught.code) == ([], code)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("Thinking is not enabled for this model", {"maxOutputTokens": 8192}),
        (
            "maxOutputTokens: the supported range is from 1 to 4097",
            {"maxOutputTokens": 4096, "thinkingConfig": {"includeThoughts": True}},
        ),
    ],
)
async def test_a_model_that_refuses_the_form_is_asked_in_another_and_remembered(
    provider: FakeProvider, gateway: Gateway, said: str, changed: dict[str, Any]
) -> None:
    body = json.dumps({"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}})
    provider.scenarios["swift"] = Scenario(fail_times=1, status=400, body=body)
    for _ in range(2):
        await ask(gateway, configuration(provider))
    _, second, third = (call.body["generationConfig"] for call in provider.calls)
    assert second == third == {"temperature": 0.5, "topP": 0.9} | changed
