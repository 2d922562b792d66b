"""What of a conversation others may be shown, and as what they are shown it.

Turns and battles come through the gate of `battles`, as their author may see them; here they lose all that
the author alone may see, and all that tells who answered where the names are not shared.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.conversations import title_of
from evenhand.battles.schemas import Battle, Response, Reveal, RevealedSide, Turn
from evenhand.battles.states import IN_FLIGHT
from evenhand.battles.tables import BattleRow, TurnRow
from evenhand.battles.views import battle_views, turn_views
from evenhand.sharing.schemas import (
    Language,
    SharedAnswer,
    SharedBattle,
    SharedConversation,
    SharedName,
    SharedNames,
    SharedTurn,
)
from evenhand.sharing.tables import ShareRow

Shown = tuple[Turn, Battle]


async def showable(session: AsyncSession, turns: Sequence[TurnRow]) -> list[Shown]:
    """Those of the turns that others may be shown, in their order."""
    wanted = {turn.battle_id for turn in turns}
    rows = await session.scalars(select(BattleRow).where(BattleRow.id.in_(wanted)).order_by(BattleRow.id))
    battles = {battle.id: battle for battle in await battle_views(session, rows.all())}
    pairs = [(turn, battles[turn.battle_id]) for turn in await turn_views(session, turns)]
    return [(turn, battle) for turn, battle in pairs if may_be_shown(turn, battle)]


def may_be_shown(turn: Turn, battle: Battle) -> bool:
    """Whether a turn has ended, and its battle, if blind, with a vote that is final."""
    return battle.reveal is not None and all(one.status not in IN_FLIGHT for one in turn.responses)


async def turns_of(session: AsyncSession, share: ShareRow) -> list[Shown]:
    """What a link shows; a turn that cannot be shown any more, because it is asked again, is left out."""
    rows = await session.scalars(
        select(TurnRow)
        .where(TurnRow.id.in_(share.turn_ids), TurnRow.conversation_id == share.conversation_id)
        .order_by(TurnRow.id)
    )
    return await showable(session, rows.all())


def view(share: ShareRow, arena: str, shown: Sequence[Shown]) -> SharedConversation:
    """What the reader of a link gets. The day is all that is said of the time."""
    return of_turns(
        shown,
        arena=arena,
        one_battle=share.battle_id is not None,
        left_out=share.left_out,
        shared_on=share.created_at.date(),
        language=share.language,
        names=share.names,
    )


def of_turns(
    shown: Sequence[Shown],
    *,
    arena: str,
    one_battle: bool,
    left_out: int,
    shared_on: date,
    language: Language,
    names: bool,
) -> SharedConversation:
    """Turns as others are shown them."""
    numbers: dict[UUID, int] = {}
    battles: list[SharedBattle] = []
    turns: list[SharedTurn] = []
    for turn, battle in shown:
        if battle.id not in numbers:
            numbers[battle.id] = len(battles)
            battles.append(_battle(battle, names=names))
        answers = [_answer(response) for response in turn.responses]
        turns.append(SharedTurn(parts=turn.parts, battle=numbers[battle.id], answers=answers))
    first = shown[0][0]
    return SharedConversation(
        # Not the conversation's title: that is its owner's, who may have written there what it is for.
        title=title_of(" ".join(part.text for part in first.parts)),
        one_battle=one_battle,
        arena=arena,
        shared_on=shared_on,
        language=language,
        with_names=names,
        earlier=first.parent_id is not None,
        left_out=left_out,
        turns=turns,
        battles=battles,
    )


def _answer(response: Response) -> SharedAnswer:
    # Without reasoning: whether there is some, and how it is written, tells more than an answer does.
    text = "".join(part.text for part in response.parts if part.kind == "text")
    return SharedAnswer(
        side=response.side,
        status=response.status,
        finish_reason=response.finish_reason,
        error=response.error,
        text=text,
    )


def _battle(battle: Battle, *, names: bool) -> SharedBattle:
    final = battle.vote is not None and battle.final_at is None
    return SharedBattle(
        mode=battle.mode,
        choice=battle.vote.choice if battle.vote is not None and final else None,
        names=_names(battle.reveal) if names and battle.reveal is not None else None,
    )


def _names(reveal: Reveal) -> SharedNames:
    return SharedNames(a=_name(reveal.a), b=None if reveal.b is None else _name(reveal.b))


def _name(side: RevealedSide) -> SharedName:
    return SharedName(name=side.name, organization=side.organization)
