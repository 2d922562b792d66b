"""Reading many streams at once.

A process that is woken for each piece of each answer spends most of its time on waking: others have used the
processor's caches meanwhile, and the first pass through cold code takes ten times as long as the next. What
comes within a tick is therefore read in one go.
"""

import asyncio
from collections.abc import Callable

TICK = 0.008
"""Seconds that a piece may wait for others: half a frame of a screen."""


class Ticks:
    """Calls back everyone who asked for it: at once after a quiet time, else all at the next tick."""

    def __init__(self, seconds: float = TICK) -> None:
        self._loop = asyncio.get_running_loop()
        self._seconds = seconds
        self._next = self._loop.time()
        self._due: list[Callable[[], None]] = []

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
