"""Streams of events: live from memory to whoever reads in this process, stored in batches for the rest.

What is published reaches the subscribers at once and the table `stream_event` within a tick, in one multi-row
insert for the whole process. The id of a frame is that of the newest *stored* event, so that a reader who
comes back with `Last-Event-ID` is never ahead of what a crash would keep; it may hear a piece twice, which
the offsets in deltas make harmless.
"""

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Hashable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self
from uuid import UUID

import msgspec
import psycopg
import structlog

from evenhand.core.tasks import repeat
from evenhand.storage.engine import Database

TICK = 0.1
"""Seconds between two batches."""
HEARTBEAT = 10.0
"""Seconds between two comments that keep an idle connection open."""
BACKLOG = 2_000
"""Frames a subscriber may lag behind before it is cut off; it comes back and is told the state anew."""

_log = structlog.get_logger()

# One JSON parameter: encoding arrays of text for the driver took a fifth of the time of a busy process.
_INSERT = """
WITH stored AS (
    INSERT INTO stream_event (conversation_id, turn_id, kind, data)
    SELECT conversation_id, turn_id, kind, data
    FROM ROWS FROM (
        json_to_recordset(%s::json) AS (conversation_id uuid, turn_id uuid, kind text, data text)
    ) WITH ORDINALITY AS event (conversation_id, turn_id, kind, data, place)
    ORDER BY place
    RETURNING seq)
SELECT max(seq) FROM stored"""

_encode = msgspec.json.Encoder().encode


class Event(Protocol):
    """What can be published: it knows its kind and its JSON."""

    kind: ClassVar[str]

    @property
    def conversation_id(self) -> UUID:
        """The conversation whose readers are told."""

    @property
    def turn_id(self) -> UUID:
        """The turn it is about."""

    @property
    def run(self) -> Hashable:
        """Equal for events that continue each other; None for one that stands alone."""

    def joined(self, later: Sequence[Any]) -> Self:
        """One event that says what this one and the later ones of its run say."""

    def data(self) -> bytes:
        """The JSON that leaves for the page."""


def frame(kind: str, data: bytes, seq: int) -> bytes:
    """One server-sent event."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, kind.encode(), data)


class Subscription:
    """One reader of one conversation.

    `missed` was published and not yet stored when it subscribed. What is published after that is kept as
    events until `begin`, so that the reader can see what it knows already, and comes as frames from then on.
    """

    def __init__(self, missed: list[Event]) -> None:
        self.missed = missed
        self._since: list[Event] | None = []
        self._frames: deque[bytes] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._closed = False

    def begin(self) -> list[Event]:
        """What was published since the subscription; later events come as frames."""
        since, self._since = self._since or [], None
        return since

    def tell(self, event: Event, data: bytes) -> None:
        """Take an event and its frame."""
        if self._since is not None:
            self._since.append(event)
        else:
            self.push(data)

    def push(self, data: bytes) -> None:
        """Hand over a frame; a reader that is too far behind is cut off instead."""
        if len(self._frames) >= BACKLOG:
            self.close()
            return
        self._frames.append(data)
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    def close(self) -> None:
        """End the stream after what is queued."""
        self._closed = True
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def frames(self) -> AsyncIterator[bytes]:
        """All frames that come, several in one piece when they are there together; comments when idle."""
        loop = asyncio.get_running_loop()
        while True:
            if self._frames:
                piece = b"".join(self._frames)
                self._frames.clear()
                yield piece
                continue
            if self._closed:
                return
            self._wake = loop.create_future()
            timer = loop.call_later(HEARTBEAT, self.push, b": still here\n\n")
            try:
                await self._wake
            finally:
                timer.cancel()


class Streams:
    """The events of this process: who reads them, and what is still to be stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscriptions: dict[UUID, set[Subscription]] = {}
        self._open: Counter[Hashable] = Counter()
        self._pending: dict[UUID, list[Event]] = {}
        self._storing: dict[UUID, list[Event]] = {}
        self._stored_seq = 0
        self._lock = asyncio.Lock()
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._connect()
        self._task = asyncio.create_task(repeat(self.flush, TICK))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.flush()
        self.let_readers_go()
        if self._connection is not None:
            await self._connection.close()

    def let_readers_go(self) -> None:
        """End every stream after what is queued; the readers come back by themselves, here or elsewhere."""
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.close()

    def publish(self, event: Event) -> None:
        """Tell the readers in this process now, and all others within a tick."""
        self._pending.setdefault(event.conversation_id, []).append(event)
        subscriptions = self._subscriptions.get(event.conversation_id)
        if subscriptions:
            data = frame(event.kind, event.data(), self._stored_seq)
            for subscription in subscriptions:
                subscription.tell(event, data)

    @contextlib.contextmanager
    def subscribe(self, conversation_id: UUID, reader: Hashable = None) -> Iterator[Subscription]:
        """Read a conversation from now on; `reader` is whoever `open_streams` is to count it for."""
        missed = [
            *self._storing.get(conversation_id, []),
            *self._pending.get(conversation_id, []),
        ]
        subscription = Subscription(missed)
        self._subscriptions.setdefault(conversation_id, set()).add(subscription)
        self._open[reader] += 1
        try:
            yield subscription
        finally:
            self._open[reader] -= 1
            if not self._open[reader]:
                del self._open[reader]
            readers = self._subscriptions[conversation_id]
            readers.discard(subscription)
            if not readers:
                del self._subscriptions[conversation_id]

    def open_streams(self, reader: Hashable) -> int:
        """How many streams somebody is reading in this process."""
        return self._open[reader]

    async def flush(self) -> None:
        """Store what is pending; returns once it is durable. What could not be stored goes with the next."""
        async with self._lock:
            if not self._storing:
                self._storing, self._pending = self._pending, {}
            if not self._storing:
                return
            queues = {name: _merged(queue) for name, queue in self._storing.items()}
            try:
                self._stored_seq = await self._insert([event for queue in queues.values() for event in queue])
            except (psycopg.IntegrityError, psycopg.DataError):
                await self._store_apart(queues)
            self._storing = {}

    async def _store_apart(self, queues: Mapping[UUID, list[Event]]) -> None:
        """Store each conversation on its own, so that one that cannot be (it was erased) harms no other."""
        for conversation_id, queue in queues.items():
            try:
                self._stored_seq = await self._insert(queue)
            except (psycopg.IntegrityError, psycopg.DataError) as error:
                _log.error("events_dropped", conversation=str(conversation_id), reason=type(error).__name__)

    async def _insert(self, events: list[Event]) -> int:
        if self._connection is None or self._connection.closed:
            await self._connect()
        assert self._connection is not None
        rows = [
            {
                "conversation_id": event.conversation_id,
                "turn_id": event.turn_id,
                "kind": event.kind,
                "data": event.data().decode(),
            }
            for event in events
        ]
        cursor = await self._connection.execute(_INSERT, (_encode(rows).decode(),))
        row = await cursor.fetchone()
        assert row is not None
        seq: int = row[0]
        return seq

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
