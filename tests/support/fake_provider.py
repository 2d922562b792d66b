"""A provider of models that does what a test says: a server on loopback that speaks each API we call.

In a test, `async with FakeProvider() as provider:` and `provider.scenarios["swift"] = Scenario(…)`; by hand,
`python -m tests.support.fake_provider --port 9001 --model swift=fast --model slow=slow`. The address of the
OpenAI API is `…/v1`, of Anthropic's too, of Google's `…/v1beta`.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from typing import Self

from aiohttp import web

from tests.support.fake_scenarios import SCENARIOS, Answer, Call, Scenario, answer_of
from tests.support.fake_shapes import SHAPES, Shape

__all__ = ["SCENARIOS", "Call", "FakeProvider", "Scenario"]


class _Cut(Exception):
    """The scenario wants the connection gone."""


class FakeProvider:
    """The server. `calls` are the requests so far, oldest first; `kind` is the API that `base_url` is of."""

    def __init__(
        self, port: int = 0, scenarios: dict[str, Scenario] | None = None, kind: str = "openai"
    ) -> None:
        self.scenarios = scenarios or {}
        self.usual = Scenario()
        self.calls: list[Call] = []
        self.port = port
        self.kind = kind
        self._arrived = asyncio.Condition()
        self._failed: Counter[tuple[str, str]] = Counter()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{SHAPES[self.kind].base}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        for shape in SHAPES.values():
            app.router.add_post(shape.route, partial(self._call, shape))
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

    async def _call(self, shape: Shape, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        model = shape.model(dict(request.match_info), body)
        call = Call(model, _port(request), dict(request.headers), str(request.url), body, time.monotonic())
        async with self._arrived:
            self.calls.append(call)
            self._arrived.notify_all()
        try:
            return await self._answer(shape, request, self.scenarios.get(model) or self.usual, call)
        except (asyncio.CancelledError, ConnectionError):
            call.aborted = True
            raise
        finally:
            call.ended = time.monotonic()
            call.over.set()

    async def _answer(
        self, shape: Shape, request: web.Request, scenario: Scenario, call: Call
    ) -> web.StreamResponse:
        if refusal := shape.refusal(call.headers, call.body):
            return web.json_response(shape.error(400, refusal), status=400)
        asked = shape.asked(request.query_string, call.body)
        question = asked.messages[-1]["content"] if scenario.fails_anew else ""
        if self._failed[call.model, question] < scenario.fail_times:
            self._failed[call.model, question] += 1
            body = scenario.body
            if body is None:
                body = json.dumps(shape.error(scenario.status, "something broke"))
            kind = "application/json" if body.startswith(("{", "[")) else "text/html"
            return web.Response(
                status=scenario.status, text=body, content_type=kind, headers=scenario.headers
            )
        await asyncio.sleep(scenario.first_token_seconds)
        answer = answer_of(scenario, call.model, asked)
        if scenario.ignores_stream or not asked.stream:
            return web.json_response(shape.document(scenario, call.model, answer))
        headers = {"Content-Type": "text/event-stream", "X-Request-Id": f"req-{call.model}"}
        response = web.StreamResponse(headers=headers | scenario.headers)
        await response.prepare(request)
        try:
            await _write(shape, response, scenario, call.model, answer)
        except _Cut:
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write_eof()
        return response


def _port(request: web.Request) -> int:
    assert request.transport is not None
    return int(request.transport.get_extra_info("peername")[1])


async def _write(
    shape: Shape, response: web.StreamResponse, scenario: Scenario, model: str, answer: Answer
) -> None:
    left = scenario.cut_after_bytes
    raw = scenario.raw
    async for data in _raw(raw) if raw is not None else _stream(shape, scenario, model, answer):
        if left is not None and len(data) >= left:
            await response.write(data[:left])
            raise _Cut
        left = None if left is None else left - len(data)
        await response.write(data)
    if scenario.hangs:
        await scenario.released.wait()


async def _raw(written: list[bytes]) -> AsyncIterator[bytes]:
    for data in written:
        yield data
        for _ in range(3):  # lets a reader on the same loop take this piece before the next comes
            await asyncio.sleep(0)


async def _stream(shape: Shape, scenario: Scenario, model: str, answer: Answer) -> AsyncIterator[bytes]:
    yield shape.opening(scenario, model, answer)
    for position in range(len(answer.pieces)):
        if position == scenario.stall_after:
            async for sign in _stall(scenario, shape.keep_alive):
                yield sign
        if position == scenario.error_after:
            error = scenario.error
            yield shape.error_event(error if error is not None else shape.error(503, "engine overloaded"))
            return
        yield shape.piece(scenario, model, answer, position)
        if scenario.tokens_per_second is not None:
            await asyncio.sleep(1 / scenario.tokens_per_second)
    yield shape.closing(scenario, model, answer)


async def _stall(scenario: Scenario, keep_alive: bytes) -> AsyncIterator[bytes]:
    while not scenario.released.is_set():
        if scenario.keep_alive_seconds is None:
            await scenario.released.wait()
        else:
            yield keep_alive
            await asyncio.sleep(scenario.keep_alive_seconds)


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
