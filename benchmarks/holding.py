"""Battles held at once: how late their pieces come, and what the arena takes for them."""

import asyncio
import contextlib
import math
import random
import time
from dataclasses import dataclass

import psutil
from tests.faults.history import History

from benchmarks.bench_arena import PER_SECOND, percentile
from benchmarks.guest import Guest, browsers, outcomes
from benchmarks.meter import cpu_seconds, resident

SETTLE, LATEST = 1.0, 6.0
"""Seconds from the last question until all battles have begun, at least and at most."""
STARTS_PER_SECOND = 20.0
WARM, WARM_PIECES = 20, 20
QUIET, QUIET_OVER, QUIET_SECONDS = 0.05, 1.0, 10.0
"""The share of a core that an idle process does not exceed, over how many seconds, and the longest wait."""


@dataclass(frozen=True)
class Web:
    """A web process that is warm: where it is asked, what it is, and what it holds at rest, in kB."""

    port: int
    process: psutil.Process
    at_rest: float

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"


@dataclass(frozen=True)
class Held:
    """What was measured while all battles ran. Delays in ms, CPU in µs a piece, memory in kB a battle.

    `busy` is the web process's share of a core, `machine` what of all cores everything together took. `wrong`
    is what kept them from being held, if anything did.
    """

    battles: int
    delays: list[float]
    web: float
    postgres: float
    busy: float
    machine: float
    memory: float
    wrong: str = ""

    @property
    def p95(self) -> float:
        return math.inf if self.wrong else percentile(self.delays, 0.95)


async def warm(port: int, process: psutil.Process) -> Web:
    """Fills caches and pools, so that what grows afterwards is battles, and waits until nothing goes on."""
    base = Web(port, process, 0.0).base
    async with browsers() as http:
        guests = [Guest(http, base) for _ in range(WARM)]
        await asyncio.gather(*(guest.ask(WARM_PIECES) for guest in guests))
        await asyncio.gather(*(guest.vote() for guest in guests))
    async with asyncio.timeout(QUIET_SECONDS):
        spent = math.inf
        while spent > QUIET * QUIET_OVER:  # the boards are computed anew after votes
            before = cpu_seconds(process)
            await asyncio.sleep(QUIET_OVER)
            spent = cpu_seconds(process) - before
    return Web(port, process, resident(process))


async def hold(
    battles: int,
    seconds: float,
    postgres: psutil.Process,
    history: History,
    web: Web,
    *,
    reads: Web | None = None,
    paced: bool = False,
) -> Held:
    """Begins battles at any moments of a time, measures for so many seconds while all run, and votes on each.

    `reads` is the process that the events are read from, if it is another. With `paced`, a piece that pacing
    held for the common start counts from that start on.
    """
    begins, moments = battles / STARTS_PER_SECOND, random.Random(battles)
    pieces = math.ceil((begins + LATEST + SETTLE + seconds) * PER_SECOND)
    async with browsers() as http:
        guests = [Guest(http, web.base, reads.base if reads else None) for _ in range(battles)]
        tasks = [
            asyncio.create_task(_battle(guest, pieces, moments.uniform(0, begins), history))
            for guest in guests
        ]
        await asyncio.sleep(begins + SETTLE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATEST - SETTLE):
                await asyncio.gather(*(guest.begun.wait() for guest in guests))
        late = sum(not guest.begun.is_set() for guest in guests)
        psutil.cpu_percent()
        since, before = time.monotonic(), [cpu_seconds(one) for one in (web.process, postgres)]
        await asyncio.sleep(seconds)
        machine = psutil.cpu_percent() / 100
        until, after = time.monotonic(), [cpu_seconds(one) for one in (web.process, postgres)]
        memory = resident(web.process) - web.at_rest
        wrong = await outcomes(tasks)
    if late:
        wrong.append(f"{late} battles had not begun {LATEST:g} s after the last question")
    elif any(heard.sent[-1] < until for guest in guests for heard in guest.heard.values()):
        wrong.append("some battles ended before all could be measured")
    delays = [
        delay
        for guest in guests
        if guest.begun.is_set()
        for heard in guest.heard.values()
        for delay in heard.delays(since, until, guest.held_until if paced else 0.0)
    ]
    arena, stored = (later - earlier for earlier, later in zip(before, after, strict=True))
    count = max(1, len(delays))
    return Held(
        battles,
        delays,
        arena / count * 1e6,
        stored / count * 1e6,
        arena / (until - since),
        machine,
        memory / battles,
        wrong[0] if wrong else "",
    )


async def _battle(guest: Guest, pieces: int, after: float, history: History) -> None:
    await asyncio.sleep(after)
    await guest.ask(pieces)
    await guest.vote()
    history.acknowledged[guest.battle] = "a"
