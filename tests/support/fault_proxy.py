"""A TCP proxy that does what networks do: delays, stalls, breaks off, sends rubbish, refuses, goes away."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qs, urlsplit

_PIECE = 4096


@dataclass
class Fault:
    """What happens to the bytes that come back from the server, counted for each connection."""

    delay: float = 0.0
    """Seconds before each piece."""
    cut_after: int | None = None
    """Bytes after which the connection is closed as if the server had ended it."""
    reset_after: int | None = None
    """Bytes after which it is reset."""
    stall_after: int | None = None
    """Bytes after which nothing more comes."""
    garbage_after: int | None = None
    """Bytes after which something comes that the server never said."""

    @property
    def first(self) -> int | None:
        """The byte at which something happens."""
        marks = (self.cut_after, self.reset_after, self.stall_after, self.garbage_after)
        return min((mark for mark in marks if mark is not None), default=None)


@dataclass
class FaultProxy:
    """Stands before a server at a port of 127.0.0.1, or at the path of a Unix socket."""

    target: int | str
    fault: Fault = field(default_factory=Fault)
    away: bool = False
    """Whether it takes no connection at all."""
    silent: bool = False
    """Whether it takes all that is sent on new connections, and passes nothing on."""
    passed: int = 0
    """Bytes that the connection has brought back that was the last to bring some."""

    async def __aenter__(self) -> Self:
        self._connections: set[asyncio.StreamWriter] = set()
        self._stalled: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.break_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def break_all(self) -> None:
        """Reset every connection that is open."""
        for writer in list(self._connections):
            _reset(writer)

    def stall(self) -> None:
        """Take all that is sent on the connections that are open, and pass on nothing, for ever."""
        self._stalled |= self._connections

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            _reset(writer)
            return
        if isinstance(self.target, int):
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        else:
            there, back = await asyncio.open_unix_connection(self.target)
        self._connections |= {writer, back}
        if self.silent:
            self._stalled |= {writer, back}
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        out = asyncio.create_task(self._copy(reader, back))
        self._tasks.add(out)
        try:
            await self._bring_back(there, writer)
        except (ConnectionError, TimeoutError):
            _reset(writer)
        except asyncio.CancelledError:
            pass  # the proxy ends; asyncio would log it as an error
        finally:
            out.cancel()
            for end in (writer, back):
                self._connections.discard(end)
                self._stalled.discard(end)
                end.close()
            self._tasks -= {task, out}

    async def _bring_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed = 0
        while piece := await reader.read(_PIECE):
            await asyncio.sleep(self.fault.delay)
            if writer in self._stalled:
                continue
            mark = self.fault.first
            kept = piece if mark is None else piece[: mark - passed]
            writer.write(kept)
            await writer.drain()
            passed = self.passed = passed + len(kept)
            if mark is not None and passed >= mark:
                await self._happen(writer)
                return

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE):
            if writer in self._stalled:
                continue
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def _happen(self, writer: asyncio.StreamWriter) -> None:
        mark = self.fault.first
        if mark == self.fault.reset_after:
            _reset(writer)
        elif mark == self.fault.stall_after:
            await asyncio.Event().wait()
        elif mark == self.fault.garbage_after:
            writer.write(bytes(range(256)))
            await writer.drain()


@asynccontextmanager
async def line_to(database_url: str) -> AsyncIterator[tuple[FaultProxy, str]]:
    """A proxy before a database that is reached by a Unix socket, and the database's address behind it."""
    address = urlsplit(database_url)
    folder, port = (parse_qs(address.query)[name][0] for name in ("host", "port"))
    async with FaultProxy(f"{folder}/.s.PGSQL.{port}") as line:
        yield line, f"postgresql://{address.username}@127.0.0.1:{line.port}{address.path}"


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side sees a reset, not an end."""
    connection = writer.get_extra_info("socket")
    is_open = connection is not None and connection.fileno() != -1
    if is_open and connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
