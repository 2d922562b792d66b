"""What the arena adds to a provider's stream, with everything stored, at 1, 50 and 200 battles at once.

`python -m benchmarks.bench_arena [--rounds N] [--paced] [BATTLES …]`. Provider, arena, PostgreSQL and readers
share the machine. The same number of streams is read from the provider directly, in the same run, for the
difference.

Each round is run with long and with short answers. The difference says what a chunk costs, from the provider
to the reader's event and its row; the rest is what a battle costs beside its chunks: four requests, the draw,
two calls, and how they end. Pacing is off, for it delays on purpose; `--paced` leaves it on.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
import uvloop

from benchmarks.rounds import medians
from evenhand.app.migrations import upgrade
from evenhand.arenas import load_arenas
from evenhand.arenas.service import register_arenas
from evenhand.consent.terms import load_terms
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.service import set_lineup
from evenhand.core.clock import now
from evenhand.storage.embedded import EmbeddedPostgres
from evenhand.storage.engine import Database

LONG, SHORT, PER_SECOND = 400, 40, 20.0
START_SECONDS = 10.0
"""All begin within half of a long answer, so that all run at once for the other half."""

_ARENA = """
import socket, sys, uvloop
from functools import partial
from evenhand.app.application import Parts, create_app
from evenhand.app.ending import Ending
from evenhand.app.logging import configure_logging
from evenhand.app.server import ArenaServer
from evenhand.arenas import load_arenas
from evenhand.core.settings import Settings
configure_logging(sys.argv[3])
pacing = sys.argv[2] == "paced"
arenas = {slug: arena.model_copy(update={"pacing": pacing}) for slug, arena in load_arenas().items()}
listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
ready = partial(print, listener.getsockname()[1], flush=True)
app = create_app(Settings(), sys.argv[1], Parts(arenas=arenas))
async def serve():
    await ArenaServer(app, Ending(), ready).serve([listener])
uvloop.run(serve())
"""


@dataclass
class Measured:
    """Delays in ms: of each first piece since the question, and of every piece since it was sent."""

    first: list[float] = field(default_factory=list)
    pieces: list[float] = field(default_factory=list)

    def take(self, text: str, asked: float | None, cut: str = "") -> str:
        """Take what came after a stamp that was `cut` in the middle; gives back such a one."""
        arrived = time.monotonic()
        if asked is not None:
            self.first.append((arrived - asked) * 1000)
        *stamps, rest = (cut + text).split(" ")
        self.pieces += [(arrived - float(stamp)) * 1000 for stamp in stamps]
        return rest


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@asynccontextmanager
async def child(*words: str) -> AsyncIterator[tuple[int, psutil.Process]]:
    """A process that prints its port."""
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline()), psutil.Process(process.pid)
    finally:
        process.kill()
        await process.wait()


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, dict[str, object]]]:
    kind = ""
    async for line in response.content:
        if line.startswith(b"event: "):
            kind = line[7:-1].decode()
        elif line.startswith(b"data: ") and not line.startswith(b"data: [DONE]"):
            yield kind, json.loads(line[6:])


async def direct(http: aiohttp.ClientSession, provider: str, pieces: int, measured: Measured) -> None:
    asked: float | None = time.monotonic()
    body = {"stream": True, "messages": [{"role": "user", "content": str(pieces)}]}
    async with http.post(f"{provider}/chat/completions", json=body) as response:
        async for _, chunk in events(response):
            text = chunk["choices"][0]["delta"].get("content")  # type: ignore[index]
            if text:
                measured.take(text, asked)
                asked = None


async def battle(connector: aiohttp.TCPConnector, arena: str, pieces: int, measured: Measured) -> None:
    """One guest's battle, from the first request to the end of both answers."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(connector=connector, connector_owner=False, cookie_jar=jar) as http:
        await _battle(http, arena, pieces, measured)


async def _battle(http: aiohttp.ClientSession, arena: str, pieces: int, measured: Measured) -> None:
    async with http.post(f"{arena}/conversations", json={"arena": "text", "mode": "battle"}) as response:
        conversation = (await response.json())["id"]
    async with http.get(f"{arena}/conversations/{conversation}/events") as stream:
        asked: dict[object, float | None] = dict.fromkeys("ab", time.monotonic())
        cut: dict[object, str] = dict.fromkeys("ab", "")
        body = {"parts": [{"type": "text", "text": str(pieces)}], "terms_version": load_terms().version}
        async with http.post(f"{arena}/conversations/{conversation}/turns", json=body) as response:
            assert response.status == 202, await response.text()
        async for kind, data in events(stream):
            if kind == "delta":
                side = data["side"]
                cut[side] = measured.take(str(data["text"]), asked[side], cut[side])
                asked[side] = None
            elif kind == "battle" and data["status"] in ("ready", "failed"):
                assert data["status"] == "ready"
                return


async def spread(work: Sequence[Coroutine[None, None, None]], seconds: float) -> None:
    """Starts coroutines at any moments within a time, as people do; waits for all.

    In even steps their pieces would come in step too, and one wake-up would serve many.
    """
    moments = random.Random(len(work))

    async def later(one: Coroutine[None, None, None]) -> None:
        await asyncio.sleep(moments.uniform(0, seconds))
        await one

    await asyncio.gather(*map(later, work))


def cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


