"""How long one's own board takes with thousands of votes of one's own.

`python -m benchmarks.bench_mine [--votes N] [--contestants N] [--others N]`. Requests go over HTTP on
loopback: as the board is looked at again, after another vote each time, and *since you left*.
"""

import argparse
import asyncio
import math
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import uvloop
from tests.support.arena import Arena, Voter, running_arena

from evenhand.app.migrations import upgrade
from evenhand.core.ids import new_id
from evenhand.storage.embedded import EmbeddedPostgres

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LOOKS = 100


def a_vote(chance: random.Random, contestants: int) -> tuple[int, int, str]:
    """A pair and what somebody makes of it; strengths are a row of steps, a fifth are ties."""
    a, b = chance.sample(range(contestants), 2)
    wins = chance.random() < 1 / (1 + math.exp(2.0 * (a - b) / contestants))
    return a, b, "tie" if chance.random() < 0.2 else "a" if wins else "b"


def fill(url: str, account: UUID, arena: UUID, configurations: list[UUID], votes: int, seed: int) -> None:
    """Votes as the arena would have written them, and noted for the count."""
    chance = random.Random(seed)
    rows: dict[str, list[tuple[Any, ...]]] = {"conversation": [], "battle": [], "vote": [], "count": []}
    for number in range(votes):
        conversation, battle, vote = new_id(), new_id(), new_id()
        a, b, choice = a_vote(chance, len(configurations))
        moment = BEGAN + timedelta(minutes=number)
        rows["conversation"].append(
            (conversation, account, arena, "side_by_side", [], "?", "", moment, moment)
        )
        salts = (b"0" * 32, b"1" * 32, "0", "1")
        pair = (configurations[a], configurations[b])
        rows["battle"].append(
            (battle, conversation, arena, "side_by_side", "revealed", *pair, *salts, moment)
        )
        rows["vote"].append((vote, battle, account, "author", choice, moment))
        rows["count"].append((vote, 1, 0))
    into = {
        "conversation": "conversation (id, account_id, arena_id, mode, contestants, title, terms_version,"
        " created_at, updated_at)",
        "battle": "battle (id, conversation_id, arena_id, mode, status, configuration_a, configuration_b,"
        " salt_a, salt_b, commitment_a, commitment_b, created_at)",
        "vote": "vote (id, battle_id, account_id, role, choice, cast_at)",
        "count": "vote_to_count (vote_id, votes, excluded)",
    }
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE conversation DROP CONSTRAINT IF EXISTS conversation_check")
        for name, table in into.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows[name]:
                    copy.write_row(row)
        connection.execute("ANALYZE")


def say(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p50, p95 = (1000 * ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95))
    print(f"{what}: p50 {p50:.0f} ms, p95 {p95:.0f} ms ({len(ordered)} requests)")


async def timed(voter: Voter, path: str) -> float:
    began = time.perf_counter()
    answered = await voter.call("GET", path)
    assert answered.status == 200, answered
    return time.perf_counter() - began


async def measure(url: str, votes: int, contestants: int, others: int) -> None:
    async with running_arena(url) as arena:
        slugs = [f"model-{number:03}" for number in range(contestants)]
        await arena.enter(*(arena.entry(slug) for slug in slugs))
        voter, other = arena.voter(), arena.voter()
        for one in (voter, other):
            await one.begin()
        account, stranger = [UUID((await one.call("GET", "/me")).body["id"]) for one in (voter, other)]
        with psycopg.connect(url) as connection:
            configurations = [row[0] for row in connection.execute("SELECT configuration_id FROM lineup")]
            connection.execute("UPDATE session SET created_at = created_at - interval '3 days'")
        home = arena.app.state.arena_ids["text"]
        await asyncio.to_thread(fill, url, stranger, home, configurations, others, 1)
        await asyncio.to_thread(fill, url, account, home, configurations, votes, 2)
        await arena.app.state.boards.refresh()
        await look(arena, voter, url, account, home, configurations)


async def look(
    arena: Arena, voter: Voter, url: str, account: UUID, home: UUID, configurations: list[UUID]
) -> None:
    mine = "/boards/text/mine"
    await timed(voter, mine)
    say("my board, looked at again", [await timed(voter, mine) for _ in range(LOOKS)])
    fresh = []
    for number in range(LOOKS // 2):
        await asyncio.to_thread(fill, url, account, home, configurations, 1, 100 + number)
        fresh.append(await timed(voter, mine))
    say("my board, after another vote", fresh)
    say("since you left", [await timed(voter, "/since-you-left") for _ in range(LOOKS)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=5_000)
    parser.add_argument("--contestants", type=int, default=100)
    parser.add_argument("--others", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres.start(Path(folder)) as postgres:
        upgrade(postgres.url)
        uvloop.run(measure(postgres.url, options.votes, options.contestants, options.others))


if __name__ == "__main__":
    main()
