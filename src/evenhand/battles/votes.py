"""Votes: cast once, in one transaction with what they end; the reveal follows from them.

A vote may be held for some seconds, in which it can be taken back and reveals nothing. It is durable from the
first moment, and becomes final by itself even if its voter never comes back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, DateTime, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.exclusions import reasons, was_stopped
from evenhand.battles.responses import battle_event, lock_battle
from evenhand.battles.schemas import RevealAnswer, VoteAnswer, VoteRequest
from evenhand.battles.states import Side
from evenhand.battles.tables import (
    PUT_OFF,
    BattleRow,
    ConversationRow,
    DrawRow,
    HeldVoteRow,
    TurnRow,
    VoteExclusionRow,
    VoteRow,
)
from evenhand.battles.views import BattleReading, Cast, battle_views
from evenhand.core.errors import Conflict, NotFound
from evenhand.core.ids import new_id
from evenhand.storage.together import AnyQuery, Prepared, Query, at_commit, together
from evenhand.storage.writing import writing

_battle: BindParameter[UUID] = bindparam("battle")
_own = (
    select(BattleRow)
    .join(ConversationRow, ConversationRow.id == BattleRow.conversation_id)
    .where(BattleRow.id == _battle, ConversationRow.account_id == bindparam("account"))
)
_own_locked = Prepared(_own.with_for_update(of=BattleRow, key_share=True))
_cast_before = Prepared(
    select(HeldVoteRow, VoteRow.id)
    .select_from(BattleRow)
    .outerjoin(HeldVoteRow, HeldVoteRow.battle_id == BattleRow.id)
    .outerjoin(VoteRow, (VoteRow.battle_id == BattleRow.id) & (VoteRow.role == "author"))
    .where(BattleRow.id == _battle)
)
_newest_turn = (
    select(TurnRow.id)
    .where(TurnRow.battle_id == BattleRow.id)
    .order_by(TurnRow.id.desc())
    .limit(1)
    .correlate(BattleRow)
    .scalar_subquery()
)
_now: Any = bindparam("now", type_=DateTime(timezone=True))
_due_battles = Prepared(
    select(HeldVoteRow.battle_id).where(HeldVoteRow.is_due(_now)).order_by(HeldVoteRow.final_at)
)
_at_the_vote = Prepared(
    select(was_stopped, _newest_turn, DrawRow.tie_side)
    .select_from(BattleRow)
    .outerjoin(DrawRow, DrawRow.id == BattleRow.draw_id)
    .where(BattleRow.id == _battle)
)
_voted = Prepared[()](
    update(BattleRow)
    .where(BattleRow.id == _battle)
    .values(status="voted", carried_side=bindparam("side"), carried_by=bindparam("by"))
)
_revealed = Prepared[()](
    update(BattleRow).where(BattleRow.id == _battle).values(status="revealed", ended_at=bindparam("now"))
)
_not_held = Prepared[()](delete(HeldVoteRow).where(HeldVoteRow.battle_id == _battle))


async def cast(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, request: VoteRequest, now: datetime
) -> tuple[VoteAnswer, list[BattleStreamEvent]]:
    """Vote on one's own battle; a second vote gets the first one's answer.

    The same vote again without a hold makes one that is held final at once. Raises `Conflict` while the
    battle is not ready, `NotFound` for somebody else's.
    """
    own = _own_locked(battle=battle_id, account=account_id)
    # Not in the statement that locks: that would not see what was written while it waited.
    before, at_the_vote = _cast_before(battle=battle_id), _at_the_vote(battle=battle_id)
    reading = BattleReading([battle_id], revealed=[battle_id])
    await together(session, own, before, at_the_vote, *reading.queries)
    battle = _found(own.value())
    assert account_id is not None, "whoever has a battle has an account"
    held, voted = before.one()
    stopped, newest_turn, tie_side = at_the_vote.one()
    new: dict[UUID, Cast] = {}
    events: list[BattleStreamEvent] = []
    if voted is None and held is None:
        if battle.status != "ready" or battle.mode == "direct":
            raise Conflict(
                "battle_not_ready",
                "A vote can be cast once both answers have ended; this battle takes none now.",
            )
        held = HeldVoteRow(
            id=new_id(),
            battle_id=battle.id,
            account_id=account_id,
            choice=request.choice,
            cast_at=now,
            final_at=now + timedelta(seconds=request.hold),
        )
        new = {battle.id: (held, reasons(battle, stopped=stopped))}
        if request.hold:
            at_commit(session, writing([held]))
    confirmed = held is not None and request.hold == 0 and request.choice == held.choice
    if held is not None and (confirmed or held.is_due(now)):
        vote, excluded = _final(battle, held, stopped, tie_side, now)
        at_commit(session, *_written(battle, vote, excluded, now))
        new = {battle.id: (vote, excluded)}
        events = [battle_event(battle, newest_turn)]
    [view] = await reading.views(session, [battle], new)
    assert view.vote is not None
    return (
        VoteAnswer(vote=view.vote, final_at=view.final_at, reveal=view.reveal, carried=view.carried),
        events,
    )


async def take_back(session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime) -> None:
    """Take back a vote that is held. Raises `Conflict` when it is final, `NotFound` when there is none."""
    own = _own_locked(battle=battle_id, account=account_id)
    await together(session, own)
    battle = _found(own.value())
    held = await held_vote(session, battle)
    if held is None and battle.status not in ("voted", "revealed"):
        raise NotFound("not_found", "There is no vote of yours on this battle.")
    if held is None or held.is_due(now) or held.is_put_off:
        raise Conflict("vote_is_final", "This vote is final; it cannot be taken back any more.")
    at_commit(session, _not_held(battle=battle.id))


async def put_off(session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime) -> datetime:
    """Give somebody time to guess who answered: their held vote stays as it is, and reveals later.

    It cannot be taken back any more, so that what one guesses changes no vote. Asked again, the time stays.
    Raises `Conflict` where there is nothing to guess, `NotFound` for somebody else's battle.
    """
    battle, held = await lock_held(session, account_id, battle_id, now)
    # From when it was cast, so that this can be told from a hold.
    held.final_at = held.cast_at + PUT_OFF
    await session.execute(
        update(HeldVoteRow).where(HeldVoteRow.battle_id == battle.id).values(final_at=held.final_at)
    )
    return held.final_at


async def lock_held(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime
) -> tuple[BattleRow, HeldVoteRow]:
    """One's own blind battle, locked, and the vote that is held on it. Raises as `put_off` does."""
    own = _own_locked(battle=battle_id, account=account_id)
    before = _cast_before(battle=battle_id)
    await together(session, own, before)
    battle = _found(own.value())
    held, _ = before.one()
    if held is None or held.is_due(now) or battle.mode != "battle":
        raise Conflict(
            "nothing_to_guess", "One can guess after the vote, and before the names appear; not now."
        )
    return battle, held


