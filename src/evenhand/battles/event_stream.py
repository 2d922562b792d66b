"""A response of server-sent events as bare ASGI: a stream that lasts hours needs no middle layer."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # or nginx holds the events back
]


STRAIGHT = "evenhand.straight"
"""The server's own `send` in the scope of a request, for the pieces of a stream; others have it wrapped."""


class EventStream(Response):
    """Sends `first`, and then what `pieces` yields until it ends or the reader leaves."""

    def __init__(self, first: bytes, pieces: AsyncGenerator[bytes]) -> None:
        super().__init__(status_code=200)
        self._first = first
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the headers, then the events; end with the connection."""
        async with contextlib.aclosing(self._pieces):
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            sending = asyncio.ensure_future(self._send(scope.get(STRAIGHT, send)))
            leaving = asyncio.ensure_future(_left(receive))
            try:
                await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (sending, leaving):
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.body", "body": self._first, "more_body": True})
        async for piece in self._pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
