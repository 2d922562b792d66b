"""A connection whose other end is the test."""

import asyncio
from typing import cast

from evenhand.gateway.addresses import Origin
from evenhand.gateway.exchange import Exchange
from evenhand.gateway.ticks import Ticks

REQUEST = b"POST / HTTP/1.1\r\n\r\n"


class Wire:
    """What the exchange does to its connection, and the bytes that come to it."""

    def __init__(self, tick: float = 0.0) -> None:
        self.sent = b""
        self.aborted = False
        self.exchange = Exchange(Origin("127.0.0.1", 80, secure=False), Ticks(tick))
        self.exchange.connection_made(cast("asyncio.Transport", self))

    async def answers(self, headers: bytes, body: bytes = b"") -> None:
        """A request is sent, and a response of status 200 begins."""
        self.exchange.send(REQUEST)
        self.exchange.data_received(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body)
        await self.exchange.head()

    # What a transport does.

    def write(self, data: bytes) -> None:
        self.sent += data

    def abort(self) -> None:
        self.aborted = True