async def reveal(
    session: AsyncSession, account_id: UUID | None, battle_id: UUID, now: datetime
) -> tuple[RevealAnswer, list[BattleStreamEvent]]:
    """Who answered. Raises `Conflict` before the vote is final, `NotFound` for somebody else's battle."""
    await own_battle(session, account_id, battle_id)
    events = await finalise_if_due(session, battle_id, now)
    [view] = await battle_views(session, [await session.get_one(BattleRow, battle_id)])
    if view.reveal is None:
        raise Conflict("not_revealed", "Who answered is shown after your vote.")
    return RevealAnswer(vote=view.vote, reveal=view.reveal, carried=view.carried), events


async def own_battle(session: AsyncSession, account_id: UUID | None, battle_id: UUID) -> BattleRow:
    """One's own battle. Raises `NotFound` for none, and for somebody else's alike."""
    return _found(await session.scalar(_own, {"battle": battle_id, "account": account_id}))


async def held_vote(session: AsyncSession, battle: BattleRow) -> HeldVoteRow | None:
    """The vote on a battle that is not final yet."""
    return await session.scalar(select(HeldVoteRow).where(HeldVoteRow.battle_id == battle.id))


def due_battles(now: datetime) -> Query[UUID]:
    """The battles whose held vote is to be final now."""
    return _due_battles(now=now)


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
    """Make a vote that is held final, on a locked battle, and reveal."""
    at_the_vote = _at_the_vote(battle=battle.id)
    await together(session, at_the_vote)
    stopped, newest_turn, tie_side = at_the_vote.one()
    vote, excluded = _final(battle, held, stopped, tie_side, now)
    await together(session, *_written(battle, vote, excluded, now))
    return [battle_event(battle, newest_turn)]


def _found(battle: BattleRow | None) -> BattleRow:
    """One's own battle. Raises `NotFound` for none, and for somebody else's alike."""
    if battle is None:
        raise NotFound("not_found", "There is no such battle among yours.")
    return battle


def _final(
    battle: BattleRow, held: HeldVoteRow, stopped: bool, tie_side: Side | None, now: datetime
) -> tuple[VoteRow, list[str]]:
    """A vote that is final, and why it does not count; the battle is what it makes of it."""
    vote = VoteRow(
        id=held.id,
        battle_id=battle.id,
        account_id=held.account_id,
        role="author",
        choice=held.choice,
        cast_at=held.cast_at,
    )
    now_is: dict[str, object] = {"status": "revealed", "ended_at": now}
    # The chosen answer goes on; after a tie the draw's; after both bad, none.
    if vote.choice in ("a", "b"):
        now_is |= {"carried_side": vote.choice, "carried_by": "choice"}
    elif vote.choice == "tie" and tie_side is not None:
        now_is |= {"carried_side": tie_side, "carried_by": "draw"}
    for column, value in now_is.items():
        set_committed_value(battle, column, value)
    return vote, reasons(battle, stopped=stopped)


def _written(battle: BattleRow, vote: VoteRow, excluded: Sequence[str], now: datetime) -> Sequence[AnyQuery]:
    """What writes a final vote, and what it makes of its battle."""
    rows = [VoteExclusionRow(vote_id=vote.id, reason=reason, excluded_at=now) for reason in excluded]
    return [
        _not_held(battle=battle.id),
        writing([vote, *rows]),
        _voted(battle=battle.id, side=battle.carried_side, by=battle.carried_by),
        _revealed(battle=battle.id, now=now),
    ]
