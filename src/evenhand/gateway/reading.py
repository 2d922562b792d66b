"""The body of an answer as it comes: time limits, cuts, and what to do at its end."""

import asyncio
from collections.abc import Callable
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


class _Enough(Exception):
    """Nothing of the body is needed any more."""


class AnswerReader:
    """Reads one response. `began` and `deadline` are times of the loop.

    What the answer says goes to `take`, in the portions that the network brings; when that returns False, no
    more is wanted.
    """

    def __init__(
        self,
        exchange: Exchange,
        endpoint: Endpoint,
        began: float,
        deadline: float,
        decoder: Decoder,
        take: Callable[[list[Delta]], bool],
    ) -> None:
        self._exchange = exchange
        self._endpoint = endpoint
        self._deadline = deadline
        self._decoder = decoder
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._watchdog = Watchdog(self._loop, lambda: exchange.interrupt(_Expired()))
        self._since = began  # when the wait for the next token began; keep-alives do not move it
        self._patience = endpoint.first_token_seconds
        self._flows = False
        """Whether words have come: from then on the wait for the next is always as long."""
        self._parser = SseParser()
        self._begun = False
        self._document: list[bytes] | None = None
        self._size = 0

    async def read(self) -> None:
        """Read until the answer is complete. Raises `Fault` otherwise, and what `take` raises."""
        cut = "end of body"
        try:
            self._expect()
            await self._exchange.body(self._portion)
        except _Enough:
            return
        except _Expired:
            if not self._decoder.finished:
                raise self._timeout() from None
        except NETWORK_ERRORS as error:
            cut = f"{type(error).__name__}: {error}"
            if self._document is not None:
                raise Fault("failed", f"the answer was cut: {cut}", retried=True) from None
        finally:
            self._watchdog.stop()
        if self._document is not None:
            self._take(self._decoder.whole(b"".join(self._document)))
            return
        deltas, _ = self._decode(None)
        if deltas and not self._take(deltas):
            return
        if not (self._decoder.finished or self._decoder.done):
            raise Fault("failed", f"the stream was cut: {cut}", retried=True)

    async def drain(self) -> None:
        """Takes what little may come after the end, else the connection could not be used again."""
        with suppress(*NETWORK_ERRORS):  # and the end of the time
            async with asyncio.timeout(_DRAIN):
                await self._exchange.body(lambda _: None)

    def _portion(self, data: bytes) -> None:
        """The hot path: it runs for every piece of every answer."""
        if not self._begun:
            data = data.lstrip()
            if not data:
                return
            self._begun = True
            if data[0] in b"{[<":  # no event stream begins so
                self._document = []
        if self._document is not None:
            self._document.append(data)
            self._size += len(data)
            if self._size > _LONGEST_DOCUMENT:
                raise Fault("failed", f"the answer is a document of more than {_LONGEST_DOCUMENT} bytes")
            return
        deltas, fault = self._decode(data)
        if deltas:
            if not self._take(deltas):
                raise _Enough
            self._since = self._loop.time()
        if fault is not None:
            raise fault
        if self._decoder.done:
            # What was held back comes with the end.
            deltas, _ = self._decode(None)
            if deltas:
                self._take(deltas)
            raise _Enough
        if self._flows and not self._decoder.finished:
            self._watchdog.deadline = min(self._since + self._patience, self._deadline)
        else:
            if deltas:
                self._patience, self._flows = self._endpoint.stall_seconds, True
            self._expect()

    def _expect(self) -> None:
        patience = _USAGE_GRACE if self._decoder.finished else self._patience
        self._watchdog.expect(min(self._since + patience, self._deadline))

    def _timeout(self) -> Fault:
        if self._loop.time() >= self._deadline:
            return Fault("timeout", f"the whole answer took longer than {self._endpoint.total_seconds:g} s")
        return Fault("timeout", f"no token for {self._patience:g} s")

    def _decode(self, data: bytes | None) -> tuple[list[Delta], Fault | None]:
        """The deltas in `data`, or at the end (None), up to the first fault, and that fault."""
        decoder = self._decoder
        deltas: list[Delta] = []
        try:
            if data is None and decoder.done:
                return decoder.end(), None
            for name, payload in self._parser.close() if data is None else self._parser.feed(data):
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
