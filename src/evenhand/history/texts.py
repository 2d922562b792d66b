"""What was asked and answered in turns, as their author was shown it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.tables import AttemptRow, PartRow, ResponseRow, TurnPartRow, TurnRow, in_flight
from evenhand.storage.together import Prepared, together

_turns = bindparam("turns", type_=ARRAY(Uuid))
_running = Prepared(
    select(ResponseRow.turn_id).where(ResponseRow.turn_id == any_(_turns), in_flight).distinct()
)
_questions = Prepared(
    select(TurnPartRow.turn_id, TurnPartRow.text)
    .where(TurnPartRow.turn_id == any_(_turns))
    .order_by(TurnPartRow.turn_id, TurnPartRow.index)
)
# Of the pair that answers now, and of each side the newest attempt: what was drawn anew was taken back.
_answers = Prepared(
    select(TurnRow.id, PartRow.text)
    .join(ResponseRow, (ResponseRow.turn_id == TurnRow.id) & (ResponseRow.battle_id == TurnRow.battle_id))
    .join(
        AttemptRow, (AttemptRow.response_id == ResponseRow.id) & (AttemptRow.number == ResponseRow.attempts)
    )
    .join(PartRow, PartRow.attempt_id == AttemptRow.id)
    .where(
        TurnRow.id == any_(_turns),
        or_(ResponseRow.status == "done", ResponseRow.status == "stopped"),
        PartRow.kind == "text",
    )
    .order_by(TurnRow.id, ResponseRow.side, PartRow.index)
)


@dataclass
class TurnTexts:
    """A turn's question and its answers, without reasoning; `running` while more may come."""

    questions: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    running: bool = False


async def texts_of(session: AsyncSession, turn_ids: Sequence[UUID]) -> dict[UUID, TurnTexts]:
    """The texts of turns, in one round trip. Who answered is not among them."""
    if not turn_ids:
        return {}
    turns = list(turn_ids)
    running, questions, answers = _running(turns=turns), _questions(turns=turns), _answers(turns=turns)
    await together(session, running, questions, answers)
    found: dict[UUID, TurnTexts] = {}
    for turn_id, text in questions.rows:
        found.setdefault(turn_id, TurnTexts()).questions.append(text)
    for turn_id, text in answers.rows:
        found.setdefault(turn_id, TurnTexts()).answers.append(text)
    for turn_id in running.values():
        found.setdefault(turn_id, TurnTexts()).running = True
    return found
