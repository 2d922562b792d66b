"""Reading what the gate needs, a few queries for a whole conversation however many turns it has."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles import blind
from evenhand.battles.exclusions import reasons, was_stopped
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
from evenhand.contestants.service import as_identities, identified
from evenhand.contestants.tables import ConfigurationRow
from evenhand.storage.together import AnyQuery, Prepared, together

_battles = bindparam("battles", type_=ARRAY(Uuid))
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

# Who was in battles, whether still in the lineup or not.
_sides = Prepared(
    identified.join(
        BattleRow,
        (BattleRow.configuration_a == ConfigurationRow.id)
        | (BattleRow.configuration_b == ConfigurationRow.id),
    ).where(BattleRow.id == any_(_battles))
)
# The attempts that gave their answers.
_attempts = Prepared(
    select(ResponseRow.battle_id, ResponseRow.side, AttemptRow)
    .join(
        AttemptRow, (AttemptRow.response_id == ResponseRow.id) & (AttemptRow.number == ResponseRow.attempts)
    )
    .where(
        ResponseRow.battle_id == any_(_battles),
        or_(AttemptRow.status == "done", AttemptRow.status == "stopped"),
    )
    .order_by(AttemptRow.id)
)
_final = Prepared(
    select(VoteRow, VoteExclusionRow.reason)
    .outerjoin(VoteExclusionRow, VoteExclusionRow.vote_id == VoteRow.id)
    .where(VoteRow.battle_id == any_(_battles), VoteRow.role == "author")
    .order_by(VoteExclusionRow.excluded_at, VoteExclusionRow.reason)
)
_held = Prepared(
    select(HeldVoteRow, was_stopped)
    .join(BattleRow, BattleRow.id == HeldVoteRow.battle_id)
    .where(HeldVoteRow.battle_id == any_(_battles), BattleRow.status == "ready")
)

Cast = tuple[VoteRow | HeldVoteRow, Sequence[str]]
"""A vote, final or held, with the reasons why it does not count."""
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


class BattleReading:
    """What is read of battles for their views: all of it in one round trip, with `queries`.

    Who is in a battle is read for those of `revealed` alone.
    """

    def __init__(self, battles: Sequence[UUID], revealed: Sequence[UUID]) -> None:
        self._final, self._held = _final(battles=battles), _held(battles=battles)
        self._sides, self._attempts = _sides(battles=revealed), _attempts(battles=revealed)
        self.queries: list[AnyQuery] = [self._final, self._held]
        if revealed:
            self.queries += [self._sides, self._attempts]

    async def views(
        self, session: AsyncSession, battles: Sequence[BattleRow], new: Mapping[UUID, Cast] | None = None
    ) -> list[Battle]:
        """The views, after the queries have run; `new` are votes by battle that they did not find."""
        votes = {**self._votes(battles), **(new or {})}
        known = await as_identities(session, self._sides.rows)
        attempts: dict[UUID, dict[Side, list[AttemptRow]]] = {}
        for battle_id, side, attempt in self._attempts.rows:
            attempts.setdefault(battle_id, {}).setdefault(side, []).append(attempt)
        return [
            blind.battle_view(battle, votes.get(battle.id), known, attempts.get(battle.id, {}))
            for battle in battles
        ]

    def _votes(self, battles: Sequence[BattleRow]) -> dict[UUID, Cast]:
        """The author's vote on each battle, held or final, with the reasons why it does not count."""
        found: dict[UUID, tuple[VoteRow | HeldVoteRow, list[str]]] = {}
        for vote, reason in self._final.rows:
            known = found.setdefault(vote.battle_id, (vote, []))[1]
            if reason is not None:
                known.append(reason)
        of = {battle.id: battle for battle in battles}
        for held, stopped in self._held.rows:
            found[held.battle_id] = (held, reasons(of[held.battle_id], stopped=stopped))
        return {**found}


async def battle_views(session: AsyncSession, battles: Sequence[BattleRow]) -> list[Battle]:
    """Battles, with the reveal of those that may be revealed."""
    if not battles:
        return []
    revealed = [battle.id for battle in battles if blind.may_reveal(battle)]
    reading = BattleReading([battle.id for battle in battles], revealed)
    await together(session, *reading.queries)
    return await reading.views(session, battles)
