"""What signals do to the arena: drain it, end it in order, end it at once."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType


def _nothing() -> None:
    pass


class Ending:
    """The steps that end the arena, replaced as it gets further; all run in a signal handler.

    SIGTERM calls `drain`, which ends it once what runs has ended; SIGINT calls `in_order`, which interrupts
    what runs and loses nothing. Every further signal takes the next step; the last is `at_once`, all that is
    done before the process is gone.
    """

    def __init__(self) -> None:
        self.drain: Callable[[], object] = lambda: self.in_order()
        self.in_order: Callable[[], object] = _nothing
        self.at_once: Callable[[], object] = _nothing
        self._step = -1

    @contextlib.contextmanager
    def by_signals(self) -> Iterator[None]:
        """SIGINT and SIGTERM end the arena for as long as the block lasts."""
        kept = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._step = max(self._step + 1, 0 if number == signal.SIGTERM else 1)
        if self._step == 0:
            self.drain()
        elif self._step == 1:
            self.in_order()
        else:
            self.at_once()
            os._exit(128 + number)
