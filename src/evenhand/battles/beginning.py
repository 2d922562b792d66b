"""How answers begin: an attempt for each, and what its contestant is to be sent.

A question and the beginning of its answers are written together. What is tried again, or drawn anew, was
written before and is found in the database.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.context import Step, load_path, messages, newest_that_fit
from evenhand.battles.events import BattleEvent, BattleStreamEvent
from evenhand.battles.presets import instructions
from evenhand.battles.responses import battle_event, response_event
from evenhand.battles.shared_limits import shared_limits
from evenhand.battles.states import Side
from evenhand.battles.tables import AttemptRow, BattleRow, ResponseRow, TurnRow
from evenhand.contestants.call_limits import CallLimits
from evenhand.contestants.configurations import Configuration
from evenhand.contestants.service import Identity, identities
from evenhand.core.ids import new_id
from evenhand.gateway import Message, prompt_tokens


@dataclass
class Job:
    """One call that is to be made now. `battle_id` follows the response when the other side is redrawn."""

    conversation_id: UUID
    turn_id: UUID
    battle_id: UUID
    response_id: UUID
    attempt_id: UUID
    number: int
    side: Side
    configuration: Configuration
    messages: list[Message]
    paced: bool
    account_id: UUID | None
    limits: CallLimits


@dataclass(frozen=True)
class Begun:
    """Answers that have begun. `attempts` are not written yet; `events` are true once they are.

    `waiting` is told again with `in_line` when the calls have to wait; None where that would tell of a side.
    """

    jobs: Sequence[Job]
    attempts: Sequence[AttemptRow]
    events: Sequence[BattleStreamEvent]
    waiting: BattleEvent | None = None


def begin(
    turn: TurnRow,
    battle: BattleRow,
    responses: Sequence[ResponseRow],
    known: Mapping[UUID, Identity],
    path: list[Step],
    *,
    paced: bool,
    now: datetime,
) -> Begun:
    """Begin what is queued of `responses`, all sides of a turn; changes these rows and the battle's.

    `known` are the contestants by configuration, `path` the steps up to the turn; `paced` is what the arena
    wants for its blind battles.
    """
    limits = shared_limits(known[one.configuration_id].configuration for one in responses)
    wanted = instructions(turn.preset)
    if limits.prompt is not None:
        asked = known[responses[0].configuration_id].configuration.with_instructions(wanted)
        system = asked.system_prompt
        room = limits.prompt - prompt_tokens([system])
        path = newest_that_fit(path, battle.id, [one.side for one in responses], room)
    jobs: list[Job] = []
    attempts: list[AttemptRow] = []
    events: list[BattleStreamEvent] = []
    for response in responses:
        if response.status != "queued":
            continue
        identity = known[response.configuration_id]
        price = identity.configuration.price
        response.status = "streaming"
        response.attempts += 1
        attempt = AttemptRow(
            id=new_id(),
            response_id=response.id,
            number=response.attempts,
            status="streaming",
            started_at=now,
            tokens_reported=False,
            price=price.model_dump() if price else None,
        )
        attempts.append(attempt)
        jobs.append(
            Job(
                turn.conversation_id,
                turn.id,
                battle.id,
                response.id,
                attempt.id,
                response.attempts,
                response.side,
                identity.configuration.with_answer_limit(limits.answer).with_instructions(wanted),
                messages(path, battle.id, response.side),
                paced and battle.mode == "battle",
                turn.account_id,
                identity.limits,
            )
        )
        events.append(response_event(turn.conversation_id, response))
    if battle.status == "drawn":
        battle.status = "running"
    now_is = battle_event(battle, turn.id)
    # A side that is called alone would be known to wait, and so would the one that stays silent while the
    # other is shown; in a blind battle only pacing keeps both silent until both calls have begun.
    both_alike = len(jobs) == len(responses) and (paced or battle.mode != "battle")
    return Begun(jobs, attempts, [*events, now_is], now_is if both_alike else None)


async def begin_queued(
    session: AsyncSession, turn_id: UUID, paced_arenas: Collection[UUID], now: datetime
) -> Begun:
    """Begin every queued response of a turn's battle."""
    rows = await session.execute(
        select(TurnRow, BattleRow, ResponseRow)
        .join(BattleRow, BattleRow.id == TurnRow.battle_id)
        .join(ResponseRow, (ResponseRow.turn_id == TurnRow.id) & (ResponseRow.battle_id == TurnRow.battle_id))
        .where(TurnRow.id == turn_id)
        .order_by(ResponseRow.side)
        .with_for_update(key_share=True, of=(BattleRow, ResponseRow))
        .execution_options(populate_existing=True)
    )
    found = rows.all()
    responses = [response for _, _, response in found]
    if not any(response.status == "queued" for response in responses):
        return Begun([], [], [])
    turn, battle = found[0][0], found[0][1]
    known = await identities(session, [response.configuration_id for response in responses])
    path = await load_path(session, turn)
    paced = battle.arena_id in paced_arenas
    begun = begin(turn, battle, responses, known, path, paced=paced, now=now)
    session.add_all(begun.attempts)
    await session.flush()
    return begun
