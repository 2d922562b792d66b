"""The events that a conversation's readers are told, exactly as they go over the wire.

Offsets and lengths are in Unicode code points.
"""

from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Literal, Self
from uuid import UUID

import msgspec

from evenhand.battles.states import BattleStatus, ResponseStatus, Side

PartKind = Literal["text", "reasoning"]

_encode = msgspec.json.Encoder().encode


class DeltaEvent(msgspec.Struct, frozen=True):
    """A piece of an answer, at its place in a part of an attempt."""

    kind: ClassVar[str] = "delta"

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID
    side: Side
    attempt: int
    part: int
    part_kind: PartKind
    offset: int
    text: str

    @property
    def run(self) -> Hashable:
        """Pieces of one part continue each other, also when its battle becomes another by a redraw."""
        return (self.turn_id, self.side, self.attempt, self.part)

    def joined(self, later: Sequence[Self]) -> Self:
        """One piece that holds this one and those that follow it."""
        return msgspec.structs.replace(self, text="".join([self.text, *(delta.text for delta in later)]))

    def data(self) -> bytes:
        """The JSON of the event."""
        return _encode(
            {
                "battle_id": self.battle_id,
                "turn_id": self.turn_id,
                "side": self.side,
                "attempt": self.attempt,
                "part": self.part,
                "kind": self.part_kind,
                "offset": self.offset,
                "text": self.text,
            }
        )


class _Alone(msgspec.Struct, frozen=True):
    """An event that nothing continues."""

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

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID
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

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID
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
