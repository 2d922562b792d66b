"""A stream that is cut at any byte: what came is kept, and only a finish reason makes it whole."""

import json

import pytest

from evenhand.gateway import Delta, Finish, Gateway, GatewayError, StreamEvent
from tests.gateway.calls import QUESTION, configuration, joined
from tests.support.fake_provider import FakeProvider, Scenario


def lines_of_an_answer() -> list[bytes]:
    chunks: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"content": f" word{i} 字"}, "finish_reason": None}]}
        for i in range(12)
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunks.append({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 12}})
    return [b"data: " + json.dumps(chunk, ensure_ascii=False).encode() for chunk in chunks] + [
        b"data: [DONE]"
    ]


@pytest.mark.parametrize("part", range(4))
async def test_a_stream_cut_at_any_byte_keeps_what_came(
    provider: FakeProvider, gateway: Gateway, part: int
) -> None:
    lines = lines_of_an_answer()
    body = b"".join(line + b"\n\n" for line in lines)
    ends = [len(b"\n\n".join(lines[: i + 1])) for i in range(len(lines))]
    for k in range(part, len(body), 4):
        provider.scenarios[f"cut{k}"] = Scenario(raw=[body], cut_after_bytes=k)
        events: list[StreamEvent] = []
        error = None
        try:
            async for event in gateway.stream(configuration(provider.base_url, f"cut{k}"), QUESTION):
                events.append(event)  # noqa: PERF401 (what came before the error counts)
        except GatewayError as caught:
            error = caught
        whole = sum(end <= k for end in ends)  # lines of which every byte came
        assert joined(events) == "".join(f" word{i} 字" for i in range(min(whole, 12))), k
        if whole >= 13:  # the finish reason's line among them
            assert error is None, k
            assert events[-1] == Finish("stop"), k
        else:
            assert error is not None, k
            assert error.code == "failed", k
            assert error.started == any(isinstance(event, Delta) for event in events), k
