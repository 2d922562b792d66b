"""A provider for benchmarks: every piece of its answers is the moment at which it was sent.

`python -m benchmarks.stamped_provider PER_SECOND` prints its port. The question is the number of pieces that
it answers with; after a second number of them, if there is one, the model `calm` says nothing more, for ever.
CLOCK_MONOTONIC is the same for all processes of a machine, so that whoever reads a piece knows how long it
was under way.
"""

import asyncio
import contextlib
import sys
import time

import uvloop
from aiohttp import web

_HEAD = (
    b'data: {"id":"x","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"content":"'
)
_TAIL = b'"},"finish_reason":null}]}\n\n'
_END = b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


async def _answer(request: web.Request) -> web.StreamResponse:
    asked = await request.json()
    pieces, *until = map(int, asked["messages"][-1]["content"].split())
    stalls = until[0] if until and asked["model"] == "calm" else None
    per_second = request.app["per_second"]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    due = time.monotonic()
    with contextlib.suppress(ConnectionResetError):  # the question was stopped
        for number in range(pieces):
            if number == stalls:
                await asyncio.Event().wait()
            due += 1 / per_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await response.write(_HEAD + b"%.5f " % time.monotonic() + _TAIL)
        await response.write(_END)
        await response.write_eof()
    return response


async def _serve(per_second: float) -> None:
    app = web.Application()
    app["per_second"] = per_second
    app.router.add_post("/v1/chat/completions", _answer)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=2048).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(float(sys.argv[1])))
