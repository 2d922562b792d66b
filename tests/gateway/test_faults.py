"""What a provider says when it cannot answer, and what the gateway calls it."""

import json
from datetime import UTC, datetime

import pytest

from evenhand.gateway import Gateway
from evenhand.gateway.faults import seconds_until
from tests.gateway.calls import configuration, joined, until_error
from tests.support.fake_provider import FakeProvider, Scenario

ALWAYS = 1 << 30


def error(message: str, code: object = None, kind: str = "invalid_request_error") -> str:
    return json.dumps({"error": {"message": message, "type": kind, "code": code}})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, error("Unknown field: foo"), "failed"),
        (401, error("Incorrect API key provided"), "failed"),
        (403, "<html><body>Forbidden</body></html>", "failed"),
        (404, error("The model `swift` does not exist", "model_not_found"), "failed"),
        (302, "<html>moved</html>", "failed"),
        (402, error("Insufficient credits"), "failed"),
        (429, error("You exceeded your current quota", "insufficient_quota"), "failed"),
        (400, error("This is too much", "context_length_exceeded"), "too_long"),
        (400, error("The request is too large", 400, "exceed_context_size_error"), "too_long"),
        (400, error("This model's maximum context length is 8192 tokens"), "too_long"),
        (413, "<html>Request Entity Too Large</html>", "too_long"),
        (429, error("Rate limit reached: tokens in the context window of a minute"), "overloaded"),
        (503, "<html>Service Unavailable</html>", "overloaded"),
        (529, error("Overloaded", None, "overloaded_error"), "overloaded"),
        (500, error("The engine is currently overloaded"), "overloaded"),
        (408, "", "timeout"),
        (504, "<html>Gateway Time-out</html>", "timeout"),
        (400, error("Filtered due to our content management policy", "content_filter"), "refused"),
        (400, error("Content Exists Risk"), "refused"),
        (403, error("Your chosen model requires moderation and your input was flagged"), "refused"),
        (400, error("prompt is too long: 210000 tokens > 200000 maximum"), "too_long"),
        (
            400,
            error("input length and `max_tokens` exceed context limit: 199000 + 4096"),
            "too_long",
        ),
        (
            400,
            error("The input token count (1200000) exceeds the maximum number of tokens"),
            "too_long",
        ),
        (400, error("Output blocked by content filtering policy"), "refused"),
        (429, error("RESOURCE_EXHAUSTED: check your plan and billing details"), "overloaded"),
        (400, error("Your credit balance is too low. Please go to Plans & Billing"), "failed"),
        (500, "Internal Server Error", "failed"),
        (418, "\xff\x00", "failed"),
    ],
)
async def test_a_status_becomes_a_public_code(
    provider: FakeProvider, gateway: Gateway, status: int, body: str, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(fail_times=ALWAYS, status=status, body=body)
    events, caught = await until_error(gateway, configuration(provider))
    assert (events, caught.code, caught.started) == ([], code, False)
    assert str(status) in caught.cause
    assert str(caught) == code


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"error": {"message": "slow down", "code": 429}}, "overloaded"),
        ({"error": {"message": "slow down", "code": "429"}}, "overloaded"),
        ({"error": "model is at capacity"}, "overloaded"),
        ({"error": {"message": "x", "code": "context_length_exceeded"}}, "too_long"),
        ({"error": {"message": "x", "code": "content_filter"}}, "refused"),
        ({"object": "error", "message": "boom", "code": 400}, "failed"),
        ({"error": {"message": None}}, "failed"),
        ({"error": {"type": "overloaded_error", "message": "x"}}, "overloaded"),
        ({"error": {"type": "rate_limit_error", "message": "x"}}, "overloaded"),
        ({"error": {"type": "timeout_error", "message": "x"}}, "timeout"),
        ({"error": {"type": "request_too_large", "message": "x"}}, "too_long"),
    ],
)
async def test_an_error_object_inside_a_stream_ends_it_and_keeps_what_came(
    provider: FakeProvider, gateway: Gateway, sent: object, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(text="One two three four", error_after=2, error=sent)
    events, caught = await until_error(gateway, configuration(provider))
    assert joined(events) == "One two"
    assert (caught.code, caught.started) == (code, True)
    assert len(provider.calls) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"event: error\ndata: the engine is overloaded\n\n", "overloaded"),
        (b'{"error": "no such model"}', "failed"),
        (b"<html>A login page</html>", "failed"),
        (b"{", "failed"),
        (b"[]", "failed"),
        (b"data: {oops\n\n", "failed"),
        (b"data: 7\n\n", "failed"),
        (b"data: " + b"x" * 1_100_000 + b"\n\n", "failed"),
        (b"", "failed"),
    ],
)
async def test_a_body_of_status_200_may_still_be_a_fault(
    provider: FakeProvider, gateway: Gateway, body: bytes, code: str
) -> None:
    provider.scenarios["swift"] = Scenario(raw=[body])
    events, caught = await until_error(gateway, configuration(provider))
    assert (events, caught.code) == ([], code)


