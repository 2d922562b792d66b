"""Lines to PostgreSQL on which nobody waits for ever when they have gone silent.

A host that is gone, or a device between that forgot an idle line, sends no reset. Of TCP the kernel notices
by `limits`; but not where something between still takes every byte, as a proxy or a tunnel does. So what was
asked and is not answered is looked into from a line of its own: a statement on which the server works may
take as long as it likes, and a line of which the server knows nothing is cut.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import psycopg
import structlog
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds without an answer after which a line is doubted, or cut where the answer takes no time."""

_FOR_GOOD = 86_400.0

_LIMITS = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
}

# What is asked or answered on a line that lost it leaves the server at rest. That it is so for a while keeps
# out what is being answered just now.
_AT_REST = """
SELECT pid FROM pg_stat_activity
WHERE pid = ANY(%s) AND state <> 'active' AND clock_timestamp() - state_change >= make_interval(secs => %s)"""

_log = structlog.get_logger()


def limits(url: str) -> dict[str, Any]:
    """How long a silent host is believed in, as parameters of a connection, but for those `url` has itself.

    On a Unix socket all but the first mean nothing.
    """
    own = conninfo_to_dict(url.replace("+psycopg", "", 1))
    return {name: value for name, value in _LIMITS.items() if name not in own}


class Line(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A connection that is doubted while a statement waits long for its answer."""

    doubts: "Doubts | None" = None

    async def wait(self, gen: PQGen[T], *options: Any, **named: Any) -> T:
        """Wait for the server as psycopg does, and doubt the line after `PATIENCE`.

        Ten times a second psycopg looks whether somebody pressed Ctrl-C; the loop tells us.
        """
        named.setdefault("interval", _FOR_GOOD)
        if self.doubts is None:
            return await super().wait(gen, *options, **named)
        timer = asyncio.get_running_loop().call_later(PATIENCE, self.doubts.add, self)
        try:
            return await super().wait(gen, *options, **named)
        finally:
            timer.cancel()
            self.doubts.discard(self)

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Cut the line if the block takes longer than `PATIENCE`: for what costs the server no time."""
        timer = asyncio.get_running_loop().call_later(PATIENCE, self.cut)
        try:
            yield
        finally:
            timer.cancel()

    def cut(self) -> None:
        """End the line as if the server had: whoever waits on it gets the driver's `OperationalError`."""
        _log.warning("database_line_cut")
        with contextlib.suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)


class Doubts:
    """The lines of this process on which an answer is late; `connect` opens the one that asks about them."""

    def __init__(self, connect: Callable[[], Awaitable[Line]]) -> None:
        self._connect = connect
        self._lines: set[Line] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, line: Line) -> None:
        """Look into a line, unless nothing was asked on it: it listens."""
        if line.pgconn.transaction_status != TransactionStatus.ACTIVE:
            return
        self._lines.add(line)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    def discard(self, line: Line) -> None:
        """It has answered, or ended."""
        self._lines.discard(line)

    async def close(self) -> None:
        """Look into nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        while self._lines:
            for line in await self._silent():
                line.cut()
            await asyncio.sleep(PATIENCE)

    async def _silent(self) -> set[Line]:
        """Those on which no answer will come, as far as can be known."""
        asked = {line.info.backend_pid: line for line in self._lines}
        try:
            line = await self._connect()
        except psycopg.Error as error:
            # A server that refuses one more connection works on those that it has.
            return set() if "FATAL" in str(error) else self._lines.copy()
        async with line:
            try:
                with line.at_once():
                    rows = await line.execute(_AT_REST, (list(asked), PATIENCE))
                    at_rest = {asked[pid] for (pid,) in await rows.fetchall()}
            except psycopg.OperationalError:
                return self._lines.copy()
        return at_rest & self._lines
