"""One request and its response on one HTTP/1.1 connection, and the body as it comes."""

import asyncio
from contextlib import suppress
from typing import Literal, cast

import httptools

from evenhand.gateway.addresses import Origin
from evenhand.gateway.ticks import Ticks

_LONGEST_HEAD = 64 << 10
_MOST_UNREAD = 256 << 10
"""Bytes of a body that may wait for their reader; the provider must stop sending then."""


class ClosedError(ConnectionError):
    """The provider closed the connection before the response was complete."""


class NotHttpError(Exception):
    """What the provider sent is not HTTP."""


class Exchange(asyncio.Protocol):
    """A connection, and the response that comes on it. After one was read to its end, another may begin.

    What came before a cut is read first; the cut is raised after it.
    """

    status = 0
    """The response's status; 0 until its head has come."""
    headers: dict[str, str]
    """The response's headers, by their names in lower case."""

    def __init__(self, origin: Origin, ticks: Ticks) -> None:
        self.origin = origin
        self._ticks = ticks
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._state: Literal["idle", "head", "body", "complete", "broken"] = "idle"

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent on this connection, after the one before."""
        return self._state == "complete" and self._keeps and not self._closed

    def send(self, request: bytes) -> None:
        """Send a whole request; the response begins anew."""
        assert self._transport is not None, "the connection is made"
        self._state = "head"
        self.status = 0
        self.headers = {}
        self._keeps = False
        self._unparsed: list[bytes] = []
        self._body: list[bytes] = []
        self._size = 0
        self._paused = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._parser = httptools.HttpResponseParser(self)
        # What real servers get wrong and every client lets pass.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._transport.write(request)

    async def head(self) -> None:
        """Wait for status and headers. Raises `OSError` and `NotHttpError`."""
        while self._state == "head":
            await self._wait()
        if self._error is not None and not self.status:
            raise self._error

    async def read(self) -> bytes:
        """What has come of the body since the last time, once there is any; nothing at its end.

        Raises `OSError` and `NotHttpError` where the body is cut, and what `interrupt` was given.
        """
        while not self._body and self._state == "body":
            await self._wait()
        if not self._body:
            if self._error is not None:
                raise self._error
            return b""
        data = b"".join(self._body) if len(self._body) > 1 else self._body[0]
        self._body.clear()
        self._size = 0
        if self._paused:
            self._paused = False
            self._reading("resume_reading")
        return data

    def interrupt(self, error: Exception) -> None:
        """Let whoever waits now go on: with what has come, else with an error."""
        if self._waiter is not None and not self._waiter.done() and not self._body:
            self._waiter.set_exception(error)
        self._wake()

    def abort(self) -> None:
        """End the connection, whatever is under way."""
        if self._transport is not None:
            self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _reading(self, change: Literal["pause_reading", "resume_reading"]) -> None:
        with suppress(RuntimeError):  # the connection is closing
            getattr(self._transport, change)()

    def _parse(self) -> None:
        if not self._unparsed:
            return
        data = b"".join(self._unparsed)
        self._unparsed.clear()
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._break(NotHttpError(f"{type(error).__name__}: {error}"))
        self._wake()

    def _break(self, error: Exception) -> None:
        self._state, self._error = "broken", error
        self.abort()
        self._wake()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Bytes have come. This is the hot path: it runs for every piece of every answer."""
        if self._state == "body":
            if not self._unparsed:
                self._ticks.soon(self._parse)
            self._unparsed.append(data)
            self._size += len(data)
            if self._size > _MOST_UNREAD and not self._paused:
                self._paused = True
                self._reading("pause_reading")
        elif self._state == "head":
            self._unparsed.append(data)
            self._parse()
            self._size += len(data)
            if self._state == "head" and self._size > _LONGEST_HEAD:
                self._break(NotHttpError(f"a head of more than {_LONGEST_HEAD} bytes"))
        else:
            self.abort()  # nobody asked

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is over."""
        self._closed = True
        self._parse()
        if self._state == "body" and error is None and self._ends_with_connection:
            self._state = "complete"
            self._wake()
        elif self._state in ("head", "body"):
            where = "before it answered" if self._state == "head" else "in the middle of the answer"
            self._break(error or ClosedError(f"the connection was closed {where}"))

    @property
    def _ends_with_connection(self) -> bool:
        return "content-length" not in self.headers and "transfer-encoding" not in self.headers

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The head is complete; one that only announces another is dropped."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers.clear()
            return
        self.status = status
        self._state = "body"

    def on_body(self, data: bytes) -> None:
        """More of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The body is complete."""
        if self._state == "body":
            self._state = "complete"
            self._keeps = self._parser.should_keep_alive()
