"""How soon people are told of a fault, and how little it costs the rest.

`python -m benchmarks.bench_faults [--battles N] [--readers N]`. Four arenas on one machine, all at once, for
most of it is waiting; time limits are the defaults:

beside a side that stalls  what it costs the other side, with pacing and without, and when readers are told
coming back                readers whose line breaks at random moments, or who load the page again
a provider's line          one that stalls, takes a question and says nothing, or takes no connection

The other side's delay is held against that of battles in which nobody stalls, in the same arena once no other
does: beside one that held up the whole process, all would be late. What must hold however long it takes is in
`tests/faults`; at full size two waits there are bars: a database that was away is used again within 5 s, and
what a killed process ran is over within 60. Needs Chromium and a built page. Exit code 1 where a bar breaks.
"""

import argparse
import asyncio
import contextlib
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import uvloop
from playwright.async_api import async_playwright
from tests.support.arena import Arena, Listener, Voter, running_arena, settled, text_of
from tests.support.arena import Heard as Event
from tests.support.fake_provider import FakeProvider, Scenario
from tests.support.fault_proxy import Fault, FaultProxy

from benchmarks.bars import Bar
from benchmarks.bench_arena import PER_SECOND, arena_on, child, percentile, prepare
from benchmarks.chromium import chromium
from benchmarks.guest import Heard
from benchmarks.soak import served
from evenhand.app.logging import configure_logging
from evenhand.app.migrations import upgrade
from evenhand.battles.pacing import Rhythm
from evenhand.storage.embedded import EmbeddedPostgres

PIECES, UNTIL = 1000, 40
"""Of an answer, for longer than it takes until the other one is given up; and before one stalls."""
STARTS = 0.0, 3.0
"""Seconds within which battles begin."""
MOST_TOKENS = 1 << 20
"""So that no answer reaches a limit."""
STAYS = 0.1, 4.0
"""Seconds between two reloads."""
ANSWER = "Zwölf Boxkämpfer 🥊 jagen Viktor quer über den großen Sylter Deich. " * 50
TRIES = 3
"""Of each fault of a line."""
GIVEN_UP = "The model took too long"
"""What the page says of an answer that was given up."""


@dataclass
class Watched:
    """One battle as its reader hears it. Times are of `time.monotonic`."""

    asked: float = 0.0
    heard: dict[str, Heard] = field(default_factory=lambda: {"a": Heard(), "b": Heard()})
    failed: dict[str, float] = field(default_factory=dict)
    """When a side was said to have failed."""

    @property
    def whole(self) -> list[Heard]:
        """The answers of the sides that did not fail."""
        answers = [heard for side, heard in self.heard.items() if side not in self.failed]
        assert all(len(one.sent) == PIECES for one in answers), "some pieces did not come"
        return answers

    @property
    def told_after(self) -> float:
        """Seconds from the last piece of the side that failed, or else from the question."""
        [(side, told)] = self.failed.items()
        sent = self.heard[side].sent
        return told - (sent[-1] if sent else self.asked)


async def watch(address: str, question: str, after: float = 0.0) -> Watched:
    """One stranger's battle, to its end; it begins after so many seconds."""
    await asyncio.sleep(after)
    watched = Watched()
    async with Voter(address) as voter:
        conversation = await voter.begin()
        async with voter.follow(conversation) as listener:
            watched.asked = time.monotonic()
            await voter.ask(conversation, question)
            async for event in listener.events():
                now = time.monotonic()
                if event.kind == "delta":
                    watched.heard[event.data["side"]].take(event.data["text"], now, event.data["offset"])
                elif event.kind == "response" and event.data["status"] == "failed":
                    watched.failed.setdefault(event.data["side"], now)
                elif settled(event):
                    break
    return watched


async def watch_page(address: str) -> float:
    """Seconds from the last piece of a side that stalls until the page says that it was given up."""
    async with async_playwright() as playwright:
        browser = await chromium(playwright)
        page = await browser.new_page(base_url=address, locale="en")
        await page.goto("/")
        await page.get_by_test_id("composer").fill(f"{PIECES} {UNTIL}")
        await page.get_by_test_id("send").click()
        failed = page.locator("[data-status=failed]")
        await failed.get_by_text(GIVEN_UP).wait_for(timeout=120_000)
        told = time.monotonic()
        stamps = re.findall(r"\d+\.\d{5}", await failed.inner_text())
        await browser.close()
    assert len(stamps) == UNTIL, "the page shows other text than what came"
    return told - float(stamps[-1])


