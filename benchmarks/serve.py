"""How much an arena serves: `python -m benchmarks.serve [--quick]`, at most 12 minutes, or 2.

Battles held at once by one web process, with what a relayed piece and a battle cost; the same with pacing,
and read from another process; votes; and LiteLLM's proxy relaying the same streams, in the same run.
Provider, arena, PostgreSQL, LiteLLM and people share the machine, so that the number of battles is what all
of them together allow. Then the bars, and which of them hold.
"""

import argparse
import asyncio
import math
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop
from tests.faults.history import History

from benchmarks import peer
from benchmarks.bench_arena import PER_SECOND, arena_on, child, percentile, prepare
from benchmarks.environments import PeerError
from benchmarks.holding import Held, Web, hold, warm
from benchmarks.relaying import Offered, in_turns, offered
from benchmarks.soak import WORKERS, served
from benchmarks.voting import VOTERS, Votes, votes
from evenhand.storage.embedded import EmbeddedPostgres

BATTLES, DELAY, PACED, ELSEWHERE = 200, 100.0, 60.0, 250.0
VOTES, VOTE = 150.0, 150.0
MEMORY, RATIO = 300.0, 0.1
MOST_TOKENS = 16_384
"""A piece has six tokens, and a battle must outlast the beginning of all others."""


@dataclass(frozen=True)
class Plan:
    """Sizes. `at` battles are held with pacing, and read elsewhere; `streams` are relayed in turns."""

    steps: Sequence[int]
    seconds: float
    at: int
    votes: int
    streams: int
    pieces: int
    rounds: int


FULL = Plan((50, 100, 200, 300, 400, 500), 8.0, BATTLES, 1500, 40, 400, 3)
QUICK = Plan((10, 20), 3.0, 20, 100, 20, 100, 1)


@dataclass(frozen=True)
class Bar:
    """What was promised and what was measured; `holds` is None where the sizes are too small to say."""

    name: str
    measured: str
    asked: str
    holds: bool | None


class Machine:
    """What all measurements share: a migrated database, the provider, and what was acknowledged."""

    def __init__(self, folder: Path, postgres: EmbeddedPostgres, provider: int) -> None:
        self.folder = folder
        self.url = postgres.url
        self.postgres = psutil.Process(postgres.process_id)
        self.provider = provider
        self.history = History()

    @asynccontextmanager
    async def web(self, *, paced: bool = False) -> AsyncIterator[Web]:
        """A new web process on a port of its own, warm."""
        async with arena_on(self.url, paced) as (port, process):
            yield await warm(port, process)


async def ladder(machine: Machine, plan: Plan, web: Web) -> list[Held]:
    """Ever more battles, until the bar breaks twice: the machine may be shared."""
    print(
        f"{'battles':>8} {'p50':>7} {'p95':>7} {'p99':>7} | {'web':>6} {'pg':>6} | "
        f"{'busy':>5} {'all':>5} | kB a battle"
    )
    held: list[Held] = []
    for battles in plan.steps:
        for _ in range(2):
            step = await hold(battles, plan.seconds, machine.postgres, machine.history, web)
            print(line(str(battles), step))
            if step.p95 < DELAY:
                break
        held.append(step)
        if step.p95 >= DELAY:
            break
    return held


def line(name: str, step: Held) -> str:
    if step.wrong:
        return f"{name:>8} not held: {step.wrong}"
    delays = " ".join(f"{percentile(step.delays, share):>7.1f}" for share in (0.5, 0.95, 0.99))
    cost = (
        f"{step.web:>6.0f} {step.postgres:>6.0f} | {step.busy:>5.0%} {step.machine:>5.0%} | {step.memory:.0f}"
    )
    return f"{name:>8} {delays} | {cost}"


async def cast(machine: Machine, plan: Plan) -> Votes:
    async with served(machine.folder, machine.url, machine.provider) as (base, _):
        return await votes(plan.votes, base, machine.history)


async def relay(machine: Machine, plan: Plan, web: Web) -> float | None:
    """The arena and the peer in turns, then the peer with as many streams as are held: its µs a piece.

    Where it makes nothing of so many, those of few streams stand for them; None where it cannot be had.
    """
    sizes = plan.streams, plan.pieces, plan.rounds, web, machine.postgres
    same: Offered | None = None
    try:
        version = await asyncio.to_thread(peer.install)
        async with peer.proxy(machine.folder, machine.provider) as beside:
            print(f"LiteLLM's proxy {version}: {beside.started:.1f} s to start")
            ours, theirs = await in_turns(*sizes, beside)
            same = await offered(2 * plan.at, plan.seconds, beside)
    except PeerError as error:
        print(f"LiteLLM's proxy cannot be had ({error}); the arena is measured alone.")
        ours, theirs = await in_turns(*sizes, None)
    print(f"{plan.streams} streams of {plan.pieces} pieces; µs of CPU a piece while they run, and with their")
    print("beginnings and ends: in the arena the draw, what is stored then, and the measures of both answers")
    for name, one in (("arena, with PostgreSQL", ours), ("LiteLLM's proxy", theirs)):
        if one is not None:
            costs = f"{one.running:>5.0f} {one.whole:>5.0f}"
            print(f"{name:>24} {costs} | p95 {one.p95:.1f} ms | {one.memory:.0f} MB")
    if theirs is not None:
        shares = theirs.running / ours.running, theirs.whole / ours.whole
        print(f"{'the arena takes':>24} {' '.join(f'1/{share:.1f}'.rjust(5) for share in shares)}")
    if same is None:
        return None if theirs is None else theirs.running
    came = f"{same.per_second:.0f} of {same.streams * PER_SECOND:.0f} pieces a second come"
    print(f"{same.streams} streams through LiteLLM's proxy: {came}, {same.cost:.0f} µs of CPU a piece")
    return same.cost


