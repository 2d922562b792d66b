"""Following a conversation: the state of its newest turn or what was missed, then everything that comes."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.dependencies import Find
from evenhand.battles.conversations import own_conversation
from evenhand.battles.events import BattleEvent, DeltaEvent, Part, ResponseEvent
from evenhand.battles.limits import check_all_streams, check_streams
from evenhand.battles.responses import battle_event, response_event
from evenhand.battles.tables import BattleRow, ConversationRow, StreamEventRow, TurnRow
from evenhand.battles.views import answers
from evenhand.core.settings import Settings
from evenhand.storage.engine import Database
from evenhand.storage.streams import Streams
from evenhand.storage.subscriptions import Event, Stored, frame
from evenhand.storage.together import Prepared

_conversation: BindParameter[UUID] = bindparam("conversation")
_newest = select(func.max(StreamEventRow.seq)).where(StreamEventRow.conversation_id == _conversation)
_moment = Prepared(
    select(
        func.coalesce(select(func.min(StreamEventRow.seq)).scalar_subquery(), 0).label("oldest"),
        func.coalesce(_newest.scalar_subquery(), 0).label("newest"),
        TurnRow,
        BattleRow,
    )
    .select_from(ConversationRow)
    .outerjoin(TurnRow, TurnRow.conversation_id == ConversationRow.id)
    .outerjoin(BattleRow, BattleRow.id == TurnRow.battle_id)
    .where(ConversationRow.id == _conversation)
    .order_by(TurnRow.id.desc())
    .limit(1)
)


async def follow(
    database: Database,
    streams: Streams,
    settings: Settings,
    conversation_id: UUID,
    find_account: Find,
    last_event_id: int | None,
) -> AsyncGenerator[bytes]:
    """The bytes of the event stream, without an end.

    Raises `NotFound` before the first of them when the conversation is not the account's own, `TooMany` when
    that reads too many already, and `Unavailable` when all do in this process.

    The subscription begins before the database is read, so that nothing falls between the two; what both
    give is told once. Where responses and battle stand is told after all that waited to be stored, for it is
    newer, and because a crash may have kept a row and lost its event.
    """
    check_all_streams(streams.open, settings)
    with ExitStack() as leaving:
        subscription = leaving.enter_context(streams.subscribe(conversation_id))
        # Of one moment: were what was missed newer than the state, a piece within it would be told again.
        async with database.unit_of_work(one_moment=True) as work:
            now_is = _moment(conversation=conversation_id)
            account = await find_account(work.session)
            await own_conversation(work.session, account, conversation_id, now_is)
            check_streams(streams.open_streams(account))
            leaving.enter_context(streams.reading(account, subscription))
            oldest, seq, turn, battle = now_is.one()
            texts, states = ([], []) if turn is None else await _state(work.session, turn, battle)
            # The whole state is for ids after which something was forgotten, and for those that were never
            # given (a database restored from a back-up).
            replays = bool(last_event_id) and oldest - 1 <= (last_event_id or 0) <= seq
            missed = await _since(work.session, conversation_id, last_event_id or 0) if replays else []
        newest = max([seq, *(one.seq for one in missed)])
        await streams.caught_up(newest)
        since = subscription.begin()
        deltas = [one for one in (*subscription.missed, *since) if isinstance(one, DeltaEvent)]
        told: list[Event] = []
        if replays:
            told += [one for one in subscription.missed if not isinstance(one, DeltaEvent)]
            told += _beyond(texts, deltas)
        else:
            told += _continued(texts, deltas)
        told += states
        told += [one for one in since if not isinstance(one, (DeltaEvent, Stored))]
        frames = [one.frame() for one in missed]
        # Whoever is cut off in the middle of the state must hear it again: only its last frame has an id.
        frames += [frame(one.kind, one.data(), newest if replays else 0) for one in told[:-1]]
        frames += [frame(one.kind, one.data(), newest) for one in told[-1:]]
        frames += [one.frame() for one in since if isinstance(one, Stored) and one.seq > newest]
        yield b": following\n\n" + b"".join(frames)
        while True:
            if piece := subscription.take():
                yield piece
            elif subscription.ended:
                return
            else:
                await subscription.more()


def _continued(texts: Sequence[DeltaEvent], deltas: Sequence[DeltaEvent]) -> list[DeltaEvent]:
    """The text so far, one delta for each part: what is stored, continued by what is not or not yet."""
    parts = {one.run: one for one in texts}
    for delta in deltas:
        known = parts.get(delta.run)
        before = known.text[: delta.offset] if known is not None else ""
        parts[delta.run] = msgspec.structs.replace(delta, offset=0, text=before + delta.text)
    return list(parts.values())


def _beyond(texts: Sequence[DeltaEvent], deltas: Sequence[DeltaEvent]) -> list[DeltaEvent]:
    """Of these deltas, what goes beyond the text that is stored."""
    lengths = {one.run: len(one.text) for one in texts}
    beyond = []
    for delta in deltas:
        known = max(0, lengths.get(delta.run, 0) - delta.offset)
        if known < len(delta.text):
            beyond.append(
                msgspec.structs.replace(delta, offset=delta.offset + known, text=delta.text[known:])
            )
    return beyond


async def _since(session: AsyncSession, conversation_id: UUID, seq: int) -> list[Stored]:
    """The stored events after one, each under its own id."""
    rows = await session.scalars(
        select(StreamEventRow)
        .where(StreamEventRow.conversation_id == conversation_id, StreamEventRow.seq > seq)
        .order_by(StreamEventRow.seq)
    )
    return [Stored(row.seq, row.kind, row.data.encode()) for row in rows]


async def _state(
    session: AsyncSession, turn: TurnRow, battle: BattleRow
) -> tuple[list[DeltaEvent], list[ResponseEvent | BattleEvent]]:
    """A turn as events: its text so far, and where its responses and its battle stand."""
    texts: list[DeltaEvent] = []
    states: list[ResponseEvent | BattleEvent] = []
    for response, attempt, parts in (await answers(session, [turn])).get(turn.id, []):
        texts += [
            DeltaEvent(
                Part(
                    turn.conversation_id, turn.id, battle.id, response.side, response.attempts, number, kind
                ),
                0,
                text,
            )
            for number, (kind, text) in enumerate(parts)
        ]
        reason = attempt.finish_reason if attempt is not None else None
        states.append(response_event(turn.conversation_id, response, finish_reason=reason))
    return texts, [*states, battle_event(battle, turn.id)]
