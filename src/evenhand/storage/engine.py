"""The connection to PostgreSQL, and one unit of work per request.

Nobody commits by hand: leaving `unit_of_work` commits, an exception rolls back, and what was handed to
`after_commit` runs only once the commit is durable.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, ClassVar, TypeVarTuple, cast

from sqlalchemy import DateTime, Engine, Executable, Text, event
from sqlalchemy.engine.interfaces import AdaptedConnection, DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from evenhand.core.errors import StartError
from evenhand.storage.lines import Doubts, Line, limits
from evenhand.storage.together import Query, commit

Ts = TypeVarTuple("Ts")

ROLE = "evenhand_app"
APPLICATION = "evenhand"
"""What the connections of a running arena call themselves."""


class Row(DeclarativeBase):
    """What every table's class inherits. Times carry their zone; text has no length."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True), str: Text}


def psycopg_url(url: str) -> str:
    """A PostgreSQL address as SQLAlchemy wants it, on psycopg 3.

    Raises `StartError` for an address of any other kind of database.
    """
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    raise StartError(
        "EVENHAND_DATABASE_URL must begin with postgresql://; Evenhand needs PostgreSQL 15 or newer."
    )


class UnitOfWork:
    """One transaction. `session` reads and writes; `after_commit` defers what must not run before."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._callbacks: list[Callable[[], Any]] = []
        self._last: list[Callable[[], Any]] = []

    def after_commit(self, callback: Callable[[], Any]) -> None:
        """Call `callback` once this transaction is durable; never, if it is rolled back."""
        self._callbacks.append(callback)

    def at_end(self, callback: Callable[[], Any]) -> None:
        """Call `callback` once this transaction has ended, committed or not; before what was deferred."""
        self._last.append(callback)

    def ended(self) -> None:
        """Run what is for the end."""
        for callback in self._last:
            callback()

    def committed(self) -> None:
        """Run what was deferred."""
        for callback in self._callbacks:
            callback()


# A statement is planned once a connection: left to itself, PostgreSQL plans one with a list anew each time,
# which takes longer than running it. Ours find rows by keys, so that one plan is as good as another.
_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        f"role={ROLE}",
        "timezone=UTC",
        "synchronous_commit=on",
        "plan_cache_mode=force_generic_plan",
        # What waits for a lock sees what was committed meanwhile.
        "default_transaction_isolation=read\\ committed",
        # The server, too, must notice that we are gone: until then our open transactions keep their locks.
        "tcp_user_timeout=10s",
        "tcp_keepalives_idle=10",
        "tcp_keepalives_interval=3",
        "tcp_keepalives_count=3",
    )
)

IDLE = 1.0
"""Seconds out of use after which a connection is tried before it is used again."""

POOL_SECONDS = 5.0
"""How long a unit of work waits for a connection while all of them are in use, in seconds."""


def _ping_what_was_idle(engine: Engine) -> None:
    """Let the pool drop connections that a restart of the database has ended, or that have gone silent.

    Its own `pool_pre_ping` tries a connection at each use: one more round trip for every unit of work.
    """

    @event.listens_for(engine, "checkin")
    def returned(_: object, record: ConnectionPoolEntry) -> None:
        record.info["returned"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        if time.monotonic() - record.info.get("returned", math.inf) > IDLE:
            line = cast("Line", cast("AdaptedConnection", connection).driver_connection)
            try:
                with line.at_once():
                    engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error


class Database:
    """A pool of connections that act as the application's role, which owns no table.

    There are at most `connections` of them. Those that a rush of requests has opened stay for the next: to
    open one takes PostgreSQL longer than most of what is asked on it.
    """

    def __init__(self, url: str, *, connections: int = 20) -> None:
        self.url = url
        self._doubts = Doubts(self._bare)
        self._looks: Line | None = None
        self._looking = asyncio.Lock()
        self._engine = create_async_engine(
            psycopg_url(url),
            async_creator=self._pooled,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=POOL_SECONDS,
            pool_use_lifo=True,
            hide_parameters=True,  # errors reach the log, what people wrote does not
        )
        _ping_what_was_idle(self._engine.sync_engine)

    @asynccontextmanager
    async def unit_of_work(self, *, one_moment: bool = False) -> AsyncIterator[UnitOfWork]:
        """One transaction, committed when the block is left without an exception.

        With `one_moment` all that it reads is as it was at its first statement.
        """
        session = AsyncSession(self._engine, expire_on_commit=False, autoflush=False)
        work = UnitOfWork(session)
        ended = False
        try:
            if one_moment:
                await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield work
            await commit(session)
            ended = True
        finally:
            try:
                # A rollback must not be interrupted; after a commit there is nothing to wait for.
                await (session.close() if ended else asyncio.shield(session.close()))
            finally:
                work.ended()
        work.committed()

    async def execute_alone(self, statement: Executable) -> None:
        """Carry out a statement that commits by itself: a process that stops then leaves no lock behind."""
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(statement)

    async def look(self, query: Query[*Ts]) -> Sequence[tuple[*Ts]]:
        """The rows of a query that only reads, in one round trip on a connection that is kept for that.

        For jobs that look every second, and hardly ever find anything: a unit of work would be most of what
        an arena does at rest. Raises the driver's errors.
        """
        async with self._looking:
            if self._looks is None or self._looks.closed:
                self._looks = await self.connect()
            cursor = await self._looks.execute(query.statement.text, query.parameters, prepare=True)
            return [query.statement.read(row) for row in await cursor.fetchall()]

    async def connect(self) -> Line:
        """A connection of its own, in autocommit, for what SQLAlchemy would only slow down."""
        return await self._line(autocommit=True)

    async def connect_as_owner(self, options: str = "") -> Line:
        """A connection of its own, in autocommit, as the address' user, who made the tables and owns them."""
        return await self._bare(options)

    async def _pooled(self) -> Line:
        return await self._line(autocommit=False)

    async def _line(self, *, autocommit: bool) -> Line:
        line = await self._bare(_OPTIONS, autocommit=autocommit)
        line.doubts = self._doubts
        return line

    async def _bare(self, options: str = "", *, autocommit: bool = True) -> Line:
        """A line as the user of the address, who sees what all lines do; the application's role does not."""
        return await Line.connect(
            psycopg_url(self.url).replace("+psycopg", "", 1),
            autocommit=autocommit,
            application_name=APPLICATION,
            options=options,
            **limits(self.url),
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._doubts.close()
        if self._looks is not None:
            await self._looks.close()
        await self._engine.dispose()