def late(battles: Sequence[Watched], since: float = 0.0) -> float:
    """The 95th percentile, in ms, of how long pieces were under way while the other side stood still.

    Where none did, of those from a time on.
    """
    return percentile(
        [
            delay
            for battle in battles
            for heard in battle.whole
            for delay in heard.delays(
                since or heard.sent[UNTIL], min(battle.failed.values(), default=math.inf)
            )
        ],
        0.95,
    )


async def stalls(address: str, battles: int, paced: bool) -> list[Bar]:
    """So many battles of each kind: nobody stalls, one stalls in the middle, one says nothing at all."""
    await watch(address, "20")  # warms caches and pools
    moments = random.Random(battles)
    async with asyncio.TaskGroup() as group:
        kinds = [
            [group.create_task(watch(address, question, moments.uniform(*STARTS))) for _ in range(battles)]
            for question in (f"{PIECES}", f"{PIECES} {UNTIL}", f"{PIECES} 0")
        ]
        page = group.create_task(watch_page(address))
    whole, stalled, mute = ([one.result() for one in kind] for kind in kinds)
    how = "paced" if paced else "not paced"
    over = max(told for one in (*stalled, *mute) for told in one.failed.values())
    usual, beside = late(whole, over + 1), late(stalled)
    print(f"{how}: pieces under way, p95: {usual:.1f} ms, beside a side that stalls {beside:.1f} ms")
    hold = Rhythm().hold if paced else 0.0
    first = max(one.whole[0].arrived[0] - one.asked for one in mute)
    return [
        Bar(f"{how}: more at p95 for pieces beside a side that stalls, ms", beside - usual, 50),
        Bar(f"{how}: first words beside a side that says nothing, s", first, hold + 1),
        Bar(f"{how}: readers are told that a side stalls, s", max(one.told_after for one in stalled), 35),
        Bar(f"{how}: readers are told that a side says nothing, s", max(one.told_after for one in mute), 35),
        Bar(f"{how}: the page says that a side stalls, s", page.result(), 35),
    ]


class Reader:
    """Somebody who reads one battle, goes away at random moments, and comes back at once."""

    def __init__(self, voter: Voter, chance: random.Random) -> None:
        self.waits: list[float] = []
        """Seconds from each coming back until something came that was not known."""
        self._voter = voter
        self._chance = chance
        self._known = dict.fromkeys("ab", 0)

    async def read(self) -> None:
        """To the end of the battle; every second time as the page does whose line broke, else anew."""
        conversation = await self._voter.begin()
        await self._voter.ask(conversation)
        heard: list[Event] = []
        returns = 0
        while not (heard and settled(heard[-1])):
            if returns % 2:
                heard = []
            began = time.monotonic()
            async with self._voter.follow(conversation, heard[-1].id if heard else None) as listener:
                with contextlib.suppress(TimeoutError):
                    await self._stay(listener, began if returns else None)
                heard += listener.heard
            returns += 1
        [turn] = (await self._voter.read(conversation))["turns"]
        stored = ["".join(part["text"] for part in one["parts"]) for one in turn["responses"]]
        assert stored == [text_of(heard, side) for side in "ab"] == [ANSWER, ANSWER], "the texts differ"

    async def _stay(self, listener: Listener, began: float | None) -> None:
        """Until the end, or for a while from the first that was not known on. Raises `TimeoutError`."""
        async with asyncio.timeout(None) as stay:
            async for event in listener.events():
                if settled(event):
                    return
                if self._is_news(event) and stay.when() is None:
                    if began is not None:
                        self.waits.append(time.monotonic() - began)
                    stay.reschedule(asyncio.get_running_loop().time() + self._chance.uniform(*STAYS))

    def _is_news(self, event: Event) -> bool:
        if event.kind != "delta":
            return False
        side, until = event.data["side"], event.data["offset"] + len(event.data["text"])
        known, self._known[side] = self._known[side], max(self._known[side], until)
        return until > known


async def reloads(address: str, provider: FakeProvider, readers: int) -> list[Bar]:
    """So many battles at once, whose readers come back again and again, to one process or another."""
    async with contextlib.AsyncExitStack() as leaving:
        voters = [await leaving.enter_async_context(Voter(address)) for _ in range(readers)]
        people = [Reader(voter, random.Random(number)) for number, voter in enumerate(voters)]
        await asyncio.gather(*(one.read() for one in people))
    waits = [wait for one in people for wait in one.waits]
    print(f"{len(waits)} returns to {readers} running battles: p50 {percentile(waits, 0.5) * 1000:.0f} ms")
    return [
        Bar("coming back: until it goes on, p95, s", percentile(waits, 0.95), 1),
        Bar("coming back: calls of providers beyond two a battle", len(provider.calls) - 2 * readers, 0),
    ]


