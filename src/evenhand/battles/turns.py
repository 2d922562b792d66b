"""Turns: asking, and asking again what failed or was stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Arena
from evenhand.battles import blind
from evenhand.battles.conversations import own_conversation, own_turn, title_of
from evenhand.battles.limits import characters_so_far, check_budget, check_guest, reservation
from evenhand.battles.pairs import Place, drawn_battle, named_battle, sides_of
from evenhand.battles.responses import lock_battle
from evenhand.battles.schemas import Turn, TurnAnswer, TurnRequest
from evenhand.battles.states import IN_FLIGHT, Side
from evenhand.battles.tables import (
    BattleRow,
    ConversationRow,
    DrawRow,
    ResponseRow,
    TurnPartRow,
    TurnRow,
)
from evenhand.battles.views import turn_views
from evenhand.contestants.service import Identity, competitors
from evenhand.core.errors import Conflict, Invalid, NotFound, Unavailable
from evenhand.core.ids import new_id
from evenhand.core.settings import Settings
from evenhand.core.text import clean

MOST_ATTEMPTS = 3
"""How often one side may be called for one question: a retry is no way around the limit of questions."""


@dataclass(frozen=True)
class Rules:
    """What asking depends on beside the database."""

    arenas: Mapping[str, Arena]
    arena_ids: Mapping[str, UUID]
    settings: Settings


async def ask(
    session: AsyncSession,
    account_id: UUID | None,
    conversation_id: UUID,
    request: TurnRequest,
    rules: Rules,
    now: datetime,
) -> TurnAnswer:
    """Put a question to the conversation's pair, or to a new one, and queue the answers.

    Raises a `Problem` for everything that speaks against it; then nothing is written.
    """
    conversation = await own_conversation(session, account_id, conversation_id, lock=True)
    arena = _arena(conversation, rules)
    texts = _question(request, arena)
    await check_guest(session, conversation.account_id, rules.settings, now, asks=True)
    turns = (
        await session.scalars(
            select(TurnRow).where(TurnRow.conversation_id == conversation.id).order_by(TurnRow.id)
        )
    ).all()
    if len(turns) >= arena.max_turns:
        raise Conflict(
            "conversation_full", f"A conversation has at most {arena.max_turns} turns; begin a new one."
        )
    await _check_idle(session, turns)
    parent = _parent(request, turns)
    place = Place(conversation.id, conversation.arena_id, arena.slug, now)
    battle, sides = await _battle_for(session, conversation, place, turns, parent, request)
    turn = TurnRow(
        id=new_id(),
        conversation_id=conversation.id,
        parent_id=parent.id if parent else None,
        battle_id=battle.id,
        account_id=conversation.account_id,
        created_at=now,
    )
    session.add(turn)
    await session.flush()
    parts = [
        TurnPartRow(turn_id=turn.id, index=index, kind="text", text=text) for index, text in enumerate(texts)
    ]
    session.add_all(parts)
    characters = sum(map(len, texts))
    if turns:
        characters += await characters_so_far(session, conversation.id)
    responses = await _queue(session, turn, sides, characters, rules.settings, now)
    if not conversation.title:
        conversation.title = title_of(" ".join(texts))
    conversation.updated_at = now
    await session.flush()
    return TurnAnswer(
        id=turn.id,
        battle_id=battle.id,
        commitments=blind.commitments_view(battle),
        turn=blind.turn_view(turn, parts, [(response, None, []) for response in responses]),
        battle=blind.battle_view(battle, None, {one.configuration_id: one for one in sides.values()}, {}),
    )


async def retry(
    session: AsyncSession, account_id: UUID | None, turn_id: UUID, rules: Rules, now: datetime
) -> Turn:
    """Queue a new attempt for each side of a turn that failed or was stopped, of the same configuration.

    Raises `Conflict` when there is none, when the battle was voted on, or the conversation has gone on since.
    """
    turn = await own_turn(session, account_id, turn_id)
    await own_conversation(session, account_id, turn.conversation_id, lock=True)
    later = await session.scalar(
        select(TurnRow.id)
        .where(TurnRow.conversation_id == turn.conversation_id, TurnRow.id > turn.id)
        .limit(1)
    )
    battle = await lock_battle(session, turn.battle_id)
    responses = await session.scalars(
        select(ResponseRow).where(
            ResponseRow.turn_id == turn.id,
            ResponseRow.battle_id == battle.id,
            ResponseRow.status.in_(["failed", "stopped"]),
        )
    )
    again = responses.all()
    if not again or later is not None or battle.status not in ("failed", "ready"):
        raise Conflict(
            "nothing_to_retry",
            "Nothing of this turn can be tried again: nothing failed or was stopped, it was voted on, "
            "or the conversation has gone on.",
        )
    if max(response.attempts for response in again) >= MOST_ATTEMPTS:
        raise Conflict(
            "too_many_attempts",
            f"This question was tried {MOST_ATTEMPTS} times; ask it anew, so that another pair is drawn.",
        )
    await check_guest(session, turn.account_id, rules.settings, now, asks=False)
    await check_budget(session, sum((one.reserved_usd for one in again), Decimal(0)), rules.settings, now)
    for response in again:
        response.status, response.error, response.queued_at = "queued", None, now
    battle.status = "running"
    await session.flush()
    return (await turn_views(session, [turn]))[0]


def _arena(conversation: ConversationRow, rules: Rules) -> Arena:
    for slug, arena_id in rules.arena_ids.items():
        if arena_id == conversation.arena_id and slug in rules.arenas:
            return rules.arenas[slug]
    raise NotFound("unknown_arena", "This conversation's arena is not open any more.")


def _question(request: TurnRequest, arena: Arena) -> list[str]:
    texts = [text for part in request.parts if (text := clean(part.text)).strip()]
    if not texts:
        raise Invalid("empty_prompt", "The question is empty; write something first.")
    length = sum(map(len, texts))
    if length > arena.max_prompt_characters:
        raise Invalid(
            "prompt_too_long",
            f"The question has {length:,} characters; this arena takes {arena.max_prompt_characters:,}.",
            extra={"limit": arena.max_prompt_characters},
        )
    return texts


async def _check_idle(session: AsyncSession, turns: Sequence[TurnRow]) -> None:
    if not turns:
        return
    running = await session.scalar(
        select(ResponseRow.id)
        .where(ResponseRow.turn_id.in_([turn.id for turn in turns]), ResponseRow.status.in_(IN_FLIGHT))
        .limit(1)
    )
    if running is not None:
        raise Conflict(
            "already_running", "The last question is still being answered; wait for it, or stop it."
        )


def _parent(request: TurnRequest, turns: Sequence[TurnRow]) -> TurnRow | None:
    if "parent_id" not in request.model_fields_set:
        return turns[-1] if turns else None
    if request.parent_id is None:
        return None
    for turn in turns:
        if turn.id == request.parent_id:
            return turn
    raise NotFound("not_found", "There is no such turn in this conversation.")


async def _battle_for(
    session: AsyncSession,
    conversation: ConversationRow,
    place: Place,
    turns: Sequence[TurnRow],
    parent: TurnRow | None,
    request: TurnRequest,
) -> tuple[BattleRow, Mapping[Side, Identity]]:
    """The battle that a new turn belongs to, and who is in it: the newest if it can go on, else a new one."""
    newest = await lock_battle(session, turns[-1].battle_id) if turns else None
    if newest is not None:
        goes_on = parent is turns[-1] and not request.new_pair
        named = conversation.mode != "battle"
        if goes_on and (newest.status == "ready" or (named and newest.status == "failed")):
            newest.status = "running"
            return newest, await sides_of(session, newest)
        if newest.status == "ready":
            newest.status = "skipped"
            newest.ended_at = place.now
        if newest.status == "failed" and newest.carried_side is None:
            await _carry_after_failure(session, newest, turns[-1])
        await session.flush()
    if conversation.mode == "battle":
        return await drawn_battle(session, place, request.client_nonce)
    lineup = {one.contestant.id: one for one in await competitors(session, place.arena_id)}
    if not all(contestant in lineup for contestant in conversation.contestants):
        raise Unavailable(
            "unknown_contestant", "A contestant of this conversation has left the arena; begin a new one."
        )
    return await named_battle(
        session, place, conversation.mode, [lineup[one] for one in conversation.contestants]
    )


async def _carry_after_failure(session: AsyncSession, battle: BattleRow, turn: TurnRow) -> None:
    """After a failure the one healthy answer goes on; with two or none of them, the draw says which side."""
    sides = (
        await session.scalars(
            select(ResponseRow.side).where(
                ResponseRow.turn_id == turn.id,
                ResponseRow.battle_id == battle.id,
                ResponseRow.status == "done",
            )
        )
    ).all()
    if len(sides) == 1:
        battle.carried_side, battle.carried_by = sides[0], "only_answer"
    elif battle.draw_id is not None:
        battle.carried_side = (await session.get_one(DrawRow, battle.draw_id)).tie_side
        battle.carried_by = "draw"


async def _queue(
    session: AsyncSession,
    turn: TurnRow,
    sides: Mapping[Side, Identity],
    characters: int,
    settings: Settings,
    now: datetime,
) -> list[ResponseRow]:
    """A queued response for each side, with the most that it can cost set aside."""
    responses = [
        ResponseRow(
            id=new_id(),
            turn_id=turn.id,
            battle_id=turn.battle_id,
            side=side,
            configuration_id=identity.configuration_id,
            status="queued",
            attempts=0,
            reserved_usd=reservation(identity.configuration, characters),
            queued_at=now,
        )
        for side, identity in sides.items()
    ]
    await check_budget(session, sum((one.reserved_usd for one in responses), Decimal(0)), settings, now)
    session.add_all(responses)
    await session.flush()
    return responses
