"""The body of an answer as it comes: time limits, cuts, and what to do at its end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from evenhand.contestants.configurations import Endpoint
from evenhand.gateway.events import Delta
from evenhand.gateway.exchange import Exchange, NotHttpError
from evenhand.gateway.faults import Fault
from evenhand.gateway.kind import Decoder
from evenhand.gateway.sse import SseError, SseParser
from evenhand.gateway.watchdog import Watchdog

NETWORK_ERRORS = (OSError, NotHttpError)
_USAGE_GRACE = 2.0  # seconds that the usage may come after the finish reason
_DRAIN = 0.1  # seconds that the last bytes may take, so that the connection can be used again
_LONGEST_DOCUMENT = 8 << 20


class _Expired(Exception):
    """The watchdog's: a wait took too long."""


class AnswerReader:
    """Reads one response. `began` and `deadline` are times of the loop."""

    def __init__(self, exchange: Exchange, endpoint: Endpoint, began: float, deadline: float) -> None:
        self._exchange = exchange
        self._endpoint = endpoint
        self._deadline = deadline
        self._loop = asyncio.get_running_loop()
        self._watchdog = Watchdog(self._loop, lambda: exchange.interrupt(_Expired()))
        self._since = began  # when the wait for the next token began; keep-alives do not move it
        self._patience = endpoint.first_token_seconds
        self._cut: str | None = None

    async def deltas(self, decoder: Decoder) -> AsyncGenerator[list[Delta], None]:
        """The answer in the portions that the network brings.

        Returns when the answer is complete. Raises `Fault` otherwise, after giving all that had come.
        """
        parser = SseParser()
        start = True
        try:
            while data := await self._read(decoder):
                if start and (data := data.lstrip()):
                    start = False
                    if data[0] in b"{[<":  # no event stream begins so
                        yield decoder.whole(await self._document(data, decoder))
                        return
                deltas, fault = _decode(parser, data, decoder)
                if deltas:
                    self._patience = self._endpoint.stall_seconds
                    yield deltas
                    self._since = self._loop.time()  # the consumer's time is not the provider's
                if fault is not None:
                    raise fault
                if decoder.done:
                    break
            deltas, _ = _decode(parser, None, decoder)
            if deltas:
                yield deltas
            if not (decoder.finished or decoder.done):
                raise Fault("failed", f"the stream was cut: {self._cut or 'end of body'}", retried=True)
        finally:
            self._watchdog.stop()

    async def drain(self) -> None:
        """Takes what little may come after the end, else the connection could not be used again."""
        with suppress(TimeoutError, *NETWORK_ERRORS):
            async with asyncio.timeout(_DRAIN):
                while await self._exchange.read():
                    pass

    async def _read(self, decoder: Decoder) -> bytes:
        """The next bytes; none at the end, at a cut, and when nothing need come any more."""
        if self._cut is not None:
            return b""
        patience = _USAGE_GRACE if decoder.finished else self._patience
        self._watchdog.expect(min(self._since + patience, self._deadline))
        try:
            return await self._exchange.read()
        except _Expired:
            if decoder.finished:
                return b""
            if self._loop.time() >= self._deadline:
                cause = f"the whole answer took longer than {self._endpoint.total_seconds:g} s"
            else:
                cause = f"no token for {self._patience:g} s"
            raise Fault("timeout", cause) from None
        except NETWORK_ERRORS as error:
            self._cut = f"{type(error).__name__}: {error}"
            return b""
        finally:
            self._watchdog.rest()

    async def _document(self, start: bytes, decoder: Decoder) -> bytes:
        parts, size = [start], len(start)
        while data := await self._read(decoder):
            parts.append(data)
            size += len(data)
            if size > _LONGEST_DOCUMENT:
                raise Fault("failed", f"the answer is a document of more than {_LONGEST_DOCUMENT} bytes")
        if self._cut is not None:
            raise Fault("failed", f"the answer was cut: {self._cut}", retried=True)
        return b"".join(parts)


def _decode(parser: SseParser, data: bytes | None, decoder: Decoder) -> tuple[list[Delta], Fault | None]:
    """The deltas in `data`, or at the end (None), up to the first fault, and that fault."""
    deltas: list[Delta] = []
    try:
        if data is None and decoder.done:
            return decoder.end(), None
        for name, payload in parser.close() if data is None else parser.feed(data):
            deltas += decoder.feed(name, payload)
            if decoder.done:
                break
    except SseError as error:
        return deltas, Fault("failed", str(error))
    except Fault as fault:
        return deltas, fault
    if data is None:
        deltas += decoder.end()
    return deltas, None
