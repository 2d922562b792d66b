"""Waiting for endpoints that take only so many calls: a bounded queue each, fair between those who ask.

Providers count by account and model, so that is what a queue is of: address, key and model. Two contestants
behind the same three stand in one line.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.configurations import Endpoint
from evenhand.gateway.events import GatewayError
from evenhand.gateway.lines import Line, Ticket
from evenhand.gateway.retries import LONGEST_RETRY_AFTER

LONGEST_PAUSE = 60.0
"""Seconds that a provider's wish for a pause is kept to; then one call finds out whether it still holds."""


@dataclass(frozen=True)
class Share:
    """Which of how many processes this is, from 0: each keeps to its share of the limits."""

    number: int = 0
    of: int = 1


ALONE = Share()


class Place:
    """A call's right to run. It is kept over the call's retries."""

    def __init__(self, line: Line, clock: Callable[[], float], hold: Callable[[Line, float], None]) -> None:
        self._line = line
        self._clock = clock
        self._hold = hold

    def hold(self, seconds: float) -> None:
        """Begin no call at this endpoint for so long, for its provider asks for it."""
        self._hold(self._line, seconds)

    def again(self, wait: float, within: float) -> float | None:
        """After how many seconds, at least `wait`, the call may be made again; None if not `within` so many.

        What is made again counts as a call of its own.
        """
        now = self._clock()
        wait = max(wait, self._line.next_begin(now) - now)
        if wait >= within:
            return None
        self._line.book(now + wait)
        return wait


class Queues:
    """The queues of all endpoints that this process calls.

    `most_waiting` bounds each queue, `longest_wait` is in seconds. `clock` is for tests.
    """

    def __init__(
        self,
        most_waiting: int = 50,
        longest_wait: float = 60.0,
        share: Share = ALONE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_waiting = most_waiting
        self._longest_wait = longest_wait
        self._share = share
        self._clock = clock
        self._lines: dict[Hashable, Line] = {}
        self._timers: dict[Line, asyncio.TimerHandle] = {}

    def has_room(self, endpoint: Endpoint) -> bool:
        """Whether one more call would be let into the endpoint's queue now."""
        line = self._lines.get(endpoint.counted_as)
        return line is None or self._why_not(line) is None

    @asynccontextmanager
    async def place(self, endpoint: Endpoint, asker: Hashable, limits: CallLimits) -> AsyncIterator[Place]:
        """Wait until one more call may run, and let it run until the block is left.

        Raises `GatewayError` (`overloaded`) when too many wait already, or the wait is too long. The limits
        told last hold for all calls of the endpoint.
        """
        line = self._lines.setdefault(endpoint.counted_as, Line())
        line.limits = limits.share(self._share.number, self._share.of)
        why_not = self._why_not(line)
        if why_not is not None:
            raise GatewayError("overloaded", why_not)
        ticket = Ticket(asker)
        line.join(ticket)
        try:
            self._admit(line)
            await self._wait(ticket)
            yield Place(line, self._clock, self._hold)
        finally:
            line.leave(ticket)
            self._admit(line)

    def _why_not(self, line: Line) -> str | None:
        now = self._clock()
        if line.held_until - now > LONGEST_RETRY_AFTER:
            return f"the provider asks for a pause of another {line.held_until - now:.0f} s"
        waiting = line.waiting
        if waiting >= self._most_waiting and (waiting or line.opens_at(now) > now):
            return f"{waiting} calls wait for this endpoint already"
        return None

    async def _wait(self, ticket: Ticket) -> None:
        try:
            async with asyncio.timeout(self._longest_wait):
                await ticket.decided.wait()
        except TimeoutError:
            raise GatewayError(
                "overloaded", f"no place at this endpoint became free within {self._longest_wait:g} s"
            ) from None
        if ticket.state == "refused":
            raise GatewayError("overloaded", "the provider has asked for a long pause")

    def _hold(self, line: Line, seconds: float) -> None:
        line.held_until = max(line.held_until, self._clock() + min(seconds, LONGEST_PAUSE))
        if seconds > LONGEST_RETRY_AFTER:
            line.refuse_all()
        self._admit(line)

    def _admit(self, line: Line) -> None:
        """Let in whoever may begin now, and come back when the next one may."""
        timer = self._timers.pop(line, None)
        if timer is not None:
            timer.cancel()
        now = self._clock()
        while line.admit(now):
            pass
        opens_at = line.opens_at(now) if line.waiting else math.inf
        if opens_at < math.inf:
            self._timers[line] = asyncio.get_running_loop().call_later(opens_at - now, self._admit, line)
