"""What readers of a stream are told: events, as they are published here or were stored elsewhere."""

import asyncio
from collections import deque
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, Self
from uuid import UUID

STILL_HERE = b": still here\n\nevent: here\ndata: {}\n\n"
"""A comment, and an event for pages: a browser's `EventSource` tells them of no comment."""
BACKLOG = 2_000
"""Frames a subscriber may lag behind before it is cut off; it comes back and is told the state anew."""


class Event(Protocol):
    """What can be published: it knows its kind and its JSON."""

    kind: ClassVar[str]

    @property
    def topic(self) -> str:
        """The conversation whose readers are told, by its `topic`."""

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


def topic_of(conversation_id: UUID) -> str:
    """A conversation as streams call it: text is looked up faster than a UUID, for every piece."""
    return conversation_id.hex


def frame(kind: str, data: bytes, seq: int) -> bytes:
    """One server-sent event."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (seq, kind.encode(), data)


class Stored(NamedTuple):
    """An event that another process has stored."""

    seq: int
    kind: str
    data: bytes

    def frame(self) -> bytes:
        """The event as it is sent."""
        return frame(self.kind, self.data, self.seq)


class Subscription:
    """One reader of one conversation.

    `missed` was published and not yet stored when it subscribed. What is published after that is kept as
    events until `begin`, so that the reader can see what it knows already, and comes as frames from then on.
    """

    def __init__(self, missed: list[Event]) -> None:
        self.missed = missed
        self._since: list[Event | Stored] | None = []
        self._frames: deque[bytes] = deque()
        self._wake: asyncio.Future[None] | None = None
        self._closed = False

    def begin(self) -> list[Event | Stored]:
        """What was published since the subscription; later events come as frames."""
        since, self._since = self._since or [], None
        return since

    def tell(self, event: Event | Stored, data: bytes) -> None:
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

    def take(self) -> bytes:
        """All frames that are there; none after which `ended` means that none will come."""
        piece = b"".join(self._frames)
        self._frames.clear()
        return piece

    @property
    def ended(self) -> bool:
        """Whether nothing comes any more but what is queued."""
        return self._closed

    def more(self) -> asyncio.Future[None]:
        """What is done once there is more to take, or an end."""
        self._wake = asyncio.get_running_loop().create_future()
        return self._wake