@dataclass(frozen=True)
class Round:
    """One round: CPU seconds of the arena and of PostgreSQL a battle, memory in kB a battle, delays."""

    arena: float
    postgres: float
    memory: float
    alone: Measured
    through: Measured

    def added(self, name: str, share: float) -> float:
        """What the arena adds to a percentile of the provider's own delays, in ms."""
        return percentile(getattr(self.through, name), share) - percentile(getattr(self.alone, name), share)


async def round_of(
    battles: int,
    pieces: int,
    arena_port: int,
    provider_port: int,
    arena: psutil.Process,
    postgres: psutil.Process,
) -> Round:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        alone, through = Measured(), Measured()
        provider = f"http://127.0.0.1:{provider_port}/v1"
        await spread([direct(http, provider, pieces, alone) for _ in range(2 * battles)], START_SECONDS)
        base = f"http://127.0.0.1:{arena_port}/api/v1"
        memory = arena.memory_info().rss
        before = cpu(arena), sum(cpu(one) for one in [postgres, *postgres.children()])
        await spread([battle(connector, base, pieces, through) for _ in range(battles)], START_SECONDS)
        spent = cpu(arena) - before[0]
        stored = sum(cpu(one) for one in [postgres, *postgres.children()]) - before[1]
    came = len(through.pieces)
    assert came == 2 * battles * pieces, f"{came} pieces came of {2 * battles * pieces}"
    grown = (arena.memory_info().rss - memory) / 1000 / battles
    return Round(spent / battles, max(stored, 0.0) / battles, grown, alone, through)


def figures(long: Round, short: Round) -> dict[str, float]:
    """What one round says: µs a chunk, ms a battle beside its chunks, kB, added delays in ms."""
    a_chunk = (long.arena - short.arena) / (2 * (LONG - SHORT))
    return {
        "chunk": a_chunk * 1e6,
        "battle": (long.arena - 2 * LONG * a_chunk) * 1e3,
        "postgres": long.postgres * 1e3,
        "memory": long.memory,
        **{
            f"{name}_{share}": long.added(name, share)
            for name in ("first", "pieces")
            for share in (0.5, 0.95, 0.99)
        },
    }


@asynccontextmanager
async def arena_on(url: str, paced: bool, log: str = "warning") -> AsyncIterator[tuple[int, psutil.Process]]:
    """An arena on a database that may be empty yet: its port and its process."""
    await asyncio.to_thread(upgrade, url)
    async with child("-c", _ARENA, url, "paced" if paced else "unpaced", log) as running:
        yield running


async def prepare(url: str, provider_port: int, most_tokens: int | None = None) -> None:
    """Enter two contestants, whose answers are cut after `most_tokens` instead of the arena's own limit."""
    await asyncio.to_thread(upgrade, url)
    arenas = load_arenas()
    if most_tokens is not None:
        for slug, arena in arenas.items():
            sampling = arena.sampling.model_copy(update={"max_output_tokens": most_tokens})
            arenas[slug] = arena.model_copy(update={"sampling": sampling})
    database = Database(url)
    endpoint = {"kind": "openai", "base_url": f"http://127.0.0.1:{provider_port}/v1"}
    entries = [
        CatalogueEntry(slug=name, name=name, endpoint=Endpoint(**endpoint, model=name))  # type: ignore[arg-type]
        for name in ("swift", "calm")
    ]
    async with database.unit_of_work() as work:
        ids = await register_arenas(work.session, arenas, now())
        await set_lineup(work.session, entries, arenas, ids, now())
    await database.close()


async def main(sizes: Sequence[int], rounds: int, paced: bool) -> None:
    print(
        f"{LONG} (and {SHORT}) pieces a side at {PER_SECOND:g} a second, all battles begin within "
        f"{START_SECONDS:g} s; medians of {rounds} rounds"
    )
    print("added to the provider's own delay, ms: first piece since the question | each since it was sent")
    print(
        f"{'battles':>8} {'p50':>7} {'p95':>7} {'p99':>7} | {'p50':>7} {'p95':>7} {'p99':>7} | "
        "CPU of the arena: µs a chunk, ms a battle beside; of PostgreSQL: ms a battle; memory: kB a battle"
    )
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres.start(Path(folder)) as postgres:
        server = psutil.Process(postgres.process_id)
        async with child("-m", "benchmarks.stamped_provider", str(PER_SECOND)) as (provider_port, _):
            await prepare(postgres.url, provider_port)
            async with arena_on(postgres.url, paced) as (arena_port, arena):
                rest = arena_port, provider_port, arena, server
                await round_of(20, SHORT, *rest)  # warms caches and pools
                for battles in sizes:
                    runs = [
                        figures(await round_of(battles, LONG, *rest), await round_of(battles, SHORT, *rest))
                        for _ in range(rounds)
                    ]
                    print(line(battles, medians(runs)))


def line(battles: int, median: dict[str, float]) -> str:
    delays = [
        " ".join(f"{median[f'{name}_{share}']:>7.1f}" for share in (0.5, 0.95, 0.99))
        for name in ("first", "pieces")
    ]
    cost = f"{median['chunk']:.0f}, {median['battle']:.1f}; {median['postgres']:.1f}; {median['memory']:.0f}"
    return f"{battles:>8} {' | '.join(delays)} | {cost}"


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("battles", type=int, nargs="*", default=[1, 50, 200])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--paced", action="store_true", help="show both sides in one rhythm, as arenas do")
    given = options.parse_args()
    uvloop.run(main(given.battles, given.rounds, given.paced))
