"""Getting what was deleted off the disk: once a day at a quiet moment, and by `evenhand scrub`.

Until then the bytes of deleted rows are in the database's files, where no query finds them.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import psycopg
import structlog
from sqlalchemy import exists, or_, select

from evenhand.app.located import database_url
from evenhand.battles.tables import ToEraseRow, in_flight
from evenhand.core.clock import Clock, now
from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings
from evenhand.storage.engine import Database
from evenhand.storage.rewriting import LOG, Outcome, Rewriter, Table, alone

PAUSE = 60.0
"""Seconds between two looks."""
AFTER = 120.0
"""Seconds until the first: at the start people wait."""
EVERY = timedelta(days=1)
"""How often a table is written anew at most, and how long a quiet moment is waited for after that."""

# A few seconds for either: an index of words takes many times as long as as much of anything else.
_LARGEST = 256 << 20
_LARGEST_SEARCHED = 64 << 20

_TRIES = 60
_TRY_SECONDS = 1.0

WORDS = {
    # Words are taken out of it by a change, as its figures are written: but only with those of a question.
    "attempt": "turn_part",
    **{
        name: name
        for name in (
            "conversation",
            "folder",
            "idempotency",
            "identity",
            "part",
            "saved_prompt",
            "search_document",
            "share_picture",
            "sign_in_flow",
            "sign_in_link",
            "stream_event",
            "turn_part",
        )
    },
}
"""The tables with what people wrote, were answered or are called; beside each the one whose deleted and
changed rows tell that such a thing went."""

_log = structlog.get_logger()


class Scrubber:
    """Looks, every `PAUSE` seconds, whether something is to be written anew and nobody would wait for it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._told: set[str] = set()

    async def scrub(self) -> None:
        """Write what lost rows since it was last written, a day ago or longer; see `largest`."""
        async with alone(self._database, WORDS) as rewriter:
            if rewriter is None:
                return
            rights = await rewriter.rights()
            if not rights.tables:
                self._tell("deleted_bytes_stay", table="all", help=_NOT_OWNER)
                return
            for table in await rewriter.tables(self._clock()):
                if table.stale and table.due_at <= self._clock():
                    await self._write(rewriter, table)
            if rights.log and await rewriter.log_is_due():
                await rewriter.begin_log_anew(self._clock())
            elif not rights.log:
                self._tell("deleted_bytes_stay", table=LOG, help=_NOT_LOG)

    async def _write(self, rewriter: Rewriter, table: Table) -> None:
        moment = self._clock()
        if table.size > largest(table.name):
            await rewriter.put_off(table, moment + EVERY)
            _log.warning(
                "not_written_anew", table=table.name, reason="too large", bytes=table.size, help=_HELP
            )
            return
        late = table.waits and moment >= table.due_at + EVERY
        if not late and not await self._quiet():
            if not table.waits:
                await rewriter.wait(table, moment)
            return
        try:
            outcome = await rewriter.write(table, moment + EVERY)
        except psycopg.Error as error:
            await rewriter.put_off(table, moment + EVERY)
            # What the error says may hold what people wrote.
            _log.error("not_written_anew", table=table.name, reason=type(error).__name__, help=_HELP)
            return
        if outcome is Outcome.BUSY:
            self._tell("not_written_anew", table=table.name, reason="busy", help=_HELP)
        else:
            self._told.discard(table.name)

    async def _quiet(self) -> bool:
        """Whether nothing is being answered, and nothing about to be erased."""
        async with self._database.unit_of_work() as work:
            busy = or_(exists().where(in_flight), exists().where(ToEraseRow.emptied_at.is_(None)))
            return not await work.session.scalar(select(busy))

    def _tell(self, event: str, *, table: str, **more: str) -> None:
        """Say it once, until it is not so any more."""
        if table not in self._told:
            self._told.add(table)
            _log.warning(event, table=table, **more)


def largest(table: str) -> int:
    """Bytes of a table, with its indexes, up to which it is written while people may want it."""
    return _LARGEST_SEARCHED if table == "search_document" else _LARGEST


_HELP = "run `evenhand scrub` when people can wait for it"
_NOT_OWNER = (
    "the user of EVENHAND_DATABASE_URL does not own the arena's tables: have their owner run "
    f"VACUUM FULL {', '.join(WORDS)}"
)
_NOT_LOG = (
    "the log of writes (pg_wal) is its operator's: set wal_recycle = off, and let the user of "
    "EVENHAND_DATABASE_URL be pg_checkpoint and execute pg_switch_wal()"
)


def scrub(say: Callable[[str], object]) -> None:
    """Write anew all that lost rows, however large; a line for each table.

    Raises `StartError` when the database cannot be used, its user may not, or something was left.
    """
    database = Database(database_url(load_settings()))
    try:
        left = asyncio.run(_scrub(database, say))
    except psycopg.Error as error:
        raise StartError(
            f"The tables could not be written anew ({type(error).__name__}): see that an arena of this "
            "version runs on the database, and that its disk has room for the largest table once more."
        ) from None
    if left:
        raise StartError(
            f"What was deleted is still in use in {', '.join(left)}: run this again, after `evenhand pause` "
            "if need be, and when no back-up is being made."
        )


async def _scrub(database: Database, say: Callable[[str], object]) -> list[str]:
    """Write all; the names of the tables that still have something."""
    for _ in range(_TRIES):
        async with alone(database, WORDS) as rewriter:
            if rewriter is not None:
                return await _all_written(rewriter, say)
        await asyncio.sleep(_TRY_SECONDS)
    raise StartError("Another process is writing tables anew: wait for its end, and run this again.")


async def _all_written(rewriter: Rewriter, say: Callable[[str], object]) -> list[str]:
    rights = await rewriter.rights()
    if not rights.tables:
        raise StartError(f"{_NOT_OWNER[0].upper()}{_NOT_OWNER[1:]}.")
    stale = [table for table in await rewriter.tables(now()) if table.stale]
    if not stale:
        say("No row was deleted since the tables were written last.")
    left = [table.name for table in stale if not await _written(rewriter, table, say)]
    if rights.log:
        began = time.monotonic()
        await rewriter.begin_log_anew(now())
        say(f"pg_wal: begun anew in {time.monotonic() - began:.1f} s")
    else:
        say(f"{_NOT_LOG[0].upper()}{_NOT_LOG[1:]}.")
    return left


async def _written(rewriter: Rewriter, table: Table, say: Callable[[str], object]) -> bool:
    """Whether a table was written, without a row that was deleted."""
    for _ in range(_TRIES):
        began = time.monotonic()
        outcome = await rewriter.write(table, now() + EVERY)
        if outcome is not Outcome.BUSY:
            break
        await asyncio.sleep(_TRY_SECONDS)
    took = time.monotonic() - began
    if outcome is Outcome.BUSY:
        say(f"{table.name}: in use, left as it is")
        return False
    sizes = f"{table.size / 1e6:,.1f} MB, now {await rewriter.size(table) / 1e6:,.1f} MB"
    also = ", with deleted rows that an open transaction still sees" * (outcome is Outcome.SEEN)
    say(f"{table.name}: {sizes}, in {took:.1f} s{also}")
    return outcome is Outcome.WRITTEN
