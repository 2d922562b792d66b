"""How long a list and a search take with 10,000 conversations of one person, and what the index costs.

`python -m benchmarks.bench_history [--conversations N] [--others N] [--peers]`. Each conversation has two
turns with long answers, half of them English and half Chinese, of words as frequent as Zipf has them; other
people have as many together. Requests go over HTTP on loopback; terms are cut from the texts themselves. With
`--peers` the same texts are indexed by pg_trgm, and asked for the same terms in SQL. Exit code 1 where the
95th percentile of anything is above the bar.
"""

import argparse
import asyncio
import bisect
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp
import psycopg
import uvloop

from benchmarks.bench_arena import arena_on, percentile, prepare
from evenhand.core.ids import new_id
from evenhand.history.index import Indexer
from evenhand.storage.embedded import EmbeddedPostgres
from evenhand.storage.engine import Database

REQUESTS = 200
"""Of each kind."""
BAR = 100.0
"""Milliseconds that the 95th percentile of a list or a search may take."""
OTHERS = 500
"""Accounts that share the rest of the conversations."""
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Language:
    """Texts of words that are as frequent as those of a language are."""

    def __init__(self, chance: random.Random, vocabulary: Sequence[str], between: str) -> None:
        self._chance = chance
        self._words = vocabulary
        self._between = between
        self._sums = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(vocabulary))))

    def word(self) -> str:
        return self._words[bisect.bisect(self._sums, self._chance.random() * self._sums[-1])]

    def text(self, length: int) -> str:
        """So many words, in sentences."""
        stop = "。" if not self._between else ". "
        return "".join(
            self.word() + (self._between if self._chance.random() > 0.07 else stop) for _ in range(length)
        )


def languages(chance: random.Random) -> tuple[Language, Language]:
    syllables = [a + b for a in "bcdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "er", "in", "on")]
    english = {"".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 3, 4)))) for _ in range(40_000)}
    signs = [chr(0x4E00 + number) for number in chance.sample(range(6_000), 3_500)]
    weights = [1 / (rank + 5) for rank in range(len(signs))]
    chinese = {
        "".join(chance.choices(signs, weights, k=chance.choice((1, 2, 2, 2, 3)))) for _ in range(30_000)
    }
    return (
        Language(chance, sorted(english, key=lambda one: (len(one), one)), " "),
        Language(chance, sorted(chinese, key=lambda one: (len(one), one)), ""),
    )


@dataclass(frozen=True)
class Owners:
    account: UUID
    arena: UUID
    configurations: Sequence[UUID]
    contestants: Sequence[UUID]


