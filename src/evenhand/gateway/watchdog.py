"""One timer for a whole answer, whose deadline moves with every piece at next to no cost."""

import asyncio
import math
from collections.abc import Callable

SECOND_LOOK = 0.05
"""Seconds from a deadline to its expiry: a process that was held up first reads what has come meanwhile."""


class Watchdog:
    """Calls `expired` once a wait lasts beyond its deadline, and again until it is heard: until `stop`.

    Not `asyncio.timeout`, and not a timer a piece: creating and cancelling one costs more than decoding a
    chunk.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, expired: Callable[[], None]) -> None:
        self._loop = loop
        self._expired = expired
        self.deadline = math.inf
        """A time of the loop. Set it where it moves away; `expect` is for one that comes nearer, too."""
        self._missed = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = math.inf

    def expect(self, deadline: float) -> None:
        """What is waited for must come by `deadline`, a time of the loop."""
        self.deadline = deadline
        if deadline < self._fires_at:
            if self._timer is not None:
                self._timer.cancel()
            self._fire_at(deadline)

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self.deadline = math.inf
        if self._timer is not None:
            self._timer.cancel()

    def _fire_at(self, moment: float) -> None:
        self._fires_at = moment
        self._timer = self._loop.call_at(moment, self._fire)

    def _fire(self) -> None:
        self._timer = None
        self._fires_at = math.inf
        now = self._loop.time()
        if now < self.deadline:
            self._fire_at(self.deadline)
        else:
            if self._missed == self.deadline:
                self._expired()
            self._missed = self.deadline
            self._fire_at(now + SECOND_LOOK)
