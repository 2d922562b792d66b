"""The line before an endpoint: which calls run, which wait, and whose turn it is.

Pure bookkeeping; all times are seconds of a clock that goes on evenly.
"""

import asyncio
import bisect
import math
from collections import Counter, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

from evenhand.contestants.call_limits import UNLIMITED, CallLimits

_MINUTE = 60.0


@dataclass(eq=False)
class Ticket:
    """A call in a line, and on whose behalf it is made. `decided` is set once it does not wait any more."""

    asker: Hashable
    state: Literal["waiting", "running", "refused"] = "waiting"
    decided: asyncio.Event = field(default_factory=asyncio.Event)

    def decide(self, state: Literal["running", "refused"]) -> None:
        """Its wait is over."""
        self.state = state
        self.decided.set()


class Line:
    """The calls of one endpoint."""

    def __init__(self) -> None:
        self.limits: CallLimits = UNLIMITED
        self.held_until = -math.inf
        """Until then no call begins: the provider has asked for a pause."""
        self._running: Counter[Hashable] = Counter()
        # Whoever was served least recently comes first.
        self._waiting: dict[Hashable, deque[Ticket]] = {}
        # When the last calls began or will begin, ascending: as many as may within a minute.
        self._begins: list[float] = []

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return sum(map(len, self._waiting.values()))

    def join(self, ticket: Ticket) -> None:
        """Wait, behind the asker's own calls."""
        self._waiting.setdefault(ticket.asker, deque()).append(ticket)

    def leave(self, ticket: Ticket) -> None:
        """The call is over, or does not wait any more."""
        if ticket.state == "running":
            self._running[ticket.asker] -= 1
            self._running += Counter()  # or whoever has none any more would be kept
        elif ticket.state == "waiting":
            queue = self._waiting[ticket.asker]
            queue.remove(ticket)
            if not queue:
                del self._waiting[ticket.asker]

    def opens_at(self, now: float) -> float:
        """When the next call may begin; infinity while only the end of another could let it."""
        if self.limits.at_once is not None and self._running.total() >= self.limits.at_once:
            return math.inf
        return self.next_begin(now)

    def next_begin(self, earliest: float) -> float:
        """The first time, from `earliest` on, that neither a pause nor the minute's limit forbids a call."""
        most = self.limits.per_minute
        begin = max(earliest, self.held_until)
        if most is not None and len(self._begins) >= most:
            begin = max(begin, self._begins[-most] + _MINUTE)
        return begin

    def book(self, begin: float) -> None:
        """Count a call that begins then."""
        if self.limits.per_minute is not None:
            bisect.insort(self._begins, begin)
            del self._begins[: -self.limits.per_minute]

    def admit(self, now: float) -> bool:
        """Let the next call begin, if one waits and may: that of whoever has the fewest running."""
        if not self._waiting or self.opens_at(now) > now:
            return False
        asker = min(self._waiting, key=lambda one: self._running[one])
        queue = self._waiting.pop(asker)
        ticket = queue.popleft()
        if queue:
            self._waiting[asker] = queue
        self._running[asker] += 1
        self.book(now)
        ticket.decide("running")
        return True

    def refuse_all(self) -> None:
        """Send away whoever waits."""
        for queue in self._waiting.values():
            for ticket in queue:
                ticket.decide("refused")
        self._waiting.clear()