@dataclass(frozen=True)
class Line:
    """A way to a provider that is not as it should be, and within how many seconds an answer has failed."""

    what: str
    most: float
    faulty: dict[str, Any]
    scheme: str = "http"


LINES = (
    Line("stalls in the middle of an answer", 35, {"fault": Fault(stall_after=5_000)}),
    Line("takes the question and says nothing", 35, {"silent": True}),
    # Where it is encrypted, there is no connection until the other side has spoken.
    Line("takes no connection (limit 5 s)", 7, {"silent": True}, "https"),
    Line("resets every connection (3 tries, pauses up to 1.5 s)", 3, {"away": True}),
)


async def ends_after(arena: Arena, contestant: str) -> float:
    """Seconds from the last piece, or else the question, until the answer has failed."""
    voter = arena.voter()
    conversation = await voter.begin("direct", contestant)
    async with voter.follow(conversation) as listener:
        last = time.monotonic()
        await voter.ask(conversation)
        async for event in listener.events():
            if event.kind == "delta":
                last = time.monotonic()
            elif event.kind == "response" and event.data["status"] == "failed":
                return time.monotonic() - last
    raise AssertionError("the events ended before the answer")


async def lines(arena: Arena) -> list[Bar]:
    """Some answers by each of the lines."""
    scenario = Scenario(text=ANSWER, tokens_per_second=PER_SECOND)
    async with contextlib.AsyncExitStack() as leaving:
        entries = []
        for number, line in enumerate(LINES):
            proxy = FaultProxy(arena.provider.port, **line.faulty)
            await leaving.enter_async_context(proxy)
            address = f"{line.scheme}://127.0.0.1:{proxy.port}/v1"
            entries.append(arena.entry(f"faulty{number}", scenario, base_url=address))
        await arena.enter(*entries)
        waits = await asyncio.gather(
            *(ends_after(arena, entry.slug) for entry in entries for _ in range(TRIES))
        )
    return [
        Bar(f"a line that {line.what}, s", max(waits[TRIES * number :][:TRIES]), line.most)
        for number, line in enumerate(LINES)
    ]


def database(postgres: EmbeddedPostgres, name: str) -> str:
    """The address of a new one."""
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = urlsplit(postgres.url)._replace(path=f"/{name}").geturl()
    upgrade(url)
    return url


async def measured(postgres: EmbeddedPostgres, folder: Path, battles: int, readers: int) -> list[Bar]:
    configure_logging("error")  # of the arena in this process
    paced, unpaced, reloaded, faulty = (
        database(postgres, name) for name in ("paced", "unpaced", "reloaded", "faulty")
    )
    models = dict.fromkeys(("swift", "calm"), Scenario(text=ANSWER, tokens_per_second=PER_SECOND))
    async with (
        child("-m", "benchmarks.stamped_provider", str(PER_SECOND)) as (stamped, _),
        FakeProvider(scenarios=models) as provider,
    ):
        for url in (paced, unpaced):
            await prepare(url, stamped, MOST_TOKENS)
        async with (
            arena_on(paced, paced=True, log="error") as (paced_port, _),
            arena_on(unpaced, paced=False, log="error") as (unpaced_port, _),
            served(folder, reloaded, provider.port) as (base, _),
            running_arena(faulty) as arena,
        ):
            parts = await asyncio.gather(
                stalls(f"http://127.0.0.1:{paced_port}", battles, paced=True),
                stalls(f"http://127.0.0.1:{unpaced_port}", battles, paced=False),
                reloads(base.removesuffix("/api/v1"), provider, readers),
                lines(arena),
            )
    return [bar for part in parts for bar in part]


async def main(battles: int, readers: int) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres.start(Path(folder) / "data", options={"max_connections": "300"}) as postgres,
    ):
        bars = await measured(postgres, Path(folder), battles, readers)
    print(*bars, sep="\n")
    return int(not all(bar.holds for bar in bars))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--battles", type=int, default=4, help="of each kind in which a side may stall")
    options.add_argument("--readers", type=int, default=10, help="who come back again and again")
    given = options.parse_args()
    sys.exit(uvloop.run(main(given.battles, given.readers)))
