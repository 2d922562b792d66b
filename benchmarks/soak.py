"""Many people for a long time: `python -m benchmarks.soak [--minutes 60] [--users 200]`.

Everyone asks, follows both answers, sometimes loses the connection or stops, reads, votes, and thinks.
Provider, arena (two web processes, as `evenhand serve` runs them), PostgreSQL and people share the machine.
In the end every acknowledged vote is held against the table, and the board against both.
"""

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil
import uvloop
import yaml
from tests.faults.history import History
from tests.support.arena import Voter

from benchmarks.bench_arena import child, events, percentile
from evenhand.consent.terms import load_terms
from evenhand.storage.embedded import EmbeddedPostgres

PER_SECOND, PIECES = 20.0, (20, 200)
READS, THINKS = (5.0, 20.0), (1.0, 8.0)
"""Seconds that somebody takes over two answers before voting, and over the next question."""
WORKERS = 2
LONGEST = 120.0
"""Seconds that somebody waits for a battle to be ready."""


@dataclass
class Report:
    """What happened: requests by outcome, votes with their time in ms, battles."""

    requests: Counter[str] = field(default_factory=Counter)
    votes: list[float] = field(default_factory=list)
    battles: int = 0

    @property
    def errors(self) -> int:
        """Requests that were not answered as they should be."""
        return sum(count for outcome, count in self.requests.items() if outcome != "fine")


class Person:
    """Somebody who asks and votes until the time is over."""

    def __init__(self, base: str, report: Report, history: History, chance: random.Random) -> None:
        self._base = base
        self._report = report
        self._history = history
        self._chance = chance

    async def live(self, until: float) -> None:
        """Battle after battle."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            await asyncio.sleep(self._chance.uniform(*THINKS))
            while time.monotonic() < until:
                try:
                    await self._battle(http)
                except (aiohttp.ClientError, TimeoutError) as error:
                    self._report.requests[f"{type(error).__name__} {error}".strip()] += 1
                await asyncio.sleep(self._chance.uniform(*THINKS))

    async def _battle(self, http: aiohttp.ClientSession) -> None:
        conversation = (await self._ask_for(http, "/conversations", {"arena": "text", "mode": "battle"}))[
            "id"
        ]
        question = str(self._chance.randint(*PIECES))
        body = {"parts": [{"type": "text", "text": question}], "terms_version": load_terms().version}
        turn = await self._ask_for(http, f"/conversations/{conversation}/turns", body)
        if self._chance.random() < 0.05:
            await asyncio.sleep(self._chance.uniform(0.5, 3))
            await self._ask_for(http, f"/turns/{turn['id']}/stop", None)
        await self._follow(http, conversation)
        await asyncio.sleep(self._chance.uniform(*READS))
        choice = self._chance.choice(["a", "b", "tie", "both_bad"])
        began = time.monotonic()
        await self._ask_for(http, f"/battles/{turn['battle_id']}/vote", {"choice": choice})
        self._report.votes.append((time.monotonic() - began) * 1000)
        self._history.acknowledged[turn["battle_id"]] = choice
        self._report.battles += 1

    async def _follow(self, http: aiohttp.ClientSession, conversation: str) -> None:
        """Until the battle is ready; now and then the page is loaded again."""
        heard: dict[str, object] = {}
        try:
            async with asyncio.timeout(LONGEST):
                while heard.get("battle") != "ready":
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._chance.uniform(2, 60)):
                            await self._listen(http, conversation, heard)
        except TimeoutError:
            raise TimeoutError(f"after {LONGEST:g} s, of {conversation}: {heard}") from None

    async def _listen(self, http: aiohttp.ClientSession, conversation: str, heard: dict[str, object]) -> None:
        """Until the battle is ready or the stream ends; notes what was said last of battle and sides."""
        async with http.get(f"{self._base}/conversations/{conversation}/events") as stream:
            async for kind, data in events(stream):
                if kind in ("battle", "response"):
                    heard[str(data.get("side", kind))] = data["status"]
                if heard.get("battle") == "ready":
                    return

    async def _ask_for(self, http: aiohttp.ClientSession, path: str, body: object) -> dict[str, str]:
        async with http.post(f"{self._base}{path}", json=body) as response:
            fine = response.status < 300
            self._report.requests["fine" if fine else f"{response.status} {path.rpartition('/')[2]}"] += 1
            response.raise_for_status()
            answer: dict[str, str] = await response.json()
            return answer


@contextlib.asynccontextmanager
async def served(folder: Path, url: str, provider: int) -> AsyncIterator[tuple[str, psutil.Process]]:
    """`evenhand serve` on a database: its address, and its process."""
    endpoint = {"kind": "openai", "base_url": f"http://127.0.0.1:{provider}/v1"}
    catalogue = folder / "catalogue.yaml"
    entries = [{"slug": one, "name": one, "endpoint": endpoint | {"model": one}} for one in ("swift", "calm")]
    catalogue.write_text(yaml.safe_dump({"contestants": entries}))
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("evenhand")),
        "serve",
        "--workers",
        str(WORKERS),
        stdout=asyncio.subprocess.PIPE,
        env=os.environ
        | {
            "EVENHAND_DATABASE_URL": url,
            "EVENHAND_CATALOGUE": str(catalogue),
            "EVENHAND_PORT": "0",
            "EVENHAND_GUEST_TURNS_PER_HOUR": "100000",
        },
    )
    assert process.stdout is not None
    try:
        while not (line := (await process.stdout.readline()).decode()).startswith("Open "):
            assert line, "it did not start"
        yield f"{line.split()[1]}/api/v1", psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


def memory(process: psutil.Process) -> float:
    """What the arena's processes hold, in MB."""
    return sum(one.memory_info().rss for one in [process, *process.children()]) / 1e6


async def main(minutes: float, users: int) -> None:
    report, history = Report(), History()
    with tempfile.TemporaryDirectory() as name, EmbeddedPostgres.start(Path(name) / "data") as postgres:
        async with (
            child("-m", "benchmarks.stamped_provider", str(PER_SECOND)) as (provider, _),
            served(Path(name), postgres.url, provider) as (base, arena),
        ):
            until = time.monotonic() + minutes * 60
            people = [Person(base, report, history, random.Random(number)) for number in range(users)]
            living = asyncio.gather(*(person.live(until) for person in people))
            await asyncio.sleep(minutes * 60 / 4)
            warm = memory(arena)
            await living
            cold = memory(arena)
            async with Voter(base.removesuffix("/api/v1")) as reader:
                await history.check(postgres.url, reader)
    requests = report.requests.total()
    print(f"{users} people for {minutes:g} minutes: {report.battles} battles, {requests} requests")
    print(f"errors: {report.errors} ({report.errors / requests:.3%}) {dict(report.requests)}")
    print("votes, ms: " + ", ".join(f"p{q:g} {percentile(report.votes, q / 100):.0f}" for q in (50, 95, 99)))
    print(f"memory of {WORKERS} web processes: {warm:.0f} MB after a quarter, {cold:.0f} MB in the end")
    print("every acknowledged vote stands once; nothing is left in flight; draws have no gap")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--users", type=int, default=200)
    given = options.parse_args()
    uvloop.run(main(given.minutes, given.users))
