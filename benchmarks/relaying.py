"""What a relayed piece costs: the arena with everything it stores, and the peer, in turns."""

import asyncio
import math
import statistics
import time
from collections.abc import Coroutine
from dataclasses import dataclass

import aiohttp
import psutil

from benchmarks.bench_arena import PER_SECOND, percentile
from benchmarks.environments import PeerError
from benchmarks.guest import Guest, Heard, browsers
from benchmarks.holding import Web
from benchmarks.meter import cpu_seconds, resident
from benchmarks.peer import Peer, relayed


@dataclass(frozen=True)
class Relayed:
    """CPU in µs a piece of all processes, p95 of the delays in ms, memory of the first process in MB.

    `running` is what a piece costs while all streams run; `whole` has their beginnings and ends in it, too.
    """

    running: float
    whole: float
    p95: float
    memory: float


async def in_turns(
    streams: int, pieces: int, rounds: int, web: Web, postgres: psutil.Process, peer: Peer | None
) -> tuple[Relayed, Relayed | None]:
    """The same streams through the arena, two a battle, and through the peer, one after the other."""
    ours, theirs = list[Relayed](), list[Relayed]()
    for _ in range(rounds):
        lasts = pieces / PER_SECOND
        ours.append(await _round([web.process, postgres], _through_arena(web, streams, pieces), lasts))
        if peer is not None:
            theirs.append(await _round([peer.process], _through_peer(peer.base, streams, pieces), lasts))
    return _median(ours), _median(theirs) if theirs else None


async def _round(
    processes: list[psutil.Process], relay: Coroutine[None, None, list[Heard]], lasts: float
) -> Relayed:
    def spent() -> float:
        return sum(map(cpu_seconds, processes))

    def delays(since: float, until: float) -> list[float]:
        return [delay for one in heard for delay in one.delays(since, until)]

    first = spent()
    relaying = asyncio.create_task(relay)
    await asyncio.sleep(lasts / 4)
    since, before = time.monotonic(), spent()
    await asyncio.sleep(lasts / 2)
    until, after = time.monotonic(), spent()
    heard = await relaying
    everything = delays(0.0, math.inf)
    return Relayed(
        (after - before) / len(delays(since, until)) * 1e6,
        (spent() - first) / len(everything) * 1e6,
        percentile(everything, 0.95),
        resident(processes[0]) / 1000,
    )


async def _through_arena(web: Web, streams: int, pieces: int) -> list[Heard]:
    async with browsers() as http:
        guests = [Guest(http, web.base) for _ in range(streams // 2)]
        await asyncio.gather(*(guest.ask(pieces) for guest in guests))
        return [heard for guest in guests for heard in guest.heard.values()]


async def _through_peer(base: str, streams: int, pieces: int) -> list[Heard]:
    async with browsers() as http:
        try:
            return await asyncio.gather(*(relayed(http, base, pieces) for _ in range(streams)))
        except (aiohttp.ClientError, TimeoutError, AssertionError) as error:
            raise PeerError(f"it does not relay: {error}") from error


def _median(rounds: list[Relayed]) -> Relayed:
    return Relayed(
        statistics.median(one.running for one in rounds),
        statistics.median(one.whole for one in rounds),
        statistics.median(one.p95 for one in rounds),
        statistics.median(one.memory for one in rounds),
    )
