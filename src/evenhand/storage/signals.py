"""Signals between the processes on one database, by PostgreSQL's LISTEN and NOTIFY."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from typing import Self

import psycopg
import structlog
from sqlalchemy import text

from evenhand.core.tasks import repeat
from evenhand.storage.engine import Database

PAUSE = 0.2
"""Seconds before a lost connection is made anew."""
CHECK = 5.0
"""Seconds after which a listener makes sure that it is not deaf: a dead line is like one without news."""

_log = structlog.get_logger()


class Signals:
    """What this process tells the others, and listens to on a connection of its own.

    Signals are handled one after the other, in the order in which they were committed.
    """

    def __init__(self, database: Database) -> None:
        self.process = secrets.token_hex(8)
        """What this process calls itself among the others."""
        self._database = database
        self._handlers: dict[str, Callable[[str], Awaitable[None]]] = {}
        self._after_gap: list[Callable[[], None]] = []
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def on(self, channel: str, handler: Callable[[str], Awaitable[None]]) -> None:
        """Hand every signal of a channel to `handler`. Call it before the block begins."""
        self._handlers[channel] = handler

    def after_gap(self, handler: Callable[[], None]) -> None:
        """Call `handler` whenever signals may have been missed, for the connection was lost for a while."""
        self._after_gap.append(handler)

    async def send(self, channel: str, payload: str) -> None:
        """Send a signal to every process, this one too.

        It has a transaction of its own: PostgreSQL lets transactions that notify commit one at a time.
        """
        async with self._database.unit_of_work() as work:
            await work.session.execute(
                text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
            )

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(repeat(self._listen, PAUSE))
        await self._listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        async with await self._database.connect() as connection:
            for channel in self._handlers:
                await connection.execute(f'LISTEN "{channel}"'.encode())
            if self._listening.is_set():
                for handler in self._after_gap:
                    handler()
            self._listening.set()
            while True:
                async for signal in connection.notifies(timeout=CHECK):
                    await self._handle(signal)
                with connection.at_once():
                    await connection.execute("SELECT 1")

    async def _handle(self, signal: psycopg.Notify) -> None:
        try:
            await self._handlers[signal.channel](signal.payload)
        except Exception as error:
            _log.error("signal_not_handled", channel=signal.channel, exc_info=error)