async def test_a_missing_key_is_named_and_nothing_is_sent(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    _, caught = await until_error(gateway, configuration(provider, api_key_env="ACME_API_KEY"))
    assert caught.code == "failed"
    assert "ACME_API_KEY" in caught.cause
    assert provider.calls == []


@pytest.mark.parametrize("key", ["sk-canary\nX-Evil: 1", "sk-canary-é", "sk-canary\x7f"])
async def test_a_key_that_no_header_can_carry_is_not_sent_nor_shown(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("ACME_API_KEY", key)
    _, caught = await until_error(gateway, configuration(provider, api_key_env="ACME_API_KEY"))
    assert caught.code == "failed"
    assert "canary" not in caught.cause
    assert provider.calls == []


async def test_a_key_that_the_provider_repeats_is_not_in_the_cause(
    provider: FakeProvider, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_API_KEY", "sk-canary")
    provider.scenarios["swift"] = Scenario(
        fail_times=ALWAYS, status=401, body=error("Incorrect API key provided: sk-canary.")
    )
    _, caught = await until_error(gateway, configuration(provider, api_key_env="ACME_API_KEY"))
    assert "Incorrect API key" in caught.cause
    assert "canary" not in caught.cause


async def test_a_redirect_is_not_followed(provider: FakeProvider, gateway: Gateway) -> None:
    away = {"Location": f"{provider.base_url}/chat/completions"}
    provider.scenarios["swift"] = Scenario(fail_times=1, status=307, headers=away)
    _, caught = await until_error(gateway, configuration(provider))
    assert caught.code == "failed"
    assert len(provider.calls) == 1


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1/v1", "http://[::1/v1", "http://a b/v1"])
async def test_an_address_that_leads_nowhere_is_a_fault(gateway: Gateway, base_url: str) -> None:
    _, caught = await until_error(gateway, configuration(base_url))
    assert caught.code == "failed"


async def test_a_pause_that_the_body_asks_for_is_kept(provider: FakeProvider, gateway: Gateway) -> None:
    body = {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": [{"retryDelay": "34.5s"}]}}
    provider.scenarios["swift"] = Scenario(fail_times=ALWAYS, status=429, body=json.dumps(body))
    _, caught = await until_error(gateway, configuration(provider))
    assert (caught.code, caught.retry_after, len(provider.calls)) == ("overloaded", 34.5, 1)


def test_retry_after_is_seconds_or_a_date() -> None:
    def clock() -> datetime:
        return datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)

    assert seconds_until("3", clock) == 3
    assert seconds_until("Wed, 25 Nov 2026 12:00:07 GMT", clock) == 7
    assert seconds_until("Wed, 25 Nov 2026 11:00:00 GMT", clock) == 0
    for nonsense in (None, "", "soon", "nan", "inf", "-inf"):
        assert seconds_until(nonsense, clock) is None
