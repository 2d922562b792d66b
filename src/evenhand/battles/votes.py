"""Votes: cast once, in one transaction with what they end; the reveal follows from them.

A vote may be held for some seconds, in which it can be taken back and reveals nothing. It is durable from the
first moment, and becomes final by itself even if its voter never comes back.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.exclusions import exclusions
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.schemas import RevealAnswer, VoteAnswer, VoteRequest
from evenhand.battles.tables import (
    BattleRow,
    ConversationRow,
    DrawRow,
    HeldVoteRow,
    TurnRow,
    VoteExclusionRow,
    VoteRow,
)
from evenhand.battles.views import battle_views
from evenhand.core.errors import Conflict, NotFound
from evenhand.core.ids import new_id


async def cast(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, request: VoteRequest, now: datetime
) -> tuple[VoteAnswer, list[BattleStreamEvent]]:
    """Vote on one's own battle; a second vote gets the first one's answer.

    The same vote again without a hold makes one that is held final at once. Raises `Conflict` while the
    battle is not ready, `NotFound` for somebody else's.
    """
    conversation = await _conversation_of(session, account_id, battle_id)
    battle = await lock_battle(session, battle_id)
    events: list[BattleStreamEvent] = []
    voted = await session.scalar(select(VoteRow.id).where(VoteRow.battle_id == battle.id))
    held = await held_vote(session, battle)
    if voted is None and held is None:
        if battle.status != "ready" or battle.mode == "direct":
            raise Conflict(
                "battle_not_ready",
                "A vote can be cast once both answers have ended; this battle takes none now.",
            )
        held = HeldVoteRow(
            id=new_id(),
            battle_id=battle.id,
            account_id=conversation.account_id,
            choice=request.choice,
            cast_at=now,
            final_at=now + timedelta(seconds=request.hold),
        )
        if request.hold:
            session.add(held)
            await session.flush()
    confirmed = held is not None and request.hold == 0 and request.choice == held.choice
    if held is not None and (confirmed or held.is_due(now)):
        events = await finalise(session, battle, held, now)
    [view] = await battle_views(session, [battle])
    assert view.vote is not None
    return (
        VoteAnswer(vote=view.vote, final_at=view.final_at, reveal=view.reveal, carried=view.carried),
        events,
    )


async def take_back(session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime) -> None:
    """Take back a vote that is held. Raises `Conflict` when it is final, `NotFound` when there is none."""
    await _conversation_of(session, account_id, battle_id)
    battle = await lock_battle(session, battle_id)
    held = await held_vote(session, battle)
    if held is None and battle.status not in ("voted", "revealed"):
        raise NotFound("not_found", "There is no vote of yours on this battle.")
    if held is None or held.is_due(now):
        raise Conflict("vote_is_final", "This vote is final; it cannot be taken back any more.")
    await session.delete(held)
    await session.flush()


async def reveal(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime
) -> tuple[RevealAnswer, list[BattleStreamEvent]]:
    """Who answered. Raises `Conflict` before the vote is final, `NotFound` for somebody else's battle."""
    await _conversation_of(session, account_id, battle_id)
    events = await finalise_if_due(session, battle_id, now)
    [view] = await battle_views(session, [await session.get_one(BattleRow, battle_id)])
    if view.reveal is None:
        raise Conflict("not_revealed", "Who answered is shown after your vote.")
    return RevealAnswer(vote=view.vote, reveal=view.reveal, carried=view.carried), events


async def held_vote(session: AsyncSession, battle: BattleRow) -> HeldVoteRow | None:
    """The vote on a battle that is not final yet."""
    return await session.scalar(select(HeldVoteRow).where(HeldVoteRow.battle_id == battle.id))


async def due_battles(session: AsyncSession, now: datetime) -> list[UUID]:
    """The battles whose held vote is to be final now."""
    rows = await session.scalars(
        select(HeldVoteRow.battle_id).where(HeldVoteRow.is_due(now)).order_by(HeldVoteRow.final_at)
    )
    return list(rows)


async def finalise_if_due(session: AsyncSession, battle_id: UUID, now: datetime) -> list[BattleStreamEvent]:
    """Make a battle's vote final if its time has come; what readers are told, if it was this call."""
    due = await session.scalar(
        select(HeldVoteRow.id).where(HeldVoteRow.battle_id == battle_id, HeldVoteRow.is_due(now))
    )
    if due is None:
        return []
    battle = await lock_battle(session, battle_id)
    held = await held_vote(session, battle)
    return [] if held is None else await finalise(session, battle, held, now)


async def finalise(
    session: AsyncSession, battle: BattleRow, held: HeldVoteRow, now: datetime
) -> list[BattleStreamEvent]:
    """Make a vote on a locked battle final, and reveal."""
    vote = VoteRow(
        id=held.id,
        battle_id=battle.id,
        account_id=held.account_id,
        role="author",
        choice=held.choice,
        cast_at=held.cast_at,
    )
    reasons = await exclusions(session, battle)
    session.add(vote)
    await session.execute(delete(HeldVoteRow).where(HeldVoteRow.id == held.id))
    await session.flush()
    session.add_all(VoteExclusionRow(vote_id=vote.id, reason=reason, excluded_at=now) for reason in reasons)
    await _carry(session, battle, vote)
    battle.status = "voted"
    await session.flush()
    battle.status = "revealed"
    battle.ended_at = now
    await session.flush()
    return [battle_event(battle, await _newest_turn(session, battle))]


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


async def _carry(session: AsyncSession, battle: BattleRow, vote: VoteRow) -> None:
    """Name whose answer goes on: the chosen one; after a tie the draw's; after both bad, none."""
    if vote.choice in ("a", "b"):
        battle.carried_side, battle.carried_by = vote.choice, "choice"
    elif vote.choice == "tie" and battle.draw_id is not None:
        battle.carried_side = (await session.get_one(DrawRow, battle.draw_id)).tie_side
        battle.carried_by = "draw"


async def _newest_turn(session: AsyncSession, battle: BattleRow) -> UUID:
    return (
        await session.scalars(
            select(TurnRow.id).where(TurnRow.battle_id == battle.id).order_by(TurnRow.id.desc()).limit(1)
        )
    ).one()
