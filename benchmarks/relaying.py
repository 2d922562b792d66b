"""What a relayed piece costs: the arena with everything it stores, and the peer, in turns."""

import asyncio
import contextlib
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

MORE_THAN_COME = 10_000
"""Pieces of a stream that is not read to its end."""
BEGIN_SECONDS = 45.0
"""How long the peer is given until something of every stream has come."""


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


@dataclass(frozen=True)
class Offered:
    """What the peer makes of more streams than it can carry: pieces a second, and CPU in µs a piece."""

    streams: int
    per_second: float
    cost: float


async def offered(streams: int, seconds: float, peer: Peer) -> Offered | None:
    """Offer the peer so many streams at once, and take what it relays within a time once all have begun.

    What it cannot keep up with comes later and later, so that nobody waits for the ends. None where nothing
    comes of it.
    """
    everyone = [Heard() for _ in range(streams)]

    def so_far() -> tuple[int, float]:
        return sum(len(heard.sent) for heard in everyone), cpu_seconds(peer.process)

    async with browsers() as http:
        relaying = [
            asyncio.create_task(relayed(http, peer.base, MORE_THAN_COME, heard)) for heard in everyone
        ]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEGIN_SECONDS):
                while not all(heard.sent for heard in everyone):  # noqa: ASYNC110 - nobody tells of each
                    await asyncio.sleep(0.5)
        first, before = so_far()
        await asyncio.sleep(seconds)
        last, after = so_far()
        for one in relaying:
            one.cancel()
        await asyncio.gather(*relaying, return_exceptions=True)
    if last == first:
        return None
    return Offered(streams, (last - first) / seconds, (after - before) / (last - first) * 1e6)


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
            everyone = [Heard() for _ in range(streams)]
            await asyncio.gather(*(relayed(http, base, pieces, heard) for heard in everyone))
            return everyone
        except (aiohttp.ClientError, TimeoutError, AssertionError) as error:
            raise PeerError(f"it does not relay: {error}") from error


def _median(rounds: list[Relayed]) -> Relayed:
    return Relayed(
        statistics.median(one.running for one in rounds),
        statistics.median(one.whole for one in rounds),
        statistics.median(one.p95 for one in rounds),
        statistics.median(one.memory for one in rounds),
    )
