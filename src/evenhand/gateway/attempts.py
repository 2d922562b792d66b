"""One attempt at one answer, whatever kind of endpoint gives it."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from evenhand.contestants.configurations import Configuration
from evenhand.gateway.addresses import AddressError
from evenhand.gateway.connections import Connections, ConnectTimeoutError
from evenhand.gateway.events import Delta, Finish, Message, StreamEvent
from evenhand.gateway.exchange import Exchange
from evenhand.gateway.faults import Fault, fault_of_response
from evenhand.gateway.kind import D, Kind
from evenhand.gateway.limits import AnswerLimits
from evenhand.gateway.reading import NETWORK_ERRORS, AnswerReader

_LONGEST_ERROR_BODY = 64 << 10


class _TooMuchError(Exception):
    """A body is longer than anybody wants to read."""


class Attempts:
    """Calls endpoints and streams their answers; remembers each server's dialect."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._dialects: dict[tuple[str, str, str], Any] = {}  # of the kind that is the first of the key

    async def attempt(
        self,
        kind: Kind[D],
        configuration: Configuration,
        messages: Sequence[Message],
        deadline: float,
        take: Callable[[StreamEvent], None],
    ) -> None:
        """Make one call, and give what comes of it to `take`, at last a `Finish`. Raises `Fault`.

        `deadline` is the loop's time at which the whole answer must be there. Being cancelled aborts the
        request, after what was counted by then; so does whatever `take` raises.
        """
        endpoint = configuration.endpoint
        began = asyncio.get_running_loop().time()
        first = min(began + endpoint.first_token_seconds, deadline)
        exchange = await self._open(kind, configuration, messages, first)
        decoder, limits = kind.decoder(), AnswerLimits(configuration.sampling)

        def within_limits(deltas: list[Delta]) -> bool:
            for delta in limits.apply(deltas):
                take(delta)
            return not limits.reached

        try:
            reader = AnswerReader(exchange, endpoint, began, deadline, decoder, within_limits)
            try:
                await reader.read()
            except asyncio.CancelledError:
                if decoder.usage is not None:  # it is paid for
                    take(decoder.usage)
                raise
            if limits.reached:
                take(Finish("length"))
                return
            finish = decoder.finish()
            if decoder.usage is not None:
                take(decoder.usage)
            take(finish)
            await reader.drain()
        except Fault as fault:
            fault.started = limits.started
            raise
        finally:
            self._connections.release(exchange)

    async def _open(
        self, kind: Kind[D], configuration: Configuration, messages: Sequence[Message], deadline: float
    ) -> Exchange:
        """An exchange with status 200, whose body has not been read. Raises `Fault`."""
        endpoint = configuration.endpoint
        server = (endpoint.kind, endpoint.base_url, endpoint.model)
        try:
            async with asyncio.timeout_at(deadline):
                while True:
                    dialect: D = self._dialects.get(server, kind.dialect)
                    request = kind.request(configuration, messages, dialect)
                    exchange = await self._connections.post(request, endpoint.connect_seconds)
                    if exchange.status == 200:
                        return self._readable(exchange)
                    said = await self._error_body(exchange)
                    words = said.decode("utf-8", "replace").lower()
                    other = dialect.after_refusal(words) if exchange.status in {400, 422} else None
                    if other is None:
                        break
                    self._dialects[server] = other
        except TimeoutError as error:
            connecting = isinstance(error, ConnectTimeoutError)
            raise Fault("timeout", "no connection in time" if connecting else "no response in time") from None
        except (AddressError, *NETWORK_ERRORS) as error:
            again = isinstance(error, OSError) and not isinstance(error, ssl.SSLError)
            raise Fault("failed", f"{type(error).__name__}: {error}", retried=again) from None
        raise fault_of_response(exchange.status, said, exchange.headers.get("retry-after"))

    def _readable(self, exchange: Exchange) -> Exchange:
        encoding = exchange.headers.get("content-encoding", "identity")
        if encoding != "identity":
            self._connections.release(exchange)
            raise Fault("failed", f"the answer is encoded ({encoding}), which was not asked for")
        return exchange

    async def _error_body(self, exchange: Exchange) -> bytes:
        body = bytearray()

        def take(data: bytes) -> None:
            body.extend(data)
            if len(body) > _LONGEST_ERROR_BODY:
                raise _TooMuchError

        with suppress(_TooMuchError, *NETWORK_ERRORS):  # the status says enough
            try:
                await exchange.body(take)
            finally:
                self._connections.release(exchange)
        return bytes(body)
