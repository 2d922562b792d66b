"""A stream that is cut at any byte: what came is kept, and only a finish reason makes it whole."""

import pytest

from evenhand.gateway import Delta, Finish, Gateway, GatewayError, StreamEvent
from tests.gateway.calls import QUESTION, configuration, joined
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.fake_scenarios import Answer
from tests.support.fake_shapes import SHAPES

WORDS = [f" word{i} 字" for i in range(12)]
ENDS = (b'"finish_reason": "stop"', b'"stop_reason": "end_turn"', b'"finishReason": "STOP"')


def body_of(kind: str) -> bytes:
    shape, scenario = SHAPES[kind], Scenario()
    answer = Answer([("text", word) for word in WORDS], "stop", sent=3, thought=0)
    events = [shape.piece(scenario, "swift", answer, position) for position in range(len(WORDS))]
    whole = [shape.opening(scenario, "swift", answer), *events, shape.closing(scenario, "swift", answer)]
    return b"".join(whole)


@pytest.mark.parametrize("part", range(4))
async def test_a_stream_cut_at_any_byte_keeps_what_came(
    provider: FakeProvider, gateway: Gateway, part: int
) -> None:
    body = body_of(provider.kind)
    ends = [body.index(b"\n", body.index(word.encode())) for word in WORDS]
    finish = body.index(b"\n", next(body.index(end) for end in ENDS if end in body))
    if provider.kind == "google":  # lines end with CR and LF
        ends, finish = [end - 1 for end in ends], finish - 1
    for k in range(part, len(body), 4):
        provider.scenarios[f"cut{k}"] = Scenario(raw=[body], cut_after_bytes=k)
        events: list[StreamEvent] = []
        error = None
        try:
            await gateway.call(configuration(provider, f"cut{k}"), QUESTION, events.append)
        except GatewayError as caught:
            error = caught
        assert joined(events) == "".join(WORDS[: sum(end <= k for end in ends)]), k
        if finish <= k:
            assert error is None, k
            assert events[-1] == Finish("stop"), k
        else:
            assert error is not None, k
            assert error.code == "failed", k
            assert error.started == any(isinstance(event, Delta) for event in events), k
