"""Pacing: both answers of a blind battle are shown in one rhythm, so that their speed tells nothing.

The two sides start together and are cut anew: each tick shows at most so many characters of either. A side
that has more waits, one that has less shows what it has. It cannot hide a contestant that is slower than the
rhythm, nor one that thinks longer than the hold.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

MOST = 12
"""Characters of a side that a tick shows at most."""
HEAD = 4 * MOST
"""Characters that each side must have before the two start, so that the first ticks are full ones."""
BEATS = 5
"""Into so many parts the turns of a process are divided, each shown at its own moment of a tick."""


@dataclass(frozen=True)
class Rhythm:
    """Seconds: between two looks at what there is to show, and that first words wait for the other side's."""

    tick: float = 0.025
    hold: float = 3.0


class Paced(Protocol):
    """An answer that is shown piece by piece."""

    held: int
    """Characters that have come and are not shown yet."""
    over: bool
    """Whether nothing more will come."""

    @property
    def waits(self) -> bool:
        """Whether its call waits for its turn at the endpoint."""

    def release(self, most: int | None = None) -> None:
        """Show what is held, at most so many characters."""


class Pace:
    """The rhythm of one turn; `starts` is called before its first words.

    Times are seconds of a clock that goes on evenly.
    """

    def __init__(self, hold: float, starts: Callable[[], None] | None = None) -> None:
        self.answers: list[Paced] = []
        self._hold = hold
        self._starts = starts
        self._since: float | None = None
        self._started = False

    def tick(self, now: float) -> None:
        """Show what is due. An answer that joins late, after a redraw, is shown from its first words on."""
        if not self._started and self._may_start(now):
            self._started = True
            if self._starts is not None:
                self._starts()
        if self._started:
            for answer in self.answers:
                if answer.held:
                    answer.release(MOST)

    def is_shown(self, answer: Paced) -> bool:
        """Whether an answer is over and shown to its end.

        A failure is held like words: told while the turn stands in line, it would say which side does.
        """
        return answer.over and not answer.held and (self._started or not self._waits())

    def _waits(self) -> bool:
        return any(answer.waits for answer in self.answers)

    def _may_start(self, now: float) -> bool:
        # An endpoint with a queue must not be known by it: who waits there keeps the other side waiting too.
        if self._since is None and not self._waits() and any(answer.held for answer in self.answers):
            self._since = now
        late = self._since is not None and now - self._since >= self._hold
        return late or all(answer.over or answer.held >= HEAD for answer in self.answers)


class _Beat:
    """Turns that are moved on together, by one timer."""

    def __init__(self, tick: float, later: float) -> None:
        self.paces: dict[UUID, Pace] = {}
        self.shown: dict[Paced, asyncio.Event] = {}
        self._tick_seconds = tick
        self._later = later
        self._next: float | None = None

    def go_on(self) -> None:
        """Tick, until there is nothing to show any more."""
        if self._next is None:
            self._wait(asyncio.get_running_loop().time() + self._later)

    def _wait(self, now: float) -> None:
        # A tick that comes late is not made good, else two would come at once.
        self._next = max(now, (self._next or now) + self._tick_seconds)
        asyncio.get_running_loop().call_at(self._next, self._tick)

    def _tick(self) -> None:
        if not self.paces:
            self._next = None
            return
        now = asyncio.get_running_loop().time()
        for pace in self.paces.values():
            pace.tick(now)
            for answer in pace.answers:
                if pace.is_shown(answer):
                    self.shown[answer].set()
        self._wait(now)


class Pacing:
    """The paces of all turns that run in this process. `arenas` are those whose blind battles are paced.

    Each turn belongs to one of some beats, which take turns: were all shown at the same moment, the last of
    many readers would wait until all others are served.
    """

    def __init__(self, arenas: Collection[UUID], rhythm: Rhythm) -> None:
        self.arenas = arenas
        self._hold = rhythm.hold
        self._beats = [_Beat(rhythm.tick, number * rhythm.tick / BEATS) for number in range(BEATS)]
        self._of: dict[UUID, _Beat] = {}

    def join(self, turn_id: UUID, answer: Paced, starts: Callable[[], None] | None = None) -> None:
        """Show an answer in its turn's rhythm from now on; `starts` is called before the first words."""
        beat = self._of.get(turn_id)
        if beat is None:
            beat = self._of[turn_id] = min(self._beats, key=lambda one: len(one.paces))
        beat.paces.setdefault(turn_id, Pace(self._hold, starts)).answers.append(answer)
        beat.shown[answer] = asyncio.Event()
        beat.go_on()

    async def shown(self, turn_id: UUID, answer: Paced) -> None:
        """Wait until an answer that is over has been shown to its end; it leaves the rhythm then."""
        beat = self._of[turn_id]
        await beat.shown[answer].wait()
        answer.release()
        del beat.shown[answer]
        pace = beat.paces[turn_id]
        pace.answers.remove(answer)
        if not pace.answers:
            del beat.paces[turn_id], self._of[turn_id]

    def hurry(self, turn_id: UUID, answer: Paced) -> None:
        """Show at once what is held of an answer, for it was stopped or the process ends."""
        beat = self._of.get(turn_id)
        if beat is not None and answer in beat.shown:
            answer.release()
            beat.shown[answer].set()
