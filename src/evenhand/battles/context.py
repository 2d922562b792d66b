"""What a contestant is sent: the conversation as its side of the battle has seen it.

Within a battle each side goes on from its own answers. From an earlier battle only the answer that went on is
known: the chosen one, or after a tie the one that the draw named; a turn whose answers were both bad, or that
nobody answered, is left out whole. Where the sides are known by name, each always goes on from its own.

What does not fit into the smaller context window of the two is left out for both, from the oldest turn on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.states import SIDES, Side
from evenhand.battles.tables import AttemptRow, BattleRow, PartRow, ResponseRow, TurnPartRow, TurnRow
from evenhand.gateway import Message, prompt_tokens


@dataclass(frozen=True)
class Step:
    """One turn on the way from the root: its question, and what the two sides answered ('' for nothing)."""

    battle_id: UUID
    blind: bool
    carried_side: Side | None
    question: str
    answers: dict[Side, str]


def newest_that_fit(path: list[Step], battle_id: UUID, sides: Iterable[Side], tokens: int) -> list[Step]:
    """The newest steps of a path whose messages fit into so many tokens for each of the sides.

    All sides go back to the same step. The turn to be answered is always among them.
    """
    left = {side: tokens - _tokens([Message("user", path[-1].question)]) for side in sides}
    for back, step in enumerate(reversed(path[:-1]), start=1):
        for side in left:
            left[side] -= _tokens(_exchange(step, battle_id, side))
        if min(left.values()) < 0:
            return path[-back:]
    return path


def _tokens(messages: Sequence[Message]) -> int:
    return prompt_tokens(message.text for message in messages)


def messages(path: Sequence[Step], battle_id: UUID, side: Side) -> list[Message]:
    """The messages for one side; the last step of `path` is the turn to be answered."""
    *earlier, newest = path
    sent = [message for step in earlier for message in _exchange(step, battle_id, side)]
    return [*sent, Message("user", newest.question)]


def _exchange(step: Step, battle_id: UUID, side: Side) -> list[Message]:
    """A step's question and answer as one side is sent them; nothing where it is to know of neither."""
    of = side if step.battle_id == battle_id or not step.blind else step.carried_side
    answer = step.answers.get(of, "") if of is not None else ""
    return [Message("user", step.question), Message("assistant", answer)] if answer else []


async def load_path(
    session: AsyncSession, turn: TurnRow, question: Sequence[str] | None = None
) -> list[Step]:
    """The steps from the root of the conversation to a turn, that turn last.

    `question` are the turn's parts, where they are known; else they are read.
    """
    newest = (await _questions(session, [turn.id]))[turn.id] if question is None else _joined(question)
    return [*await _earlier(session, turn), Step(turn.battle_id, True, None, newest, {})]


async def _earlier(session: AsyncSession, turn: TurnRow) -> list[Step]:
    """The steps before a turn, from the root on."""
    if turn.parent_id is None:
        return []
    rows = await session.scalars(select(TurnRow).where(TurnRow.conversation_id == turn.conversation_id))
    turns = {row.id: row for row in rows}
    chain = [turns[turn.parent_id]]
    while (parent := chain[-1].parent_id) is not None:
        chain.append(turns[parent])
    chain.reverse()
    questions = await _questions(session, [one.id for one in chain])
    battles = await _battles(session, chain)
    answers = await _answers(session, [one.id for one in chain])
    return [
        Step(
            one.battle_id,
            battles[one.battle_id].mode == "battle",
            battles[one.battle_id].carried_side,
            questions[one.id],
            {side: answers.get((one.id, one.battle_id, side), "") for side in SIDES},
        )
        for one in chain
    ]


async def _battles(session: AsyncSession, turns: Sequence[TurnRow]) -> dict[UUID, BattleRow]:
    rows = await session.scalars(select(BattleRow).where(BattleRow.id.in_({one.battle_id for one in turns})))
    return {battle.id: battle for battle in rows}


async def _questions(session: AsyncSession, turn_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await session.scalars(
        select(TurnPartRow).where(TurnPartRow.turn_id.in_(turn_ids)).order_by(TurnPartRow.index)
    )
    texts: dict[UUID, list[str]] = {}
    for row in rows:
        texts.setdefault(row.turn_id, []).append(row.text)
    return {turn_id: _joined(parts) for turn_id, parts in texts.items()}


def _joined(parts: Sequence[str]) -> str:
    return "\n\n".join(parts)


async def _answers(session: AsyncSession, turn_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID, Side], str]:
    """The text of each response's newest attempt, without its reasoning."""
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
