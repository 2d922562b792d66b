"""Writing tables anew, so that the bytes of what was deleted leave the disk.

PostgreSQL marks deleted rows, and writes over them when it needs the room. `VACUUM FULL` makes new files of
the rows that are left, for a table with its indexes and all that lies beside it; while it does, nobody reads
the table. Files of the log of writes are removed when none of what is in them is needed any more.

What was written when is noted in `written_anew`, so that a process that ends leaves nothing undone: for each
table how many rows had been deleted and changed by then, as PostgreSQL counts them.
"""

import re
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Identifier

from evenhand.storage.engine import Database
from evenhand.storage.lines import Line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from psycopg.errors import Diagnostic

# Any number would do, as long as every version of the program uses the same one.
_LOCK = 0x616E6577

# Whoever wants a table queues behind the one that waits for it: so long at most. With more memory an index of
# words is made in half the time.
_OPTIONS = "-c lock_timeout=200ms -c statement_timeout=0 -c maintenance_work_mem=256MB"

LOG = "pg_wal"
"""The log of writes, among the names of tables in `written_anew`."""

_RIGHTS = """
SELECT coalesce(bool_and(pg_has_role(relowner, 'USAGE')), false),
    has_function_privilege('pg_switch_wal()', 'EXECUTE') AND pg_has_role('pg_checkpoint', 'USAGE')
    -- What is recycled stays on the disk under another name.
    AND NOT current_setting('wal_recycle')::boolean
FROM pg_class WHERE oid = ANY(%s::regclass[])"""

_ADD = "INSERT INTO written_anew SELECT unnest(%s::text[]), '', %s ON CONFLICT DO NOTHING"

# The counts begin anew after a crash, or when somebody says so, and so do the times since when they are kept;
# a restart changes neither. A table that a restore has brought is another.
_TABLES = """
SELECT name, pg_total_relation_size(name::regclass), due_at, written_anew.state, concat_ws(' ',
    extract(epoch FROM (SELECT stats_reset FROM pg_stat_wal)),
    extract(epoch FROM (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database())),
    name::regclass::oid,
    pg_stat_get_tuples_deleted(counted::regclass), pg_stat_get_tuples_updated(counted::regclass))
FROM unnest(%s::text[], %s::text[]) AS tables (name, counted) JOIN written_anew USING (name) ORDER BY name"""

# What was deleted after it began may be kept for it: what others deleted within moments always is.
_LONG_TRANSACTION = """
SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND clock_timestamp() - xact_start > interval '1 minute'"""

_SET = """
INSERT INTO written_anew VALUES (%s, %s, %s)
ON CONFLICT (name) DO UPDATE SET state = excluded.state, due_at = excluded.due_at"""


class Rights(NamedTuple):
    """What the database's user may do."""

    tables: bool
    log: bool


@dataclass(frozen=True)
class Table:
    """A table, as it was before it is written; `size` is that of all its files, in bytes.

    `stale` tells whether it lost rows since it was written, `waits` whether that is noted, as of `due_at`.
    """

    name: str
    size: int
    due_at: datetime
    stale: bool
    waits: bool
    state: str


class Outcome(Enum):
    """What became of a table."""

    WRITTEN = "written"
    BUSY = "busy"
    SEEN = "seen"
    """Written, with deleted rows that a transaction which was open for long may yet read."""


class Rewriter:
    """Writes tables anew, on a line of their owner; there is one at a time in all processes, see `alone`."""

    def __init__(self, line: Line, tables: Mapping[str, str]) -> None:
        """`tables` are names, and beside each the table whose counts tell that it has something to lose."""
        self._line = line
        self._tables = dict(tables)

    async def rights(self) -> Rights:
        """What may be done."""
        found = await (await self._line.execute(_RIGHTS, (["written_anew", *self._tables],))).fetchone()
        assert found is not None
        return Rights(*found)

    async def tables(self, now: datetime) -> list[Table]:
        """All of them, by name; one that was never written is due now."""
        names = list(self._tables)
        await self._line.execute(_ADD, (names, now))
        rows = await self._line.execute(_TABLES, (names, list(self._tables.values())))
        return [
            Table(name, size, due_at, was != state, not was, state)
            for name, size, due_at, was, state in await rows.fetchall()
        ]

    async def write(self, table: Table, due_at: datetime) -> Outcome:
        """Write a table, unless it is in use just now; again once it has lost rows, not before `due_at`."""
        seen: list[int] = []

        def hear(said: "Diagnostic") -> None:
            # The sentence is translated, the number in it is not.
            if count := re.search(r"\d+", said.message_detail or ""):
                seen.append(int(count[0]))

        long = await (await self._line.execute(_LONG_TRANSACTION)).fetchone() is not None
        self._line.add_notice_handler(hear)
        try:
            await self._line.execute(SQL("VACUUM (FULL, VERBOSE) {}").format(Identifier(table.name)))
        except LockNotAvailable:
            return Outcome.BUSY
        finally:
            self._line.remove_notice_handler(hear)
        await self._note(table.name, "" if any(seen) else table.state, due_at)
        return Outcome.SEEN if any(seen) and long else Outcome.WRITTEN

    async def wait(self, table: Table, now: datetime) -> None:
        """Note that a table waits to be written from now on."""
        await self._set(table.name, "", now)

    async def put_off(self, table: Table, due_at: datetime) -> None:
        """Leave a table as it is until then."""
        await self._note(table.name, "", due_at)

    async def size(self, table: Table) -> int:
        """How large a table is now, in bytes."""
        row = await (await self._line.execute("SELECT pg_total_relation_size(%s)", (table.name,))).fetchone()
        assert row is not None
        return int(row[0])

    async def log_is_due(self) -> bool:
        """Whether tables were written since the log of writes was begun anew."""
        rows = await self._line.execute("SELECT FROM written_anew WHERE name = %s AND state = ''", (LOG,))
        return await rows.fetchone() is not None

    async def begin_log_anew(self, now: datetime) -> None:
        """Have what was written into the log of writes so far removed."""
        # The last one finds nothing but a new file to be needed; the first makes it short.
        for statement in ("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"):
            await self._line.execute(statement)
        await self._set(LOG, "begun", now)

    async def _note(self, name: str, state: str, due_at: datetime) -> None:
        # In this order: what is in the log of writes has to go even if nothing comes after this.
        await self._set(LOG, "", due_at)
        await self._set(name, state, due_at)

    async def _set(self, name: str, state: str, due_at: datetime) -> None:
        await self._line.execute(_SET, (name, state, due_at))


@asynccontextmanager
async def alone(database: Database, tables: Mapping[str, str]) -> "AsyncIterator[Rewriter | None]":
    """What writes tables anew; None while somebody else does."""
    async with await database.connect_as_owner(_OPTIONS) as line:
        taken = await (await line.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))).fetchone()
        yield Rewriter(line, tables) if taken == (True,) else None
