"""Following a conversation: the state of its newest turn or what was missed, then everything that comes."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent, DeltaEvent
from evenhand.battles.responses import battle_event, response_event
from evenhand.battles.tables import BattleRow, StreamEventRow, TurnRow
from evenhand.battles.views import answers
from evenhand.storage.engine import Database
from evenhand.storage.streams import Streams, frame


async def follow(
    database: Database, streams: Streams, conversation_id: UUID, last_event_id: int | None
) -> AsyncGenerator[bytes]:
    """The bytes of the event stream, without an end.

    The subscription begins before the database is read: what is published in between comes twice rather
    than not at all.
    """
    with streams.subscribe(conversation_id) as subscription:
        async with database.unit_of_work() as work:
            frames = await _beginning(work.session, conversation_id, last_event_id)
        seq = frames[-1][0] if frames else 0
        frames += [(seq, event.kind, event.data()) for event in subscription.missed]
        yield b": following\n\n" + b"".join(frame(kind, data, at) for at, kind, data in frames)
        async for piece in subscription.frames():
            yield piece


async def _beginning(
    session: AsyncSession, conversation_id: UUID, last_event_id: int | None
) -> list[tuple[int, str, bytes]]:
    """The first events, as (id, kind, data)."""
    newest_seq = await session.scalar(
        select(func.max(StreamEventRow.seq)).where(StreamEventRow.conversation_id == conversation_id)
    )
    seq = newest_seq or 0
    frames: list[tuple[int, str, bytes]] = []
    # An id that was never given (a database restored from a back-up) is answered with the whole state.
    known = last_event_id is not None and last_event_id <= seq
    if known:
        rows = await session.scalars(
            select(StreamEventRow)
            .where(StreamEventRow.conversation_id == conversation_id, StreamEventRow.seq > last_event_id)
            .order_by(StreamEventRow.seq)
        )
        frames = [(row.seq, row.kind, row.data.encode()) for row in rows]
        seq = frames[-1][0] if frames else seq
    state = await _state(session, conversation_id)
    # After a replay only where things stand is said again: a crash may have kept a row and lost its event.
    frames += [(seq, one.kind, one.data()) for one in state if not (known and isinstance(one, DeltaEvent))]
    return frames


async def _state(session: AsyncSession, conversation_id: UUID) -> list[BattleStreamEvent]:
    """The newest turn as events: its text so far, then where its responses and its battle stand."""
    turn = await session.scalar(
        select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id.desc()).limit(1)
    )
    if turn is None:
        return []
    battle = await session.get_one(BattleRow, turn.battle_id)
    texts: list[BattleStreamEvent] = []
    states: list[BattleStreamEvent] = []
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
    return [*texts, *states, battle_event(battle, turn.id)]
