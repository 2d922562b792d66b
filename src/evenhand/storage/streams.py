"""Streams of events: live from memory to whoever reads in this process, stored in batches for the rest.

What is published reaches the subscribers at once and the table `stream_event` within a tick, in one multi-row
insert for the whole process. Batches are stored one after the other, whichever process they come from, and
each is announced by one NOTIFY with its numbers and conversations; the others read what their readers follow.

The id of a frame is the number up to which everything stored has been told, so that a reader who comes back
with `Last-Event-ID`, to this process or another, is never ahead of what a crash would keep; it may hear a
piece twice, which the offsets in deltas make harmless.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Self
from uuid import UUID

import psycopg
import structlog

from evenhand.core.tasks import repeat
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals
from evenhand.storage.subscriptions import STILL_HERE, Event, Stored, Subscription, frame, topic_of

TICK = 0.1
"""Seconds between two batches."""
HEARTBEAT = 10.0
"""Seconds between two signs of life on every stream; one timer serves all of them."""
PATIENCE = 1.0
"""Seconds to wait at most for the announcement of what is stored."""

_log = structlog.get_logger()

# One parameter of lines: encoding arrays of text for the driver took a fifth of the time of a busy process,
# and JSON takes the database longer to read. Neither a tab nor the end of a line is in JSON but as an escape.
# The first lock makes the numbers of a batch follow each other, and come in the order of the commits. The
# others keep out what is said in a conversation that was deleted: who erases it waits, or comes first.
_INSERT = """
WITH alone AS MATERIALIZED (SELECT pg_advisory_xact_lock(0x73747265)),
line AS MATERIALIZED (
    SELECT field[1]::uuid AS conversation_id, field[2]::uuid AS turn_id, field[3] AS kind, field[4] AS data,
        place
    FROM alone, string_to_table(%(lines)s, E'\\n') WITH ORDINALITY AS line (text, place),
        string_to_array(line.text, E'\\t') AS field),
kept AS MATERIALIZED (
    SELECT id FROM conversation
    WHERE id = ANY (ARRAY(SELECT DISTINCT conversation_id FROM line)) AND account_id IS NOT NULL
    FOR KEY SHARE),
stored AS (
    INSERT INTO stream_event (conversation_id, turn_id, kind, data)
    SELECT conversation_id, turn_id, kind, data FROM line JOIN kept ON kept.id = conversation_id
    ORDER BY place
    RETURNING seq)
