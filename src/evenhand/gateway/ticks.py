"""Reading many streams at once.

A process that is woken for each piece of each answer spends most of its time on waking: others have used the
processor's caches meanwhile, and the first pass through cold code takes ten times as long as the next. What
comes within a tick is therefore read in one go.

Sockets that are watched here the loop does not watch: it would be woken for each of them. It is told of the
first that has something, and then of no other until the next tick.
"""

import asyncio
import select
from collections.abc import Callable

WATCHES = hasattr(select, "epoll")
"""Whether sockets can be watched here: elsewhere the loop watches all of them."""
TICK = 0.008
"""Seconds that a piece may wait for others: half a frame of a screen."""


class Ticks:
    """Calls back everyone who asked for it: at once after a quiet time, else all at the next tick."""

    def __init__(self, seconds: float = TICK) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._next = self._loop.time()
        self._due: list[Callable[[], None]] = []
        self._sockets = select.epoll() if WATCHES else None
        self._work: dict[int, Callable[[], None]] = {}
        self._told = False
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, socket: int, work: Callable[[], None]) -> None:
        """Call `work` within a tick whenever this file descriptor can be read, until `leave`."""
        assert self._sockets is not None, "only where `WATCHES`"
        self._sockets.register(socket, select.EPOLLIN)
        self._work[socket] = work
        if self._timer is None:
            self._be_told()

    def leave(self, socket: int) -> None:
        """Watch this one no more. Call it before it is closed, or its number may be somebody else's."""
        if self._work.pop(socket, None) is not None and self._sockets is not None:
            self._sockets.unregister(socket)

    def close(self) -> None:
        """Watch nothing any more."""
        self._work.clear()
        self._be_told_no_more()
        if self._timer is not None:
            self._timer.cancel()
        if self._sockets is not None:
            self._sockets.close()

    def _be_told(self) -> None:
        if not self._told and self._sockets is not None:
            self._told = True
            self._loop.add_reader(self._sockets.fileno(), self._came)

    def _be_told_no_more(self) -> None:
        if self._told and self._sockets is not None:
            self._told = False
            self._loop.remove_reader(self._sockets.fileno())

    def _came(self) -> None:
        if self._loop.time() >= self._next:
            self._read()
        else:
            self._be_told_no_more()
            self._timer = self._loop.call_at(self._next, self._go_on)

    def _go_on(self) -> None:
        self._timer = None
        if self._read() > 1:  # so many come that there will be something again
            self._timer = self._loop.call_at(self._next, self._go_on)
        else:
            self._be_told()

    def _read(self) -> int:
        self._next = self._loop.time() + self._seconds
        found = self._sockets.poll(0) if self._sockets is not None else []
        for socket, _ in found:
            work = self._work.get(socket)
            if work is not None:  # it may have been left just now
                work()
        return len(found)

    def soon(self, work: Callable[[], None]) -> None:
        """Call `work` once, within a tick from now."""
        if not self._due:
            self._loop.call_at(max(self._next, self._loop.time()), self._fire)
        self._due.append(work)

    def _fire(self) -> None:
        self._next = self._loop.time() + self._seconds
        due, self._due = self._due, []
        for work in due:
            work()
