"""Following a conversation: the state of its newest turn or what was missed, then everything that comes."""

from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleEvent, DeltaEvent, ResponseEvent
from evenhand.battles.responses import battle_event, response_event
from evenhand.battles.tables import BattleRow, StreamEventRow, TurnRow
from evenhand.battles.views import answers
from evenhand.storage.engine import Database
from evenhand.storage.streams import Event, Streams, frame


async def follow(
    database: Database, streams: Streams, conversation_id: UUID, last_event_id: int | None
) -> AsyncGenerator[bytes]:
    """The bytes of the event stream, without an end.

    The subscription begins before the database is read: what is published in between comes twice rather
    than not at all. Where responses and battle stand is said last, for it is newer than all that waited to be
    stored, and because a crash may have kept a row and lost its event.
    """
    with streams.subscribe(conversation_id) as subscription:
        async with database.unit_of_work() as work:
            seq = await _newest_seq(work.session, conversation_id)
            texts, states = await _state(work.session, conversation_id)
            # An id that was never given (a database restored from a back-up) gets the whole state.
            if last_event_id is not None and last_event_id <= seq:
                frames = await _since(work.session, conversation_id, last_event_id)
                missed: Sequence[Event] = subscription.missed
            else:
                frames, missed = [], _with_missed(texts, subscription.missed)
        frames += [frame(one.kind, one.data(), seq) for one in (*missed, *states)]
        yield b": following\n\n" + b"".join(frames)
        async for piece in subscription.frames():
            yield piece


def _with_missed(texts: Sequence[DeltaEvent], missed: Sequence[Event]) -> list[DeltaEvent]:
    """The text so far, one delta for each part: what is stored, continued by what still waits for that."""
    parts = {one.run: one for one in texts}
    for event in missed:
        if isinstance(event, DeltaEvent):
            known = parts.get(event.run)
            before = known.text[: event.offset] if known is not None else ""
            parts[event.run] = msgspec.structs.replace(event, offset=0, text=before + event.text)
    return list(parts.values())


async def _newest_seq(session: AsyncSession, conversation_id: UUID) -> int:
    seq = await session.scalar(
        select(func.max(StreamEventRow.seq)).where(StreamEventRow.conversation_id == conversation_id)
    )
    return seq or 0


async def _since(session: AsyncSession, conversation_id: UUID, seq: int) -> list[bytes]:
    """The stored events after one, each under its own id."""
    rows = await session.scalars(
        select(StreamEventRow)
        .where(StreamEventRow.conversation_id == conversation_id, StreamEventRow.seq > seq)
        .order_by(StreamEventRow.seq)
    )
    return [frame(row.kind, row.data.encode(), row.seq) for row in rows]


async def _state(
    session: AsyncSession, conversation_id: UUID
) -> tuple[list[DeltaEvent], list[ResponseEvent | BattleEvent]]:
    """The newest turn as events: its text so far, and where its responses and its battle stand."""
    turn = await session.scalar(
        select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id.desc()).limit(1)
    )
    if turn is None:
        return [], []
    battle = await session.get_one(BattleRow, turn.battle_id)
    texts: list[DeltaEvent] = []
    states: list[ResponseEvent | BattleEvent] = []
    for response, attempt, parts in (await answers(session, [turn])).get(turn.id, []):
        texts += [
            DeltaEvent(
                conversation_id,
                turn.id,
                battle.id,
                response.side,
                response.attempts,
                index,
                kind,
                0,
                text,
            )
            for index, (kind, text) in enumerate(parts)
        ]
        reason = attempt.finish_reason if attempt is not None else None
        states.append(response_event(conversation_id, response, finish_reason=reason))
    return texts, [*states, battle_event(battle, turn.id)]
