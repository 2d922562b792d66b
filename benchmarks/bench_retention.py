"""How long it takes to say who comes back, on a million votes, and how PostgreSQL finds it.

`python -m benchmarks.bench_retention [--votes N] [--people N] [--years N] [--days N …] [--explain]`. The rows
are made in SQL: people come on a day of the past and vote again on ever fewer days after it, a tenth of them
went into others' accounts, one in fifty opted out.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import text

from evenhand.app.migrations import upgrade
from evenhand.operations import retention as figures
from evenhand.storage.embedded import EmbeddedPostgres
from evenhand.storage.engine import Database

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LOOKS = 7

FILL = """
SET session_replication_role = replica;
SELECT setseed(.42);
CREATE TEMP TABLE them AS
SELECT number, gen_random_uuid() AS id,
    timestamptz '2026-11-25' - random() * {years} * interval '365 days' AS came,
    exp(2 * random()) AS zeal
FROM generate_series(1, {people}) AS number;
INSERT INTO account (id, kind, created_at) SELECT id, 'voter', came FROM them;
UPDATE account SET kind = 'guest', merged_into = owner.id
FROM them JOIN them AS owner ON owner.number = them.number - 1
WHERE account.id = them.id AND them.number % 10 = 0;
INSERT INTO statistics_opt_out SELECT id, came FROM them WHERE number % 50 = 1;

CREATE TEMP TABLE cast_votes AS
SELECT uuidv7() AS conversation, uuidv7() AS battle, them.id AS person,
    coalesce(account.merged_into, account.id) AS owner,
    least(came + power(random(), 4) * interval '200 days', '2026-11-25 11:00Z') + random() * interval '1 hour'
        AS moment
FROM (SELECT 1 + floor(power(random(), 1.5) * {people})::int AS who FROM generate_series(1, {votes})) AS drawn
JOIN them ON them.number = drawn.who
JOIN account ON account.id = them.id;
INSERT INTO conversation (id, account_id, arena_id, mode, contestants, terms_version, created_at, updated_at)
SELECT conversation, owner, gen_random_uuid(), 'battle', '{{}}', '', moment, moment
FROM cast_votes ORDER BY moment;
INSERT INTO battle (id, conversation_id, arena_id, mode, draw_id, status, configuration_a, configuration_b,
    salt_a, salt_b, commitment_a, commitment_b, created_at, ended_at)
SELECT battle, conversation, gen_random_uuid(), 'battle', uuidv7(), 'revealed', gen_random_uuid(),
    gen_random_uuid(), sha256('a'), sha256('b'), encode(sha256('a'), 'hex'), encode(sha256('b'), 'hex'),
    moment, moment + interval '1 minute'
FROM cast_votes ORDER BY moment;
INSERT INTO vote (id, battle_id, account_id, role, choice, cast_at)
SELECT uuidv7(), battle, person, 'author', 'a', moment + interval '1 minute'
FROM cast_votes ORDER BY moment;
"""


def fill(url: str, votes: int, people: int, years: float) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(FILL.format(votes=votes, people=people, years=years).encode())
        connection.execute("VACUUM ANALYZE")


async def explain(database: Database, days: int) -> None:
    """What PostgreSQL does, for each of the two statements."""
    since = figures.window(NOW, days).since
    given = {"since": since, "after": NOW.date(), "from_votes": [low for low, _ in figures.BINS]}
    async with database.unit_of_work() as work:
        await work.session.execute(figures._AT_LENGTH)
        for statement in (figures._VOTES, figures._FUNNEL):
            names = statement.compile().params
            plan = await work.session.execute(
                text(f"EXPLAIN (ANALYZE, BUFFERS) {statement.text}"), {name: given[name] for name in names}
            )
            print("\n".join(row[0] for row in plan), end="\n\n")


def database_seconds(folder: Path) -> float:
    """Processor time that the database has taken, also by workers that have ended."""
    postmaster = psutil.Process(int(next(folder.rglob("postmaster.pid")).read_text().split()[0]))
    own = postmaster.cpu_times()
    children = [one.cpu_times() for one in postmaster.children()]
    return own.children_user + own.children_system + sum(one.user + one.system for one in children)


async def measure(folder: Path, url: str, days: int, *, explained: bool) -> None:
    database = Database(url)
    taken = []
    worked = database_seconds(folder)
    for _ in range(LOOKS):
        began = time.perf_counter()
        async with database.unit_of_work() as work:
            told = await figures.retention(work.session, NOW, days)
        taken.append(time.perf_counter() - began)
    worked = database_seconds(folder) - worked
    print(
        f"{days} days: {told.votes.people:,} voters, {told.votes.votes:,} votes, {told.funnel.asked:,} who "
        f"asked: median {statistics.median(taken):.2f} s, slowest {max(taken):.2f} s, processor time "
        f"{worked / LOOKS:.2f} s a look ({LOOKS} looks)",
        flush=True,
    )
    if explained:
        await explain(database, days)
    await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--votes", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--years", type=float, default=2)
    parser.add_argument("--days", type=int, nargs="+", default=[figures.DAYS])
    parser.add_argument("--explain", action="store_true")
    options = parser.parse_args()
    quickly = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}  # of what is only read
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres.start(Path(folder), options=quickly) as postgres,
    ):
        upgrade(postgres.url)
        fill(postgres.url, options.votes, options.people, options.years)
        for days in options.days:
            asyncio.run(measure(Path(folder), postgres.url, days, explained=options.explain))


if __name__ == "__main__":
    main()
