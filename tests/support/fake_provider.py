"""A provider of models that does what a test says: an OpenAI-compatible server on loopback.

In a test, `async with FakeProvider() as provider:` and `provider.scenarios["swift"] = Scenario(…)`; by hand,
`python -m tests.support.fake_provider --port 9001 --model swift=fast --model slow=slow`.
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from tests.support.fake_answers import answer_to, pieces


@dataclass
class Scenario:
    """How a model behaves. `stall_after` and `error_after` count pieces of the answer."""

    text: str | None = None  # None: a plausible answer
    reasoning: str = ""
    reasoning_field: str = "reasoning_content"
    inline_think: bool = False  # the reasoning stands in the answer, between <think> and </think>
    echo: bool = False  # the answer is the messages that came, as JSON
    first_token_seconds: float = 0.0
    tokens_per_second: float | None = None  # None: as fast as it goes
    fail_times: int = 0  # so many calls get `status` and `body`, later ones are fine
    status: int = 500
    body: str = '{"error": {"message": "something broke", "type": "server_error"}}'
    headers: dict[str, str] = field(default_factory=dict)
    error_after: int | None = None
    error: Any = field(default_factory=lambda: {"error": {"message": "engine overloaded", "code": 503}})
    stall_after: int | None = None  # until `released` is set
    released: asyncio.Event = field(default_factory=asyncio.Event)
    cut_after_bytes: int | None = None
    raw: list[bytes] | None = None  # the body, written in these pieces
    done: bool = True
    usage: bool = True
    finish_reason: str | None = "stop"
    ignores_stream: bool = False  # answers with one JSON document
    honours_limit: bool = True
    keep_alive_seconds: float | None = None  # comments at this interval while it stalls
    hangs: bool = False  # the body does not end until `released` is set


SCENARIOS: dict[str, Callable[[], Scenario]] = {
    "fast": lambda: Scenario(tokens_per_second=200.0, first_token_seconds=0.1),
    "slow": lambda: Scenario(tokens_per_second=5.0, first_token_seconds=2.0),
    "flood": lambda: Scenario(text="flood " * 20_000, honours_limit=False),
    "echo": lambda: Scenario(echo=True),
    "think": lambda: Scenario(
        reasoning="Let me think about that. ", inline_think=True, tokens_per_second=50.0
    ),
    "reasoning": lambda: Scenario(reasoning="Let me think about that. " * 5, tokens_per_second=50.0),
    "fail": lambda: Scenario(fail_times=1 << 30),
    "flaky": lambda: Scenario(fail_times=2, status=503, tokens_per_second=50.0),
    "refuse": lambda: Scenario(finish_reason="content_filter", text=""),
    "error": lambda: Scenario(error_after=5, tokens_per_second=50.0),
    "cut": lambda: Scenario(cut_after_bytes=2_000, tokens_per_second=50.0),
    "stall": lambda: Scenario(stall_after=5, tokens_per_second=50.0),
}


@dataclass
class Call:
    """One request and what became of it. Times are of `time.monotonic`; `port` is the caller's."""

    model: str
    port: int
    headers: dict[str, str]
    body: dict[str, Any]
    started: float
    ended: float | None = None
    aborted: bool = False  # the caller went before the answer was whole
    over: asyncio.Event = field(default_factory=asyncio.Event)


class _Cut(Exception):
    """The scenario wants the connection gone."""


