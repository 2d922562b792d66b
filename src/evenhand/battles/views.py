"""Reading what the gate needs, a few queries for a whole conversation however many turns it has."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles import blind
from evenhand.battles.exclusions import exclusions
from evenhand.battles.pieces import Parts, stored_parts
from evenhand.battles.schemas import Battle, Turn
from evenhand.battles.states import Side
from evenhand.battles.tables import (
    AttemptRow,
    BattleRow,
    HeldVoteRow,
    PartRow,
    ResponseRow,
    TurnPartRow,
    TurnRow,
    VoteExclusionRow,
    VoteRow,
)
from evenhand.contestants.service import identities

_questions = (
    select(TurnPartRow)
    .where(TurnPartRow.turn_id.in_(bindparam("turns", expanding=True)))
    .order_by(TurnPartRow.index)
)
_responses = (
    select(ResponseRow, AttemptRow)
    .join(TurnRow, (TurnRow.id == ResponseRow.turn_id) & (TurnRow.battle_id == ResponseRow.battle_id))
    .outerjoin(
        AttemptRow,
        (AttemptRow.response_id == ResponseRow.id) & (AttemptRow.number == ResponseRow.attempts),
    )
    .where(ResponseRow.turn_id.in_(bindparam("turns", expanding=True)))
    .order_by(ResponseRow.turn_id, ResponseRow.side)
    .execution_options(populate_existing=True)
)
_parts = (
    select(PartRow)
    .where(PartRow.attempt_id.in_(bindparam("attempts", expanding=True)))
    .order_by(PartRow.index)
)

Answered = tuple[ResponseRow, AttemptRow | None, Parts]


async def turn_views(session: AsyncSession, turns: Sequence[TurnRow]) -> list[Turn]:
    """Turns with their questions and, for their current battle, the answers so far."""
    if not turns:
        return []
    asked: dict[UUID, list[TurnPartRow]] = {}
    for part in await session.scalars(_questions, {"turns": [turn.id for turn in turns]}):
        asked.setdefault(part.turn_id, []).append(part)
    answered = await answers(session, turns)
    return [blind.turn_view(turn, asked.get(turn.id, []), answered.get(turn.id, [])) for turn in turns]


async def answers(session: AsyncSession, turns: Sequence[TurnRow]) -> dict[UUID, list[Answered]]:
    """Each turn's responses, side a first, with the newest attempt and its parts."""
    rows = await session.execute(_responses, {"turns": [turn.id for turn in turns]})
    pairs = [(response, attempt) for response, attempt in rows]
    ended = await _ended_parts(session, [attempt.id for _, attempt in pairs if attempt is not None])
    running = await stored_parts(
        session, {response.turn_id for response, _ in pairs if response.status == "streaming"}
    )
    found: dict[UUID, list[Answered]] = {}
    for response, attempt in pairs:
        if response.status == "streaming":
            parts = running.get((response.turn_id, response.side, response.attempts), [])
        else:
            parts = ended.get(attempt.id, []) if attempt is not None else []
        found.setdefault(response.turn_id, []).append((response, attempt, parts))
    return found


async def _ended_parts(session: AsyncSession, attempt_ids: Sequence[UUID]) -> dict[UUID, Parts]:
    found: dict[UUID, Parts] = {}
    if not attempt_ids:
        return found
    for part in await session.scalars(_parts, {"attempts": attempt_ids}):
        found.setdefault(part.attempt_id, []).append((part.kind, part.text))
    return found


async def battle_views(session: AsyncSession, battles: Sequence[BattleRow]) -> list[Battle]:
    """Battles, with the reveal of those that may be revealed."""
    if not battles:
        return []
    open_battles = [battle for battle in battles if blind.may_reveal(battle)]
    known = await identities(
        session,
        [
            identity
            for battle in open_battles
            for identity in (battle.configuration_a, battle.configuration_b)
            if identity is not None
        ],
    )
    attempts = await _attempts(session, [battle.id for battle in open_battles])
    votes = await _votes(session, battles)
    return [
        blind.battle_view(battle, votes.get(battle.id), known, attempts.get(battle.id, {}))
        for battle in battles
    ]


async def _votes(
    session: AsyncSession, battles: Sequence[BattleRow]
) -> dict[UUID, tuple[VoteRow | HeldVoteRow, list[str]]]:
    """The author's vote on each battle, held or final, with the reasons why it does not count."""
    rows = await session.execute(
        select(VoteRow, VoteExclusionRow.reason)
        .outerjoin(VoteExclusionRow, VoteExclusionRow.vote_id == VoteRow.id)
        .where(VoteRow.battle_id.in_([battle.id for battle in battles]), VoteRow.role == "author")
        .order_by(VoteExclusionRow.excluded_at, VoteExclusionRow.reason)
    )
    found: dict[UUID, tuple[VoteRow | HeldVoteRow, list[str]]] = {}
    for vote, reason in rows:
        reasons = found.setdefault(vote.battle_id, (vote, []))[1]
        if reason is not None:
            reasons.append(reason)
    ready = {battle.id: battle for battle in battles if battle.status == "ready"}
    if ready:
        for held in await session.scalars(select(HeldVoteRow).where(HeldVoteRow.battle_id.in_(ready))):
            found[held.battle_id] = (held, await exclusions(session, ready[held.battle_id]))
    return found


async def _attempts(
    session: AsyncSession, battle_ids: Sequence[UUID]
) -> dict[UUID, dict[Side, list[AttemptRow]]]:
    """The attempts that gave a battle's answers, by battle and side."""
    if not battle_ids:
        return {}
    rows = await session.execute(
        select(ResponseRow.battle_id, ResponseRow.side, AttemptRow)
        .join(
            AttemptRow,
            (AttemptRow.response_id == ResponseRow.id) & (AttemptRow.number == ResponseRow.attempts),
        )
        .where(ResponseRow.battle_id.in_(battle_ids), AttemptRow.status.in_(["done", "stopped"]))
        .order_by(AttemptRow.id)
    )
    found: dict[UUID, dict[Side, list[AttemptRow]]] = {}
    for battle_id, side, attempt in rows:
        found.setdefault(battle_id, {}).setdefault(side, []).append(attempt)
    return found
