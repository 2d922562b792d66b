"""Telling readers that a turn stands in line, where endpoints take only so many calls.

It is the turn that is said to wait, never a side: whose endpoint has a line tells something of who answers.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from evenhand.battles.answers import Answer
from evenhand.battles.events import BattleEvent

SHORTLY = 0.5
"""Seconds within which calls begin that nobody is told to wait for."""
LONGEST_PAUSE = 5.0
"""Seconds after which it is told again at the latest, for readers who came meanwhile."""


class InLine:
    """A turn whose calls are to begin. `event` is the last that was told of its battle."""

    def __init__(
        self, event: BattleEvent, answers: Sequence[Answer], publish: Callable[[BattleEvent], None]
    ) -> None:
        self._event = event
        self._answers = answers
        self._publish = publish
        self._told = False
        self._pause = SHORTLY
        self._timer = self._later()

    def called(self, *, blind: bool) -> None:
        """A call has begun.

        A blind battle that was told of stands in line until its first words: the moment of a call, and then
        one side alone after the hold, would say which side had waited.
        """
        if not (blind and self._told):
            self.look()

    def look(self) -> None:
        """The turn may wait for none of its calls any more."""
        if any(answer.waits for answer in self._answers):
            return
        self._timer.cancel()
        if self._told:
            self._told = False
            self._publish(self._event)

    def _later(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._pause, self._tell)

    def _tell(self) -> None:
        self._told = True
        self._publish(msgspec.structs.replace(self._event, in_line=True))
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._timer = self._later()
