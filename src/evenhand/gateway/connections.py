"""Connections to providers, each used again after an answer was read to its end."""

import asyncio
import socket
import ssl
from contextlib import ExitStack
from functools import cached_property
from typing import NamedTuple

from aiohappyeyeballs import start_connection

from evenhand.gateway.addresses import Address, Origin, parse
from evenhand.gateway.exchange import Exchange
from evenhand.gateway.kind import Request
from evenhand.gateway.ticks import Ticks

_KEPT_SECONDS = 15.0
"""How long a connection is kept for the next request; many servers close theirs soon after."""
_NEXT_ADDRESS_SECONDS = 0.25
"""After so long the next address of a name is tried beside the first (RFC 8305)."""
_HEADERS = {
    "Accept": "text/event-stream",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "evenhand",
}


class ConnectTimeoutError(TimeoutError):
    """No connection in time."""


class _Kept(NamedTuple):
    exchange: Exchange
    expiry: asyncio.TimerHandle


class Connections:
    """Opens and keeps them. Redirects, cookies and the environment's proxies mean nothing here."""

    def __init__(self) -> None:
        self._ticks = Ticks()
        self._kept: dict[Origin, list[_Kept]] = {}

    async def post(self, request: Request, connect_seconds: float) -> Exchange:
        """An exchange whose head has come; hand it back with `release`.

        Raises `AddressError`, `ConnectTimeoutError`, other `OSError` and `NotHttpError`.
        """
        address = parse(request.url)
        exchange = self._take(address.origin) or await self._open(address.origin, connect_seconds)
        with ExitStack() as failing:
            failing.callback(exchange.abort)
            exchange.send(_encoded(request, address))
            await exchange.head()
            failing.pop_all()
        return exchange

    def release(self, exchange: Exchange) -> None:
        """Keep the connection for another request if the answer was read to its end, else end it."""
        if not exchange.reusable:
            exchange.abort()
            return
        origin = exchange.origin
        expiry = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._expire, origin, exchange)
        self._kept.setdefault(origin, []).append(_Kept(exchange, expiry))

    def close(self) -> None:
        """End what is kept."""
        for kept in self._kept.values():
            for exchange, expiry in kept:
                expiry.cancel()
                exchange.abort()
        self._kept.clear()

    def _take(self, origin: Origin) -> Exchange | None:
        """The connection that was used last: the least likely to be closed just now."""
        kept = self._kept.get(origin, [])
        while kept:
            exchange, expiry = kept.pop()
            expiry.cancel()
            if exchange.reusable:
                return exchange
        return None

    def _expire(self, origin: Origin, exchange: Exchange) -> None:
        kept = [one for one in self._kept.pop(origin) if one.exchange is not exchange]
        if kept:
            self._kept[origin] = kept
        exchange.abort()

    async def _open(self, origin: Origin, seconds: float) -> Exchange:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
                opened = await start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
                with ExitStack() as failing:
                    failing.callback(opened.close)
                    _, exchange = await loop.create_connection(
                        lambda: Exchange(origin, self._ticks),
                        sock=opened,
                        ssl=self._tls if origin.secure else None,
                        server_hostname=origin.host if origin.secure else None,
                    )
                    failing.pop_all()
        except TimeoutError:
            raise ConnectTimeoutError from None
        return exchange

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def _encoded(request: Request, address: Address) -> bytes:
    own = {"Host": address.host, "Content-Length": str(len(request.body))}
    lines = [f"{name}: {value}" for name, value in {**_HEADERS, **own, **request.headers}.items()]
    head = "\r\n".join([f"POST {address.target} HTTP/1.1", *lines, "", ""])
    return head.encode("ascii") + request.body
