"""The events that a conversation's readers are told, exactly as they go over the wire.

Offsets and lengths are in Unicode code points.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import msgspec

from evenhand.battles.states import BattleStatus, ResponseStatus, Side
from evenhand.storage.subscriptions import topic_of

PartKind = Literal["text", "reasoning"]

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Part:
    """A part of an attempt at an answer. What all its pieces have in common is made once."""

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID
    side: Side
    attempt: int
    number: int
    kind: PartKind

    @cached_property
    def topic(self) -> str:
        """Names the conversation."""
        return topic_of(self.conversation_id)

    @cached_property
    def run(self) -> str:
        """Names the part, also when its battle becomes another by a redraw."""
        return f"{self.turn_id} {self.side} {self.attempt} {self.number}"

    @cached_property
    def head(self) -> bytes:
        """What the JSON of every piece begins with."""
        common = {
            "battle_id": self.battle_id,
            "turn_id": self.turn_id,
            "side": self.side,
            "attempt": self.attempt,
            "part": self.number,
            "kind": self.kind,
        }
        return _encode(common)[:-1]


class DeltaEvent(msgspec.Struct, frozen=True, gc=False):
    """A piece of an answer, at its place in a part of it."""

    kind: ClassVar[str] = "delta"

    part: Part
    offset: int
    text: str

    @property
    def topic(self) -> str:
        """Names the conversation."""
        return self.part.topic

    @property
    def turn_id(self) -> UUID:
        """The turn that is answered."""
        return self.part.turn_id

    @property
    def run(self) -> Hashable:
        """Pieces of one part continue each other."""
        return self.part.run

    def joined(self, later: Sequence[Self]) -> Self:
        """One piece that holds this one and those that follow it."""
        return msgspec.structs.replace(self, text="".join([self.text, *(delta.text for delta in later)]))

    def data(self) -> bytes:
        """The JSON of the event."""
        return b'%s,"offset":%d,"text":%s}' % (self.part.head, self.offset, _encode(self.text))


class _Alone(msgspec.Struct, frozen=True):
    """An event that nothing continues."""

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID

    @property
    def topic(self) -> str:
        """Names the conversation."""
        return topic_of(self.conversation_id)

    @property
    def run(self) -> Hashable:
        """Stands alone."""
        return None

    def joined(self, later: Sequence[Any]) -> Self:
        """Never called with anything later."""
        return self


class ResponseEvent(_Alone, frozen=True):
    """A response has reached a state."""

    kind: ClassVar[str] = "response"

    side: Side
    attempt: int
    status: ResponseStatus
    error: str | None = None
    finish_reason: str | None = None

    def data(self) -> bytes:
        """The JSON of the event; what does not apply is left out."""
        body: dict[str, object] = {
            "battle_id": self.battle_id,
            "turn_id": self.turn_id,
            "side": self.side,
            "attempt": self.attempt,
            "status": self.status,
        }
        if self.error is not None:
            body["error"] = self.error
        if self.finish_reason is not None:
            body["finish_reason"] = self.finish_reason
        return _encode(body)


class BattleEvent(_Alone, frozen=True):
    """A battle has reached a state; a new one comes with its commitments.

    `in_line` says that the turn waits for its calls to begin. An event without it says that it does not.
    """

    kind: ClassVar[str] = "battle"

    status: BattleStatus
    redrawn_to: UUID | None = None
    commitments: tuple[str, str | None] | None = None
    in_line: bool = False

    def data(self) -> bytes:
        """The JSON of the event; what does not apply is left out."""
        body: dict[str, object] = {"id": self.battle_id, "turn_id": self.turn_id, "status": self.status}
        if self.redrawn_to is not None:
            body["redrawn_to"] = self.redrawn_to
        if self.commitments is not None:
            body["commitments"] = dict(zip("ab", self.commitments, strict=True))
        if self.in_line:
            body["in_line"] = True
        return _encode(body)


BattleStreamEvent = DeltaEvent | ResponseEvent | BattleEvent
