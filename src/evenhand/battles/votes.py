"""Votes: cast once, in one transaction with what they end; the reveal follows from them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.schemas import RevealAnswer, VoteAnswer
from evenhand.battles.states import Choice
from evenhand.battles.tables import (
    AttemptRow,
    BattleRow,
    ConversationRow,
    DrawRow,
    ResponseRow,
    TurnRow,
    VoteExclusionRow,
    VoteRow,
)
from evenhand.battles.views import battle_views
from evenhand.core.errors import Conflict, NotFound
from evenhand.core.ids import new_id


async def cast(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, choice: Choice, now: datetime
) -> tuple[VoteAnswer, list[BattleStreamEvent]]:
    """Vote on one's own battle; a second vote gets the first one's answer.

    Raises `Conflict` while the battle is not ready, `NotFound` for somebody else's.
    """
    conversation = await _conversation_of(session, account_id, battle_id)
    battle = await lock_battle(session, battle_id)
    voted = await session.scalar(select(VoteRow.id).where(VoteRow.battle_id == battle.id))
    events: list[BattleStreamEvent] = []
    if voted is None:
        if battle.status != "ready" or battle.mode == "direct":
            raise Conflict(
                "battle_not_ready",
                "A vote can be cast once both answers have ended; this battle takes none now.",
            )
        vote = VoteRow(
            id=new_id(),
            battle_id=battle.id,
            account_id=conversation.account_id,
            role="author",
            choice=choice,
            cast_at=now,
        )
        session.add(vote)
        await session.flush()
        session.add_all(
            VoteExclusionRow(vote_id=vote.id, reason=reason, excluded_at=now)
            for reason in await _exclusions(session, battle)
        )
        await _carry(session, battle, choice)
        battle.status = "voted"
        await session.flush()
        battle.status = "revealed"
        battle.ended_at = now
        await session.flush()
        events = [battle_event(battle, await _newest_turn(session, battle))]
    [view] = await battle_views(session, [battle])
    assert view.vote is not None
    assert view.reveal is not None
    return VoteAnswer(vote=view.vote, reveal=view.reveal, carried=view.carried), events


async def reveal(session: AsyncSession, account_id: UUID | None, battle_id: UUID) -> RevealAnswer:
    """Who answered. Raises `Conflict` before the vote, `NotFound` for somebody else's battle."""
    await _conversation_of(session, account_id, battle_id)
    [view] = await battle_views(session, [await session.get_one(BattleRow, battle_id)])
    if view.reveal is None:
        raise Conflict("not_revealed", "Who answered is shown after your vote.")
    return RevealAnswer(vote=view.vote, reveal=view.reveal)


async def _conversation_of(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID
) -> ConversationRow:
    row = await session.scalar(
        select(ConversationRow)
        .join(BattleRow, BattleRow.conversation_id == ConversationRow.id)
        .where(BattleRow.id == battle_id, ConversationRow.account_id == account_id)
    )
    if row is None:
        raise NotFound("not_found", "There is no such battle among yours.")
    return row


async def _exclusions(session: AsyncSession, battle: BattleRow) -> list[str]:
    """Why a vote on this battle does not count, as far as it is known at the vote."""
    reasons = []
    if battle.mode != "battle":
        reasons.append("not_blind")
    # An attempt that was stopped and tried again is a second roll of the dice.
    stopped = await session.scalar(
        select(ResponseRow.id)
        .outerjoin(AttemptRow, AttemptRow.response_id == ResponseRow.id)
        .where(
            ResponseRow.battle_id == battle.id,
            or_(ResponseRow.status == "stopped", AttemptRow.status == "stopped"),
        )
        .limit(1)
    )
    if stopped is not None:
        reasons.append("stopped")
    return reasons


async def _carry(session: AsyncSession, battle: BattleRow, choice: Choice) -> None:
    """Name whose answer goes on: the chosen one; after a tie the draw's; after both bad, none."""
    if choice in ("a", "b"):
        battle.carried_side, battle.carried_by = choice, "choice"
    elif choice == "tie" and battle.draw_id is not None:
        battle.carried_side = (await session.get_one(DrawRow, battle.draw_id)).tie_side
        battle.carried_by = "draw"


async def _newest_turn(session: AsyncSession, battle: BattleRow) -> UUID:
    return (
        await session.scalars(
            select(TurnRow.id).where(TurnRow.battle_id == battle.id).order_by(TurnRow.id.desc()).limit(1)
        )
    ).one()
