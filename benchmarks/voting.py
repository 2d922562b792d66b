"""Votes as fast as some people cast them, each on a battle of their own that waits for nothing else."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.history import History

from benchmarks.guest import Guest, browsers

VOTERS, ASKERS, PIECES = 16, 10, 1


@dataclass(frozen=True)
class Votes:
    """Votes a second, and how long each took until it was acknowledged, in ms."""

    per_second: float
    times: list[float]


async def votes(count: int, base: str, history: History) -> Votes:
    """Makes so many battles ready, and then votes on all of them."""
    async with browsers() as http:
        guests = [Guest(http, base) for _ in range(count)]
        asking = iter(guests)
        await asyncio.gather(*(_ask(asking) for _ in range(ASKERS)))
        voting, times = iter(guests), list[float]()
        began = time.monotonic()
        await asyncio.gather(*(_vote(voting, times, history) for _ in range(VOTERS)))
        return Votes(count / (time.monotonic() - began), times)


async def _ask(guests: Iterator[Guest]) -> None:
    for guest in guests:
        await guest.ask(PIECES)


async def _vote(guests: Iterator[Guest], times: list[float], history: History) -> None:
    for guest in guests:
        began = time.monotonic()
        await guest.vote()
        times.append((time.monotonic() - began) * 1000)
        history.acknowledged[guest.battle] = "a"
