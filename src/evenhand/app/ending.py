"""What a signal does to the arena: the first ends it in order, the second at once."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType


def _nothing() -> None:
    pass


class Ending:
    """The steps that end the arena, replaced as it gets further.

    `in_order` begins an end that loses nothing; `at_once` is all that is done before the process is gone.
    Both run in a signal handler.
    """

    def __init__(self) -> None:
        self.in_order: Callable[[], object] = _nothing
        self.at_once: Callable[[], object] = _nothing
        self._asked = False

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
        if self._asked:
            self.at_once()
            os._exit(128 + number)
        self._asked = True
        self.in_order()
