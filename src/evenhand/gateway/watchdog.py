"""One timer for a whole answer, whose deadline moves with every read at next to no cost."""

import asyncio
import math
from collections.abc import Callable


class Watchdog:
    """Calls `expired` once a wait lasts beyond its deadline.

    Not `asyncio.timeout`: that cancels the task, which between two items of a generator is busy with the
    consumer's work. And not a timer a read: creating and cancelling one costs more than decoding a chunk.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, expired: Callable[[], None]) -> None:
        self._loop = loop
        self._expired = expired
        self._deadline = math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = math.inf

    def expect(self, deadline: float) -> None:
        """A wait begins that must end by `deadline`, a time of the loop."""
        self._deadline = deadline
        if deadline < self._fires_at:
            if self._timer is not None:
                self._timer.cancel()
            self._fires_at = deadline
            self._timer = self._loop.call_at(deadline, self._fire)

    def rest(self) -> None:
        """The wait is over."""
        self._deadline = math.inf

    def stop(self) -> None:
        """Nothing is waited for any more."""
        self._deadline = math.inf
        if self._timer is not None:
            self._timer.cancel()

    def _fire(self) -> None:
        self._timer = None
        self._fires_at = math.inf
        if self._loop.time() >= self._deadline:
            self._expired()
        elif self._deadline < math.inf:
            self.expect(self._deadline)