SELECT pg_notify(%(channel)s, concat_ws(' ', %(process)s::text, min(seq), max(seq), %(conversations)s::text))
FROM stored HAVING count(*) > 0"""

_SELECT = """
SELECT seq, conversation_id, kind, data FROM stream_event
WHERE seq BETWEEN %s AND %s AND conversation_id = ANY(%s) ORDER BY seq"""

CHANNEL = "evenhand_stream"
READERS = "evenhand_readers"
"""Signals with the id of a reader whose streams are to end."""
MOST_NAMED = 200
"""Conversations that an announcement names; of more it says `*`, for it may have 8,000 bytes at most."""


class Streams:
    """The events of this process: who reads them, and what is still to be stored."""

    def __init__(self, database: Database, signals: Signals) -> None:
        self._database = database
        self._process = signals.process
        self._subscriptions: dict[str, set[Subscription]] = {}
        self.open = 0
        """How many streams are being read in this process."""
        self._read_by: defaultdict[UUID | None, set[Subscription]] = defaultdict(set)
        self._pending: dict[str, list[Event]] = {}
        self._storing: dict[str, list[Event]] = {}
        self._stored_seq = 0
        self._lock = asyncio.Lock()
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._reading: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._progress = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        signals.on(CHANNEL, self._announced)
        signals.on(READERS, self._let_go)
        # What was announced meanwhile is not known: the readers come back and are told what they missed.
        signals.after_gap(self.let_readers_go)

    async def __aenter__(self) -> Self:
        await self._connect()
        self._tasks = [
            asyncio.create_task(repeat(self.flush, TICK)),
            asyncio.create_task(repeat(self._beat, HEARTBEAT)),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.flush()
        self.let_readers_go()
        for connection in (self._connection, self._reading):
            if connection is not None:
                await connection.close()

    async def _beat(self) -> None:
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.push(STILL_HERE)

    def let_readers_go(self) -> None:
        """End every stream after what is queued; the readers come back by themselves, here or elsewhere."""
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.close()

    def publish(self, event: Event) -> None:
        """Tell the readers in this process now, and all others within a tick."""
        topic = event.topic
        self._pending.setdefault(topic, []).append(event)
        subscriptions = self._subscriptions.get(topic)
        if subscriptions:
            data = frame(event.kind, event.data(), self._stored_seq)
            for subscription in subscriptions:
                subscription.tell(event, data)

    @contextlib.contextmanager
    def subscribe(self, conversation_id: UUID) -> Iterator[Subscription]:
        """Read a conversation from now on."""
        name = topic_of(conversation_id)
        subscription = Subscription([*self._storing.get(name, []), *self._pending.get(name, [])])
        self._subscriptions.setdefault(name, set()).add(subscription)
        self.open += 1
        try:
            yield subscription
        finally:
            self.open -= 1
            readers = self._subscriptions[name]
            readers.discard(subscription)
            if not readers:
                del self._subscriptions[name]

    @contextlib.contextmanager
    def reading(self, reader: UUID | None, subscription: Subscription) -> Iterator[None]:
        """Know whose stream this is, until the block is left."""
        self._read_by[reader].add(subscription)
        try:
            yield
        finally:
            self._read_by[reader].discard(subscription)
            if not self._read_by[reader]:
                del self._read_by[reader]

    def open_streams(self, reader: UUID | None) -> int:
        """How many streams somebody is reading in this process."""
        return len(self._read_by.get(reader, ()))

    async def _let_go(self, reader: str) -> None:
        """End somebody's streams: what they were known by may be no more. Who may comes back."""
        for subscription in self._read_by.get(UUID(reader), set()):
            subscription.close()

    async def flush(self) -> None:
        """Store what is pending; returns once it is durable. What could not be stored goes with the next."""
        async with self._lock:
            if not self._storing:
                self._storing, self._pending = self._pending, {}
            if not self._storing:
                return
            queues = {name: _merged(queue) for name, queue in self._storing.items()}
            try:
                await self._insert([event for queue in queues.values() for event in queue])
            except (psycopg.IntegrityError, psycopg.DataError):
                await self._store_apart(queues)
            self._storing = {}

    async def _store_apart(self, queues: Mapping[str, list[Event]]) -> None:
        """Store each conversation on its own, so that one that cannot be harms no other."""
        for conversation, queue in queues.items():
            try:
                await self._insert(queue)
            except (psycopg.IntegrityError, psycopg.DataError) as error:
                _log.error("events_dropped", conversation=conversation, reason=type(error).__name__)

    async def _insert(self, events: list[Event]) -> None:
        if self._connection is None or self._connection.closed:
            self._connection = await self._database.connect()
        lines = [
            "\t".join((event.topic, event.turn_id.hex, event.kind, event.data().decode())) for event in events
        ]
        named = {event.topic for event in events}
        await self._connection.execute(
            _INSERT,
            {
                "lines": "\n".join(lines),
                "channel": CHANNEL,
                "process": self._process,
                "conversations": " ".join(named) if len(named) <= MOST_NAMED else "*",
            },
        )

    async def _announced(self, announcement: str) -> None:
        """A batch was stored, here or elsewhere."""
        process, first, last, *named = announcement.split()
        if process != self._process:
            wanted = set(self._subscriptions)
            if named != ["*"]:
                wanted &= set(named)
            if wanted:
                await self._read(int(first), int(last), wanted)
        self._stored_seq = int(last)
        self._progress.set()
        self._progress.clear()

    async def _read(self, first: int, last: int, conversations: set[str]) -> None:
        """Tell the readers here what another process has stored."""
        if self._reading is None or self._reading.closed:
            self._reading = await self._database.connect()
        wanted = [UUID(one) for one in conversations]
        rows = await self._reading.execute(_SELECT, (first, last, wanted))
        async for seq, conversation_id, kind, data in rows:
            event = Stored(seq, kind, data.encode())
            for subscription in self._subscriptions.get(topic_of(conversation_id), ()):
                subscription.tell(event, event.frame())

    async def caught_up(self, seq: int) -> None:
        """Wait until every batch up to a number was heard of; not for ever, for announcements can be lost."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._stored_seq < seq:
                    await self._progress.wait()

    async def _connect(self) -> None:
        self._connection = await self._database.connect()
        cursor = await self._connection.execute("SELECT coalesce(max(seq), 0) FROM stream_event")
        row = await cursor.fetchone()
        assert row is not None
        self._stored_seq = max(self._stored_seq, row[0])


def _merged(queue: list[Event]) -> list[Event]:
    """The same events with each run made one; an event that stands alone ends the runs before it."""
    runs: list[list[Event]] = []
    going: dict[Hashable, list[Event]] = {}
    for event in queue:
        if event.run is None:
            going.clear()
            runs.append([event])
        elif event.run in going:
            going[event.run].append(event)
        else:
            going[event.run] = [event]
            runs.append(going[event.run])
    return [run[0].joined(run[1:]) if len(run) > 1 else run[0] for run in runs]
