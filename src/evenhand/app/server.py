"""The web server of one process: it says when it can be used, drains, and lets readers go when it ends."""

import asyncio
import contextlib
import gc
import socket
import sys
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from evenhand.app.ending import Ending
from evenhand.battles.event_stream import STRAIGHT

_CLOSE_SECONDS = 5
KEEP_SECONDS = 75
"""An idle connection is kept longer than proxies keep theirs (60 s): they would send on one that we close."""

THREAD_SECONDS = 0.0005
"""How long work in a thread, as measuring an answer, may hold up all streams; Python allows 5 ms."""


def _with_straight_way(app: ASGIApp) -> ASGIApp:
    """The same app, whose streams send their pieces past all that only looks at how a response begins."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        scope[STRAIGHT] = send
        await app(scope, receive, send)

    return serve


class ArenaServer(uvicorn.Server):
    """Serves an arena; `on_ready` is called once it can be used. `ending` ends it from then on."""

    def __init__(self, app: FastAPI, ending: Ending, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                _with_straight_way(app),
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_CLOSE_SECONDS,
                timeout_keep_alive=KEEP_SECONDS,
                server_header=False,
            )
        )
        self._arena = app
        self._on_ready = on_ready
        self._loop = asyncio.get_running_loop()
        self._draining: asyncio.Task[None] | None = None
        ending.in_order = self.end
        ending.drain = self.drain

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started and not self.should_exit:
            # What is loaded stays: to look for garbage in it would stop every stream for a tenth of a second.
            gc.freeze()
            sys.setswitchinterval(THREAD_SECONDS)
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are not its own to take: there is a database to be stopped after it."""
        yield

    def end(self) -> None:
        """End soon, interrupting what runs; may be called in a signal handler."""
        self.should_exit = True

    def drain(self) -> None:
        """End once what runs has ended; may be called in a signal handler."""
        self._loop.call_soon_threadsafe(self._begin_to_drain)

    def _begin_to_drain(self) -> None:
        if not self.started:
            self.end()
        elif self._draining is None:
            self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        seconds = self._arena.state.settings.drain_seconds
        await self._arena.state.runner.drain(seconds)
        self.end()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let readers go, and close."""
        # Connections are closed in the same breath: no reader comes back to this process.
        self._arena.state.streams.let_readers_go()
        await super().shutdown(sockets)
