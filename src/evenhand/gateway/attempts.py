"""One attempt at one answer, whatever kind of endpoint gives it."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from evenhand.contestants.configurations import Configuration
from evenhand.gateway.addresses import AddressError
from evenhand.gateway.connections import Connections, ConnectTimeoutError
from evenhand.gateway.events import Finish, Message, StreamEvent
from evenhand.gateway.exchange import Exchange
from evenhand.gateway.faults import Fault, fault_of_response
from evenhand.gateway.kind import D, Kind
from evenhand.gateway.limits import AnswerLimits
from evenhand.gateway.reading import NETWORK_ERRORS, AnswerReader

_LONGEST_ERROR_BODY = 64 << 10


class Attempts:
    """Calls endpoints and streams their answers; remembers each server's dialect."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._dialects: dict[tuple[str, str, str], Any] = {}  # of the kind that is the first of the key

    async def attempt(
        self, kind: Kind[D], configuration: Configuration, messages: Sequence[Message], deadline: float
    ) -> AsyncGenerator[Sequence[StreamEvent], None]:
        """What comes of one call, in the portions that the network brings.

        `deadline` is the loop's time at which the whole answer must be there. Ends with a `Finish` or
        raises `Fault`. Closing the generator aborts the request.
        """
        endpoint = configuration.endpoint
        began = asyncio.get_running_loop().time()
        first = min(began + endpoint.first_token_seconds, deadline)
        exchange = await self._open(kind, configuration, messages, first)
        try:
            reader = AnswerReader(exchange, endpoint, began, deadline)
            decoder, limits = kind.decoder(), AnswerLimits(configuration.sampling)
            async with aclosing(reader.deltas(decoder)) as portions:
                async for deltas in portions:
                    if kept := limits.apply(deltas):
                        yield kept
                    if limits.reached:
                        yield [Finish("length")]
                        return
            finish = decoder.finish()
            yield [decoder.usage, finish] if decoder.usage is not None else [finish]
            await reader.drain()
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
        body = b""
        try:
            while len(body) < _LONGEST_ERROR_BODY and (data := await exchange.read()):
                body += data
        except NETWORK_ERRORS:
            pass  # the status says enough
        finally:
            self._connections.release(exchange)
        return body