class FakeProvider:
    """The server. `calls` are the requests so far, oldest first."""

    def __init__(self, port: int = 0, scenarios: dict[str, Scenario] | None = None) -> None:
        self.scenarios = scenarios or {}
        self.calls: list[Call] = []
        self.port = port
        self._arrived = asyncio.Condition()
        self._failed: dict[str, int] = {}

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        for scenario in self.scenarios.values():
            scenario.released.set()
        await self._runner.cleanup()

    async def called(self, times: int = 1) -> Call:
        """Waits until `times` requests have come; the last of them."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.calls) >= times)
        return self.calls[times - 1]

    async def _models(self, _: web.Request) -> web.Response:
        names = [{"id": name, "object": "model", "owned_by": "acme"} for name in self.scenarios]
        return web.json_response({"object": "list", "data": names})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        model = str(body["model"])
        scenario = self.scenarios.get(model) or Scenario()
        call = Call(model, _port(request), dict(request.headers), body, time.monotonic())
        async with self._arrived:
            self.calls.append(call)
            self._arrived.notify_all()
        try:
            return await self._answer(request, scenario, call)
        except (asyncio.CancelledError, ConnectionError):
            call.aborted = True
            raise
        finally:
            call.ended = time.monotonic()
            call.over.set()

    async def _answer(self, request: web.Request, scenario: Scenario, call: Call) -> web.StreamResponse:
        if self._failed.get(call.model, 0) < scenario.fail_times:
            self._failed[call.model] = self._failed.get(call.model, 0) + 1
            kind = "application/json" if scenario.body.startswith(("{", "[")) else "text/html"
            return web.Response(
                status=scenario.status, text=scenario.body, content_type=kind, headers=scenario.headers
            )
        await asyncio.sleep(scenario.first_token_seconds)
        if scenario.ignores_stream or not call.body.get("stream"):
            return web.json_response(_document(scenario, call))
        headers = {"Content-Type": "text/event-stream", "X-Request-Id": f"req-{call.model}"}
        response = web.StreamResponse(headers=headers | scenario.headers)
        await response.prepare(request)
        try:
            await self._write(response, scenario, call)
        except _Cut:
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write_eof()
        return response

    async def _write(self, response: web.StreamResponse, scenario: Scenario, call: Call) -> None:
        left = scenario.cut_after_bytes
        body = _raw(scenario.raw) if scenario.raw is not None else _stream(scenario, call)
        async for data in body:
            if left is not None and len(data) >= left:
                await response.write(data[:left])
                raise _Cut
            left = None if left is None else left - len(data)
            await response.write(data)
        if scenario.hangs:
            await scenario.released.wait()


def _port(request: web.Request) -> int:
    assert request.transport is not None
    return int(request.transport.get_extra_info("peername")[1])


async def _raw(written: list[bytes]) -> AsyncIterator[bytes]:
    for data in written:
        yield data
        for _ in range(3):  # lets a reader on the same loop take this piece before the next comes
            await asyncio.sleep(0)


async def _stream(scenario: Scenario, call: Call) -> AsyncIterator[bytes]:
    yield _event(_chunk(call, {"role": "assistant", "content": None}))
    deltas, finish = _deltas(scenario, call)
    for position, delta in enumerate(deltas):
        if position == scenario.stall_after:
            async for comment in _stall(scenario):
                yield comment
        if position == scenario.error_after:
            yield _event(scenario.error)
            return
        yield _event(_chunk(call, delta))
        if scenario.tokens_per_second is not None:
            await asyncio.sleep(1 / scenario.tokens_per_second)
    if finish is not None:
        yield _event(_chunk(call, {}, finish))
    if scenario.usage:
        yield _event(_chunk(call, {}) | {"choices": [], "usage": _usage(call, deltas)})
    if scenario.done:
        yield b"data: [DONE]\n\n"


async def _stall(scenario: Scenario) -> AsyncIterator[bytes]:
    while not scenario.released.is_set():
        if scenario.keep_alive_seconds is None:
            await scenario.released.wait()
        else:
            yield b": keep-alive\n\n"
            await asyncio.sleep(scenario.keep_alive_seconds)


def _deltas(scenario: Scenario, call: Call) -> tuple[list[dict[str, Any]], str | None]:
    """The deltas of the answer and how it ends, within the limit that the caller set."""
    reasoning, text = _texts(scenario, call)
    deltas = [{scenario.reasoning_field: piece} for piece in pieces(reasoning)]
    deltas += [{"content": piece} for piece in pieces(text)]
    limit = call.body.get("max_tokens")
    if scenario.honours_limit and limit is not None and len(deltas) > limit:
        return deltas[:limit], "length"
    return deltas, scenario.finish_reason


def _texts(scenario: Scenario, call: Call) -> tuple[str, str]:
    messages = call.body["messages"]
    text = scenario.text
    if scenario.echo:
        text = json.dumps(messages, ensure_ascii=False)
    elif text is None:
        text = answer_to(call.model, messages[-1]["content"])
    if scenario.inline_think:
        return "", f"<think>\n{scenario.reasoning}\n</think>\n\n{text}"
    return scenario.reasoning, text


def _document(scenario: Scenario, call: Call) -> dict[str, Any]:
    reasoning, text = _texts(scenario, call)
    deltas, finish = _deltas(scenario, call)
    message = {"role": "assistant", "content": text, scenario.reasoning_field: reasoning or None}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return _chunk(call, {}) | {
        "object": "chat.completion",
        "choices": [choice],
        "usage": _usage(call, deltas) if scenario.usage else None,
    }


def _chunk(call: Call, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """Like OpenAI's, with an id and a fingerprint that give the model away."""
    return {
        "id": f"chatcmpl-{call.model}-0001",
        "object": "chat.completion.chunk",
        "created": 1_750_000_000,
        "model": call.model,
        "system_fingerprint": f"fp_{call.model}",
        "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
    }


def _usage(call: Call, deltas: list[dict[str, Any]]) -> dict[str, Any]:
    sent = sum(len(pieces(message["content"])) for message in call.body["messages"])
    thought = sum("content" not in delta for delta in deltas)
    return {
        "prompt_tokens": sent,
        "completion_tokens": len(deltas),
        "total_tokens": sent + len(deltas),
        "completion_tokens_details": {"reasoning_tokens": thought},
    }


def _event(content: Any) -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


async def _serve(port: int, models: list[str]) -> None:
    scenarios = {}
    for model in models:
        name, _, scenario = model.partition("=")
        scenarios[name] = SCENARIOS[scenario or "fast"]()
    async with FakeProvider(port, scenarios) as provider:
        print(f"{provider.base_url} serves {', '.join(scenarios)}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=9001)
    options.add_argument("--model", action="append", help=f"NAME=SCENARIO, one of {', '.join(SCENARIOS)}")
    given = options.parse_args()
    asyncio.run(_serve(given.port, given.model or ["swift=fast", "slow=slow"]))
