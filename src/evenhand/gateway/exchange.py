"""One request and its response on one HTTP/1.1 connection, and the body as it comes."""

import asyncio
import socket
from collections.abc import Callable
from typing import Literal, cast

import httptools

from evenhand.gateway.addresses import Origin
from evenhand.gateway.ticks import WATCHES, Ticks

_LONGEST_HEAD = 64 << 10
_AT_A_TICK = 64 << 10
"""What one tick reads of a connection at most, in bytes."""
_AT_ONCE = 2
"""So many first reads of a body do not wait for a tick: somebody waits for an answer to begin."""


class ClosedError(ConnectionError):
    """The provider closed the connection before the response was complete."""


class NotHttpError(Exception):
    """What the provider sent is not HTTP."""


class Exchange(asyncio.Protocol):
    """A connection, and the response that comes on it. After one was read to its end, another may begin.

    What came before a cut is handed over first; the cut is raised after it.
    """

    status = 0
    """The response's status; 0 until its head has come."""
    headers: dict[str, str]
    """The response's headers, by their names in lower case."""

    def __init__(self, origin: Origin, ticks: Ticks, plain: socket.socket | None = None) -> None:
        self.origin = origin
        self._ticks = ticks
        # Without TLS what comes can be read from the socket itself.
        self._plain = plain if WATCHES else None
        self._watched = False
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._closed = False
        self._state: Literal["idle", "head", "body", "complete", "broken"] = "idle"
        self._unparsed: list[bytes] = []

    @property
    def reusable(self) -> bool:
        """Whether a request may be sent on this connection, the first one or after the one before."""
        after_another = self._state == "complete" and self._keeps
        return not self._closed and (self._state == "idle" or after_another)

    def send(self, request: bytes) -> None:
        """Send a whole request; the response begins anew. Raises `ClosedError`."""
        assert self._transport is not None, "the connection is made"
        if self._closed:
            raise ClosedError("the connection was closed before the request")
        self._state = "head"
        self.status = 0
        self.headers = {}
        self._keeps = False
        self._body: list[bytes] = []
        self._head_size = 0
        self._at_once = _AT_ONCE
        self._take: Callable[[bytes], None] | None = None
        self._raised: Exception | None = None
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

    async def body(self, take: Callable[[bytes], None]) -> None:
        """Hand over what comes of the body as it comes, first what has come already; returns at its end.

        Raises `OSError` and `NotHttpError` where the body is cut, what `take` raises, and what `interrupt` is
        given. The rest of the body may be asked for afterwards.
        """
        self._take = take
        try:
            self._hand_over()
            while self._state == "body" and self._raised is None:
                await self._wait()
            if self._raised is not None:
                raise self._raised
        finally:
            self._take = self._raised = None
        if self._error is not None:
            raise self._error

    def interrupt(self, error: Exception) -> None:
        """Let whoever waits go on with an error, unless more has come by now."""
        if self._take is not None and not self._unparsed:
            self._raised = error
            self._wake()

    def abort(self) -> None:
        """End the connection, whatever is under way."""
        if self._transport is not None:
            self._watch_no_more()
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

    def _parse(self) -> None:
        if not self._unparsed:
            return
        data = b"".join(self._unparsed)
        self._unparsed.clear()
        self._feed(data)

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._break(NotHttpError(f"{type(error).__name__}: {error}"))
        self._hand_over()
        if self._state != "body":
            self._watch_no_more()
            self._wake()

    def _watch(self) -> None:
        """Read the socket at ticks, instead of being called for all that comes."""
        if self._plain is not None and self._transport is not None:
            self._transport.pause_reading()
            self._ticks.watch(self._plain.fileno(), self._read)
            self._watched = True

    def _watch_no_more(self) -> None:
        if self._watched and self._plain is not None and self._transport is not None:
            self._watched = False
            self._ticks.leave(self._plain.fileno())
            if not self._transport.is_closing():
                self._transport.resume_reading()

    def _read(self) -> None:
        assert self._plain is not None, "it is watched"
        try:
            data = self._plain.recv(_AT_A_TICK)
        except BlockingIOError:
            return
        except OSError as error:
            self._break(error)
            return
        if data:
            self._feed(data)
        else:
            self._watch_no_more()  # the transport finds the end, too

    def _hand_over(self) -> None:
        """No task is woken for it: that would take as long as all that is done with a piece."""
        if not self._body or self._take is None or self._raised is not None:
            return
        data = b"".join(self._body)
        self._body.clear()
        try:
            self._take(data)
        except Exception as error:
            self._raised = error
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
        if self._state == "body" and self._at_once:
            self._at_once -= 1
            self._unparsed.append(data)
            self._parse()
            if self._state == "body" and not self._at_once:
                self._watch()
        elif self._state == "body":
            if not self._unparsed:
                self._ticks.soon(self._parse)
            self._unparsed.append(data)
        elif self._state == "head":
            self._unparsed.append(data)
            self._parse()
            self._head_size += len(data)
            if self._state == "head" and self._head_size > _LONGEST_HEAD:
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
        self._wake()

    def on_body(self, data: bytes) -> None:
        """More of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """The body is complete."""
        if self._state == "body":
            self._state = "complete"
            self._keeps = self._parser.should_keep_alive()