def fill(url: str, owners: Owners, conversations: int, others: int) -> int:
    """Write conversations; the characters in them."""
    chance = random.Random(7)
    english, chinese = languages(chance)
    strangers = [new_id() for _ in range(OTHERS)]
    rows: dict[str, list[tuple[Any, ...]]] = {}
    characters = 0

    def text(language: Language, length: int) -> str:
        nonlocal characters
        one = language.text(length)
        characters += len(one)
        return one

    with psycopg.connect(url, autocommit=True) as connection:
        # The rows are as the arena would leave them; it has not written them, so nothing is noted or checked.
        connection.execute("SET session_replication_role = replica")

        def flush() -> None:
            for table, written in rows.items():
                columns, values = table.partition(" ")[::2], written
                with connection.cursor().copy(f"COPY {columns[0]} {columns[1]} FROM STDIN") as copy:
                    for value in values:
                        copy.write_row(value)
            rows.clear()

        def put(table: str, *values: Any) -> None:
            rows.setdefault(table, []).append(values)

        connection.cursor().executemany(
            "INSERT INTO account (id, kind, created_at) VALUES (%s, 'guest', %s)",
            [(one, BEGAN) for one in strangers],
        )
        for number in range(conversations + others):
            owner = (
                owners.account if number % (1 + others // conversations) == 0 else chance.choice(strangers)
            )
            moment = BEGAN + timedelta(minutes=7 * number)
            language, length = chance.choice([(english, 500), (chinese, 700)])
            conversation, question = new_id(), text(language, 15)
            direct = number % 5 == 0
            put(
                "conversation (id, account_id, arena_id, mode, contestants, title, terms_version, created_at,"
                " updated_at, archived)",
                conversation,
                owner,
                owners.arena,
                "direct" if direct else "side_by_side",
                list(owners.contestants[: 1 if direct else 2]),
                question[:80],
                "",
                moment,
                moment,
                number % 10 == 0,
            )
            before = None
            for turn_number in range(2):
                turn, battle = new_id(), new_id()
                put(
                    "battle (id, conversation_id, arena_id, mode, status, configuration_a, configuration_b,"
                    " salt_a, salt_b, commitment_a, commitment_b, created_at)",
                    battle,
                    conversation,
                    owners.arena,
                    "direct" if direct else "side_by_side",
                    "ready" if direct or number % 3 == 0 else "revealed",
                    owners.configurations[0],
                    None if direct else owners.configurations[1],
                    b"0" * 32,
                    None if direct else b"0" * 32,
                    "",
                    None if direct else "",
                    moment,
                )
                put(
                    "turn (id, conversation_id, parent_id, battle_id, account_id, created_at)",
                    turn,
                    conversation,
                    before,
                    battle,
                    owner,
                    moment,
                )
                asked = question if turn_number == 0 else text(language, 15)
                put("turn_part (turn_id, index, kind, text)", turn, 0, "text", asked)
                for side, configuration in zip("a" if direct else "ab", owners.configurations, strict=False):
                    response, attempt = new_id(), new_id()
                    put(
                        "response (id, turn_id, battle_id, side, configuration_id, status, attempts,"
                        " reserved_usd, queued_at)",
                        response,
                        turn,
                        battle,
                        side,
                        configuration,
                        "done",
                        1,
                        0,
                        moment,
                    )
                    put(
                        "attempt (id, response_id, number, status, started_at, ended_at, finish_reason)",
                        attempt,
                        response,
                        1,
                        "done",
                        moment,
                        moment,
                        "stop",
                    )
                    put("part (attempt_id, index, kind, text)", attempt, 0, "text", text(language, length))
                if not direct and number % 3:
                    put(
                        "vote (id, battle_id, account_id, role, choice, cast_at)",
                        new_id(),
                        battle,
                        owner,
                        "author",
                        "a",
                        moment,
                    )
                before = turn
            if number % 500 == 499:
                flush()
        flush()
        connection.execute("INSERT INTO to_index (turn_id) SELECT id FROM turn ORDER BY id")
        connection.execute("ANALYZE")
    return characters


def looked_for(url: str, account: UUID) -> dict[str, Callable[[], str]]:
    """What is looked for, by kind, cut from texts of the account."""
    chance = random.Random(11)
    with psycopg.connect(url) as connection:
        texts = [
            text
            for (text,) in connection.execute(
                "SELECT part.text FROM conversation JOIN turn ON turn.conversation_id = conversation.id"
                " JOIN response ON response.turn_id = turn.id"
                " JOIN attempt ON attempt.response_id = response.id"
                " JOIN part ON part.attempt_id = attempt.id WHERE conversation.account_id = %s LIMIT 2000",
                (account,),
            )
        ]
    english = [one for one in texts if one.isascii()]
    chinese = [one for one in texts if not one.isascii()]

    def cut(length: int) -> str:
        while True:
            text = chance.choice(chinese)
            at = chance.randrange(len(text) - length)
            if "。" not in text[at : at + length]:
                return text[at : at + length]

    def word() -> str:
        return chance.choice(chance.choice(english).replace(".", "").split())

    return {
        "one sign": lambda: cut(1),
        "two signs": lambda: cut(2),
        "four signs": lambda: cut(4),
        "a word": word,
        "its beginning": lambda: word()[:3],
        "one letter": lambda: word()[0],
        "two words": lambda: f"{word()} {word()}",
        "nothing there": lambda: "qqzzx",
    }


async def timed(http: aiohttp.ClientSession, base: str, params: Callable[[], dict[str, Any]]) -> list[float]:
    """How long so many requests took, one after the other, in ms."""
    taken = []
    for _ in range(REQUESTS):
        asked = params()
        began = time.perf_counter()
        async with http.get(f"{base}/conversations", params=asked) as response:
            body = await response.json()
            assert response.status == 200, body
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def show(name: str, taken: Sequence[float]) -> float:
    """Print how long one kind took; gives back its 95th percentile."""
    p95 = percentile(taken, 0.95)
    print(f"{name:<34} p50 {statistics.median(taken):6.1f} ms   p95 {p95:6.1f} ms")
    return p95


def size(url: str, relation: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_total_relation_size(%s)", (relation,)).fetchone()
    assert row is not None
    return f"{row[0] / 1e6:.0f} MB"


async def pages(http: aiohttp.ClientSession, base: str) -> Iterator[str]:
    """Cursors of one page after the other."""
    found, cursor = [], None
    for _ in range(REQUESTS):
        async with http.get(f"{base}/conversations", params={"cursor": cursor} if cursor else {}) as response:
            cursor = (await response.json())["next"]
        if cursor is None:
            break
        found.append(cursor)
    return itertools.cycle(found)


def peers(url: str, account: UUID, kinds: dict[str, Callable[[], str]]) -> None:
    """The same texts under other indexes, asked in SQL for the ids of the newest page."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("""
            CREATE TABLE peer AS
            SELECT turn.id, conversation.account_id, conversation.updated_at,
                   (SELECT string_agg(part.text, ' ') FROM response
                    JOIN attempt ON attempt.response_id = response.id
                    JOIN part ON part.attempt_id = attempt.id WHERE response.turn_id = turn.id) AS text
            FROM turn JOIN conversation ON conversation.id = turn.conversation_id""")
        began = time.perf_counter()
        connection.execute("CREATE INDEX peer_trigrams ON peer USING gin (text gin_trgm_ops)")
        print(f"\npg_trgm: index {size(url, 'peer_trigrams')}, built in {time.perf_counter() - began:.0f} s")
        connection.execute("VACUUM ANALYZE peer")
        newest = "ORDER BY updated_at DESC LIMIT 31"
        for name, query in kinds.items():
            trigrams = []
            for _ in range(REQUESTS // 4):
                given = query()
                began = time.perf_counter()
                likes = " AND ".join("text ILIKE %s" for _ in given.split())
                connection.execute(
                    f"SELECT id FROM peer WHERE account_id = %s AND {likes} {newest}",
                    (account, *(f"%{word}%" for word in given.split())),
                ).fetchall()
                trigrams.append((time.perf_counter() - began) * 1000)
            show(f"pg_trgm: {name}", trigrams)


async def main(conversations: int, others: int, with_peers: bool) -> int:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres.start(Path(folder)) as postgres:
        url = postgres.url
        await prepare(url, 1)
        async with arena_on(url, paced=False) as (port, _), aiohttp.ClientSession() as http:
            base = f"http://127.0.0.1:{port}/api/v1"
            async with http.post(f"{base}/conversations", json={"arena": "text", "mode": "battle"}) as begun:
                cookie = begun.cookies["evenhand"].value
        async with await psycopg.AsyncConnection.connect(url) as connection:

            async def ids(query: str) -> list[UUID]:
                return [one for (one,) in await (await connection.execute(query.encode())).fetchall()]

            owners = Owners(
                (await ids("SELECT account_id FROM conversation"))[0],
                (await ids("SELECT id FROM arena WHERE slug = 'text'"))[0],
                await ids("SELECT id FROM configuration"),
                await ids("SELECT id FROM contestant"),
            )
        characters = await asyncio.to_thread(fill, url, owners, conversations, others)
        print(
            f"{conversations:,} conversations of one, {others:,} of others; "
            f"{characters / 1e6:.0f} M characters"
        )
        database = Database(url)
        began, busy = time.perf_counter(), time.process_time()
        await Indexer(database).write()
        taken = time.perf_counter() - began
        turns = 2 * (conversations + others)
        ours = time.process_time() - busy
        print(
            f"written: {taken / turns * 1000:.1f} ms a turn, {ours / turns * 1000:.1f} of them in Python; "
            f"{size(url, 'search_document')}, of which the index is {size(url, 'search_document_by_words')}"
        )
        await database.close()
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute("VACUUM ANALYZE")
        kinds = looked_for(url, owners.account)
        async with arena_on(url, paced=False) as (port, _):
            base = f"http://127.0.0.1:{port}/api/v1"
            async with aiohttp.ClientSession(headers={"Cookie": f"evenhand={cookie}"}) as http:
                await timed(http, base, dict)  # warms the pool
                following = await pages(http, base)
                asked: dict[str, Callable[[], dict[str, str]]] = {
                    "list": dict,
                    "list, page after page": lambda: {"cursor": next(following)},
                    "list: not voted": lambda: {"voted": "false"},
                    "list: voted": lambda: {"voted": "true"},
                    "list: archived": lambda: {"archived": "true"},
                    "list: direct": lambda: {"mode": "direct", "archived": "false"},
                    "list: pinned, of which there is none": lambda: {"pinned": "true"},
                    **{
                        f"search: {name}": lambda query=query: {"query": query()}
                        for name, query in kinds.items()
                    },
                    "search: a word, not voted": lambda: {"query": kinds["a word"](), "voted": "false"},
                }
                slowest = max([show(name, await timed(http, base, what)) for name, what in asked.items()])
        if with_peers:
            await asyncio.to_thread(peers, url, owners.account, kinds)
    print(f"the slowest p95 {slowest:.1f} ms, bar {BAR:g} ms: {'holds' if slowest < BAR else 'BROKEN'}")
    return int(slowest >= BAR)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--conversations", type=int, default=10_000)
    options.add_argument("--others", type=int, default=10_000)
    options.add_argument("--peers", action="store_true")
    given = options.parse_args()
    sys.exit(uvloop.run(main(given.conversations, given.others, given.peers)))
