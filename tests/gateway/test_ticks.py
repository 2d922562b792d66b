import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from evenhand.gateway.ticks import WATCHES, Ticks

pytestmark = pytest.mark.skipif(not WATCHES, reason="epoll is missing, which Linux has")

LONG = 0.1
"""Seconds of a tick that does not end while a test sends something twice."""


class Watched:
    """A socket that is watched, and what was read of it."""

    def __init__(self, ticks: Ticks) -> None:
        self._ticks = ticks
        self.there, self.here = socket.socketpair()
        self.here.setblocking(False)
        self.read: list[bytes] = []
        self.came = asyncio.Event()
        ticks.watch(self.here.fileno(), self._read)

    def _read(self) -> None:
        self.read.append(self.here.recv(100))
        self.came.set()

    def leave(self) -> None:
        self._ticks.leave(self.here.fileno())

    async def reads(self) -> list[bytes]:
        """What was read since the last time, once something was."""
        async with asyncio.timeout(10):
            await self.came.wait()
        self.came.clear()
        read, self.read = self.read, []
        return read

    def close(self) -> None:
        self.here.close()
        self.there.close()


@contextmanager
def watching(*, tick: float, sockets: int) -> Iterator[list[Watched]]:
    ticks = Ticks(tick)
    with ExitStack() as closing:
        watched = [Watched(ticks) for _ in range(sockets)]
        for one in watched:
            closing.callback(one.close)
        closing.callback(ticks.close)
        yield watched


async def test_what_comes_after_a_quiet_time_is_read_at_once() -> None:
    with watching(tick=3600, sockets=1) as [one]:
        one.there.send(b"first")
        assert await one.reads() == [b"first"]


async def test_what_comes_within_a_tick_is_read_in_one_go() -> None:
    with watching(tick=LONG, sockets=2) as [one, other]:
        one.there.send(b"first")
        await one.reads()
        one.there.send(b"se")
        await asyncio.sleep(0)
        one.there.send(b"cond")
        other.there.send(b"third")
        assert await one.reads() == [b"second"]
        assert other.read == [b"third"]


async def test_where_many_come_the_loop_is_told_again_once_few_do() -> None:
    with watching(tick=0.001, sockets=3) as watched:
        for number in range(5):
            for one in watched:
                one.there.send(b"%d" % number)
            for one in watched:
                assert b"".join(await one.reads()) == b"%d" % number
        await asyncio.sleep(0.01)
        watched[0].there.send(b"last")
        assert await watched[0].reads() == [b"last"]


async def test_a_socket_that_was_left_is_not_read_any_more() -> None:
    with watching(tick=0.001, sockets=2) as [one, other]:
        one.leave()
        one.there.send(b"unheard")
        other.there.send(b"heard")
        assert await other.reads() == [b"heard"]
        assert one.read == []


async def test_one_that_is_left_by_the_work_of_another_is_not_read() -> None:
    ticks = Ticks(0.001)
    pairs = [socket.socketpair() for _ in range(2)]
    left: list[int] = []

    def leave_the_other(this: int) -> None:
        other = next(here.fileno() for _, here in pairs if here.fileno() != this)
        left.append(this)
        ticks.leave(other)
        ticks.leave(this)

    for _, here in pairs:
        ticks.watch(here.fileno(), partial(leave_the_other, here.fileno()))
    for there, _ in pairs:
        there.send(b"x")
    await asyncio.sleep(0.02)
    assert len(left) == 1
    ticks.close()
    for pair in pairs:
        for end in pair:
            end.close()


async def test_nothing_is_read_after_the_close() -> None:
    with watching(tick=0.001, sockets=1) as [one]:
        one._ticks.close()
        one.there.send(b"too late")
        await asyncio.sleep(0.01)
        assert one.read == []
        one.leave()  # as an answer does that is cut off last
