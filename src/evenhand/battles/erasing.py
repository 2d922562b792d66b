"""Deleting conversations: at once they belong to nobody, soon after not a word of them is left.

What stays has no words: draws, battles, votes and what answers took, in numbers, so that boards recompute as
they were, draws can be replayed, and what was spent is known. A battle that was not voted on is abandoned. A
vote that is held becomes final by itself, as it does when its voter leaves in any other way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import EraseChats
from evenhand.accounts.sessions import end_streams
from evenhand.accounts.tables import IdempotencyRow
from evenhand.battles.responses import lock_battle
from evenhand.battles.stopping import STOP
from evenhand.battles.tables import (
    BattleRow,
    ConversationRow,
    HeldVoteRow,
    ResponseRow,
    ToEraseRow,
    TurnRow,
    in_flight,
)
from evenhand.core.clock import Clock
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals
from evenhand.storage.together import Prepared

_log = structlog.get_logger()

PAUSE = 1.0
"""Seconds between two looks for what is to be erased."""
FORGET_PAUSE = 600.0
"""Seconds between two looks for whom to forget."""
MOST = 100
"""Conversations that are looked for at one time."""
ASKER_KEPT = timedelta(days=2)
"""How long a deleted question is still counted for whoever asked it: longer than any limit looks back."""

_NOBODYS: dict[str, object] = {
    "account_id": None,
    "title": "",
    "renamed": False,
    "pinned": False,
    "archived": False,
    "folder_id": None,
    "place_end_id": None,
    "place_turn_id": None,
    "place_share": None,
    "terms_version": "",
    "left_out": False,
    "topics": [],
    "topics_said": None,
}


async def delete_chat(
    session: AsyncSession,
    account_id: UUID,
    conversation_id: UUID,
    erases: Sequence[EraseChats],
    now: datetime,
) -> bool:
    """Delete one of an account's conversations; False for none, and for somebody else's alike."""
    ids = await _disown(session, account_id, ConversationRow.id == conversation_id, erases, now)
    if ids:
        await _forget_answers_about(session, account_id, conversation_id)
    return bool(ids)


async def delete_chats(
    session: AsyncSession, account_id: UUID, erases: Sequence[EraseChats], now: datetime
) -> None:
    """Delete all conversations of an account."""
    await _disown(session, account_id, ConversationRow.account_id == account_id, erases, now)
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.account_id == account_id))


async def _disown(
    session: AsyncSession,
    account_id: UUID,
    which: ColumnElement[bool],
    erases: Sequence[EraseChats],
    now: datetime,
) -> Sequence[UUID]:
    own = (ConversationRow.account_id == account_id, which)
    # In one order, so that of two who delete one waits for the other; a question on its way is waited for.
    await session.execute(
        select(ConversationRow.id).where(*own).order_by(ConversationRow.id).with_for_update(key_share=True)
    )
    gone = update(ConversationRow).where(*own).values(_NOBODYS).returning(ConversationRow.id).cte("gone")
    noted = insert(ToEraseRow).from_select(
        ["conversation_id", "deleted_at"], select(gone.c.id, literal(now, DateTime(timezone=True)))
    )
    ids = (await session.scalars(noted.returning(ToEraseRow.conversation_id))).all()
    if ids:
        for erase in erases:
            await erase(session, ids)
        await end_streams(session, account_id)
    return ids


async def _forget_answers_about(session: AsyncSession, account_id: UUID, conversation_id: UUID) -> None:
    """Forget what requests about a conversation were answered: questions are among it."""
    turns = select(TurnRow.id).where(TurnRow.conversation_id == conversation_id)
    battles = select(BattleRow.id).where(BattleRow.conversation_id == conversation_id)
    ids = (conversation_id, *await session.scalars(turns), *await session.scalars(battles))
    routes = [IdempotencyRow.route.contains(str(one)) for one in ids]
    await session.execute(
        delete(IdempotencyRow).where(
            IdempotencyRow.account_id == account_id,
            or_(*routes, IdempotencyRow.answer.contains(str(conversation_id))),
        )
    )


_noted = Prepared(
    select(ToEraseRow.conversation_id)
    .where(ToEraseRow.emptied_at.is_(None))
    .order_by(ToEraseRow.deleted_at)
    .limit(MOST)
)


class Eraser:
    """Erases what was deleted, whichever process it runs in, a conversation in a transaction of its own.

    What a process that stops leaves behind is still noted, and done by the next.
    """

    def __init__(self, database: Database, signals: Signals, clock: Clock) -> None:
        self._database = database
        self._signals = signals
        self._clock = clock

    async def erase(self) -> None:
        """Erase all that is noted and not being answered any more; answers that run are stopped."""
        while ids := await self._noted():
            for turn_id in await self._running(ids):
                await self._signals.send(STOP, str(turn_id))
            erased = [await self._erase_one(one) for one in ids]
            if not any(erased) or len(ids) < MOST:
                break

    async def _noted(self) -> Sequence[UUID]:
        return [one for (one,) in await self._database.look(_noted())]

    async def _running(self, conversation_ids: Sequence[UUID]) -> Sequence[UUID]:
        async with self._database.unit_of_work() as work:
            return (await work.session.scalars(_running_turns(conversation_ids))).all()

    async def _erase_one(self, conversation_id: UUID) -> bool:
        """Erase a conversation; False where it is still being answered."""
        try:
            async with self._database.unit_of_work() as work:
                return await _erase(work.session, conversation_id, self._clock())
        except (SQLAlchemyError, DriverError) as error:
            # The others go on; what the error says may hold what people wrote.
            _log.error("not_erased", conversation=str(conversation_id), reason=type(error).__name__)
            return False

    async def forget_askers(self) -> None:
        """Forget who asked in what was deleted long enough ago."""
        long_ago = self._clock() - ASKER_KEPT
        some = (
            select(ToEraseRow.conversation_id)
            .where(ToEraseRow.emptied_at.is_not(None), ToEraseRow.deleted_at < long_ago)
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
        while True:
            async with self._database.unit_of_work() as work:
                if not (ids := (await work.session.scalars(some)).all()):
                    return
                of_these = TurnRow.conversation_id.in_(ids)
                await work.session.execute(update(TurnRow).where(of_these).values(account_id=None))
                await work.session.execute(delete(ToEraseRow).where(ToEraseRow.conversation_id.in_(ids)))


async def _erase(session: AsyncSession, conversation_id: UUID, now: datetime) -> bool:
    noted = await session.scalar(
        select(ToEraseRow)
        .where(ToEraseRow.conversation_id == conversation_id, ToEraseRow.emptied_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    if noted is None:  # another process does it
        return True
    battles = select(BattleRow.id).where(BattleRow.conversation_id == conversation_id).order_by(BattleRow.id)
    for battle_id in (await session.scalars(battles)).all():
        await _abandon(session, battle_id, now)
    # Whoever ends, redraws or begins an answer holds its battle, which is held here from now on.
    if (await session.scalars(_running_turns([conversation_id]))).first() is not None:
        return False
    await session.flush()
    await session.execute(select(func.erase_words(conversation_id)))
    noted.emptied_at = now
    await session.flush()
    return True


async def _abandon(session: AsyncSession, battle_id: UUID, now: datetime) -> None:
    """A battle that nobody can vote on any more is left; what is drawn and not voted on tells, too."""
    battle = await lock_battle(session, battle_id)
    held = await session.scalar(select(exists().where(HeldVoteRow.battle_id == battle_id)))
    if battle.status == "ready" and not held:
        battle.status = "abandoned"
        battle.ended_at = now


def _running_turns(conversation_ids: Sequence[UUID]) -> Select[UUID]:
    return (
        select(TurnRow.id)
        .join(ResponseRow, ResponseRow.turn_id == TurnRow.id)
        .where(TurnRow.conversation_id.in_(conversation_ids), in_flight)
        .distinct()
    )