def within(value: float, bar: float, unit: str) -> tuple[str, str, bool]:
    measured = f"{value:.0f} {unit}" if math.isfinite(value) else "not held"
    return measured, f"≤ {bar:g} {unit}", value <= bar


def bars(
    plan: Plan,
    held: list[Held],
    paced: Held,
    elsewhere: Held,
    cast: Votes,
    theirs: float | None,
) -> list[Bar]:
    most = max((step.battles for step in held if step.p95 < DELAY), default=0)
    broke = held[-1].p95 >= DELAY
    most_measured = [step for step in held if not step.wrong and step.battles <= BATTLES][-1:]
    full = plan.at >= BATTLES
    p95 = percentile(cast.times, 0.95)
    shares = [
        (f"CPU a piece, of LiteLLM's, at {one.battles} battles", (one.web + one.postgres) / theirs)
        for one in most_measured
        if theirs is not None
    ]

    def bar(name: str, measured: str, asked: str, holds: bool) -> Bar:
        return Bar(name, measured, asked, holds if full else None)

    return [
        bar(
            f"battles at once on one process, p95 < {DELAY:g} ms",
            f"{most}" if broke else f"≥ {most}",
            f"≥ {BATTLES}",
            most >= BATTLES,
        ),
        bar(f"p95 beyond pacing's start, {plan.at} battles", *within(paced.p95, PACED, "ms")),
        bar(f"p95 read from another process, {plan.at} battles", *within(elsewhere.p95, ELSEWHERE, "ms")),
        bar(
            f"durable votes a second, {WORKERS} processes",
            f"{cast.per_second:.0f}",
            f"≥ {VOTES:g}",
            cast.per_second >= VOTES,
        ),
        bar("p95 of a vote", f"{p95:.0f} ms", f"< {VOTE:g} ms", p95 < VOTE),
        *(
            bar(f"memory a battle, {one.battles} battles", *within(one.memory, MEMORY, "kB"))
            for one in most_measured
        ),
        *(bar(name, f"1/{1 / share:.1f}", f"≤ 1/{1 / RATIO:g}", share <= RATIO) for name, share in shares),
    ]


async def measure(machine: Machine, plan: Plan) -> list[Bar]:
    print(f"{PER_SECOND:g} pieces a second and stream, two streams a battle; ms since a piece was sent;")
    print("CPU of the web process and of PostgreSQL, µs a piece; how busy it is, and the machine; its memory")
    async with machine.web() as web:
        held = await ladder(machine, plan, web)
        rest = plan.at, plan.seconds, machine.postgres, machine.history
        async with machine.web(paced=True) as other:
            paced = await hold(*rest, other, paced=True)
            print(line("paced", paced))
            elsewhere = await hold(*rest, web, reads=other)
            print(line("2 procs", elsewhere))
        theirs = await relay(machine, plan, web)
    cast_ = await cast(machine, plan)
    shares = ", ".join(f"p{share:g} {percentile(cast_.times, share / 100):.0f}" for share in (50, 95, 99))
    print(f"{plan.votes} votes of {VOTERS} people at once: {cast_.per_second:.0f} a second; ms: {shares}")
    await machine.history.check(machine.url)
    print("every acknowledged vote stands once; nothing is left in flight")
    return bars(plan, held, paced, elsewhere, cast_, theirs)


async def main(plan: Plan) -> None:
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres.start(Path(name) / "data") as postgres:
        async with child("-m", "benchmarks.stamped_provider", str(PER_SECOND)) as (provider, _):
            await prepare(postgres.url, provider, MOST_TOKENS)
            found = await measure(Machine(Path(name), postgres, provider), plan)
    print(f"\n{os.cpu_count()} cores, shared by all of it")
    for bar in found:
        verdict = {True: "holds", False: "BROKEN", None: "not asked at this size"}[bar.holds]
        print(f"  {bar.name:<52} {bar.measured:>12}  {bar.asked:<9} {verdict}")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="small sizes: whether it works, not how much")
    uvloop.run(main(QUICK if options.parse_args().quick else FULL))
