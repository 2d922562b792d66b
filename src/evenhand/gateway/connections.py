"""Connections to providers, each used again after an answer was read to its end."""

import asyncio
import socket
import ssl
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cached_property, partial
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
        self._ahead: dict[Origin, list[asyncio.Task[Exchange]]] = defaultdict(list)
        self._closed = False

    def expect(self, posts: Iterable[tuple[str, float]]) -> None:
        """Open connections ahead of what is about to be posted: addresses, each with its `connect_seconds`.

        Nothing is sent on them before. Raises `AddressError`; what else fails is raised by `post`.
        """
        wanted: Counter[Origin] = Counter()
        for url, seconds in posts:
            origin = parse(url).origin
            wanted[origin] += 1
            if wanted[origin] > len(self._kept.get(origin, ())) + len(self._ahead[origin]):
                opening = asyncio.create_task(self._open(origin, seconds))
                opening.add_done_callback(partial(self._opened, origin))
                self._ahead[origin].append(opening)

    async def post(self, request: Request, connect_seconds: float) -> Exchange:
        """An exchange whose head has come; hand it back with `release`.

        Raises `AddressError`, `ConnectTimeoutError`, other `OSError` and `NotHttpError`.
        """
        address = parse(request.url)
        exchange = self._take(address.origin) or await self._new(address.origin, connect_seconds)
        with ExitStack() as failing:
            failing.callback(exchange.abort)
            exchange.send(_encoded(request, address))
            await exchange.head()
            failing.pop_all()
        return exchange

    def release(self, exchange: Exchange) -> None:
        """Keep the connection for another request if the answer was read to its end, else end it."""
        if self._closed or not exchange.reusable:
            exchange.abort()
            return
        origin = exchange.origin
        expiry = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._expire, origin, exchange)
        self._kept.setdefault(origin, []).append(_Kept(exchange, expiry))

    def close(self) -> None:
        """End what is kept or opened ahead."""
        self._closed = True
        for ahead in self._ahead.values():
            for opening in ahead:
                opening.cancel()
        for kept in self._kept.values():
            for exchange, expiry in kept:
                expiry.cancel()
                exchange.abort()
        self._kept.clear()
        self._ticks.close()

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

    async def _new(self, origin: Origin, seconds: float) -> Exchange:
        """A connection that is being opened ahead, or else one that is opened now."""
        if ahead := self._ahead[origin]:
            opening = ahead.pop(0)
            await asyncio.wait([opening])
            error = opening.exception()
            if error is not None:
                raise error
        return self._take(origin) or await self._open(origin, seconds)

    def _opened(self, origin: Origin, opening: asyncio.Task[Exchange]) -> None:
        """Keep what was opened ahead: whoever waits for it takes it, or nobody does."""
        if opening in self._ahead[origin]:
            self._ahead[origin].remove(opening)
        if not opening.cancelled() and opening.exception() is None:
            self.release(opening.result())

    async def _open(self, origin: Origin, seconds: float) -> Exchange:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                found = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
                opened = await start_connection(found, happy_eyeballs_delay=_NEXT_ADDRESS_SECONDS)
                with ExitStack() as failing:
                    failing.callback(opened.close)
                    _, exchange = await loop.create_connection(
                        lambda: Exchange(origin, self._ticks, None if origin.secure else opened),
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
