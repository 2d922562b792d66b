"""The text of answers under way, put together from the deltas that are stored."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import PartKind
from evenhand.battles.states import Side
from evenhand.battles.tables import StreamEventRow, TurnRow

Parts = list[tuple[PartKind, str]]


async def stored_parts(
    session: AsyncSession, turn_ids: Iterable[UUID]
) -> dict[tuple[UUID, Side, int], Parts]:
    """What is stored of every attempt of these turns: its parts by (turn, side, attempt number)."""
    wanted = list(turn_ids)
    if not wanted:
        return {}
    rows = await session.execute(
        select(StreamEventRow.turn_id, StreamEventRow.data)
        .join(TurnRow, TurnRow.id == StreamEventRow.turn_id)
        .where(
            TurnRow.id.in_(wanted),
            # The rows are found by it.
            TurnRow.conversation_id == StreamEventRow.conversation_id,
            StreamEventRow.kind == "delta",
        )
        .order_by(StreamEventRow.seq)
    )
    found: dict[tuple[UUID, Side, int], dict[int, _Text]] = {}
    for turn_id, data in rows:
        delta = msgspec.json.decode(data)
        parts = found.setdefault((turn_id, delta["side"], delta["attempt"]), {})
        parts.setdefault(delta["part"], _Text(delta["kind"])).put(delta["offset"], delta["text"])
    return {
        key: [(text.kind, "".join(text.pieces)) for _, text in sorted(parts.items())]
        for key, parts in found.items()
    }


class _Text:
    """A part's text. A piece whose storing was not acknowledged may stand there twice: its offset tells."""

    def __init__(self, kind: PartKind) -> None:
        self.kind = kind
        self.pieces: list[str] = []
        self._length = 0

    def put(self, offset: int, text: str) -> None:
        if offset < self._length:
            self.pieces = ["".join(self.pieces)[:offset]]
        self.pieces.append(text)
        self._length = offset + len(text)
