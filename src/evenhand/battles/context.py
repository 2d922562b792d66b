"""What a contestant is sent: the conversation as its side of the battle has seen it.

Within a battle each side goes on from its own answers. From an earlier battle only the answer that went on is
known: the chosen one, or after a tie the one that the draw named; a turn whose answers were both bad, or that
nobody answered, is left out whole. Where the sides are known by name, each always goes on from its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.states import SIDES, Side
from evenhand.battles.tables import AttemptRow, BattleRow, PartRow, ResponseRow, TurnPartRow, TurnRow
from evenhand.gateway import Message


@dataclass(frozen=True)
class Step:
    """One turn on the way from the root: its question, and what the two sides answered ('' for nothing)."""

    battle_id: UUID
    blind: bool
    carried_side: Side | None
    question: str
    answers: dict[Side, str]


def messages(path: Sequence[Step], battle_id: UUID, side: Side) -> list[Message]:
    """The messages for one side; the last step of `path` is the turn to be answered."""
    *earlier, newest = path
    sent: list[Message] = []
    for step in earlier:
        of = side if step.battle_id == battle_id or not step.blind else step.carried_side
        answer = step.answers.get(of, "") if of is not None else ""
        if answer:
            sent += [Message("user", step.question), Message("assistant", answer)]
    return [*sent, Message("user", newest.question)]


async def load_path(session: AsyncSession, turn: TurnRow) -> list[Step]:
    """The steps from the root of the conversation to a turn, that turn last."""
    chain = [turn]
    if turn.parent_id is not None:
        rows = await session.scalars(select(TurnRow).where(TurnRow.conversation_id == turn.conversation_id))
        turns = {row.id: row for row in rows}
        while (parent := chain[-1].parent_id) is not None:
            chain.append(turns[parent])
        chain.reverse()
    questions = await _questions(session, [one.id for one in chain])
    earlier = chain[:-1]
    battles = await _battles(session, earlier)
    answers = await _answers(session, [one.id for one in earlier])
    return [
        *(
            Step(
                one.battle_id,
                battles[one.battle_id].mode == "battle",
                battles[one.battle_id].carried_side,
                questions[one.id],
                {side: answers.get((one.id, one.battle_id, side), "") for side in SIDES},
            )
            for one in earlier
        ),
        Step(turn.battle_id, True, None, questions[turn.id], {}),
    ]


async def _battles(session: AsyncSession, turns: Sequence[TurnRow]) -> dict[UUID, BattleRow]:
    if not turns:
        return {}
    rows = await session.scalars(select(BattleRow).where(BattleRow.id.in_({one.battle_id for one in turns})))
    return {battle.id: battle for battle in rows}


async def _questions(session: AsyncSession, turn_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await session.scalars(
        select(TurnPartRow).where(TurnPartRow.turn_id.in_(turn_ids)).order_by(TurnPartRow.index)
    )
    texts: dict[UUID, list[str]] = {}
    for row in rows:
        texts.setdefault(row.turn_id, []).append(row.text)
    return {turn_id: "\n\n".join(parts) for turn_id, parts in texts.items()}


async def _answers(session: AsyncSession, turn_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID, Side], str]:
    """The text of each response's newest attempt, without its reasoning."""
    if not turn_ids:
        return {}
    rows = await session.execute(
        select(ResponseRow.turn_id, ResponseRow.battle_id, ResponseRow.side, PartRow.text)
        .join(
            AttemptRow,
            (AttemptRow.response_id == ResponseRow.id) & (AttemptRow.number == ResponseRow.attempts),
        )
        .join(PartRow, PartRow.attempt_id == AttemptRow.id)
        .where(
            ResponseRow.turn_id.in_(turn_ids),
            ResponseRow.status.in_(["done", "stopped"]),
            PartRow.kind == "text",
        )
        .order_by(PartRow.index)
    )
    texts: dict[tuple[UUID, UUID, Side], list[str]] = {}
    for turn_id, battle_id, side, text in rows:
        texts.setdefault((turn_id, battle_id, side), []).append(text)
    return {key: "".join(parts) for key, parts in texts.items()}
