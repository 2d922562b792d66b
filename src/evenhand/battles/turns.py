"""Turns: asking, and asking again what failed or was stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Arena
from evenhand.arenas.tables import ArenaRow
from evenhand.battles import blind
from evenhand.battles.conversations import own_conversation, own_turn, title_of
from evenhand.battles.limits import check_budget, check_guest, check_pause, reservation
from evenhand.battles.pairs import Place, drawn_battle, named_battle
from evenhand.battles.responses import lock_battle
from evenhand.battles.schemas import Turn, TurnAnswer, TurnRequest
from evenhand.battles.states import IN_FLIGHT, Side
from evenhand.battles.tables import BattleRow, ConversationRow, ResponseRow, TurnPartRow, TurnRow
from evenhand.battles.views import battle_views, turn_views
from evenhand.contestants.service import competitors, identities
from evenhand.core.errors import Conflict, Invalid, NotFound, Unavailable
from evenhand.core.ids import new_id
from evenhand.core.settings import Settings
from evenhand.core.text import clean


@dataclass(frozen=True)
class Rules:
    """What asking depends on beside the database."""

    arenas: Mapping[str, Arena]
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
    arena = await _arena(session, conversation, rules)
    texts = _question(request, arena)
    await check_pause(session)
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
    battle = await _battle_for(session, conversation, place, turns, parent, request)
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
    session.add_all(
        TurnPartRow(turn_id=turn.id, index=index, kind="text", text=text) for index, text in enumerate(texts)
    )
    await session.flush()
    await _queue(session, turn, battle, sum(map(len, texts)), rules.settings, now)
    if not conversation.title:
        conversation.title = title_of(" ".join(texts))
    conversation.updated_at = now
    await session.flush()
    return TurnAnswer(
        id=turn.id,
        battle_id=battle.id,
        commitments=blind.commitments_view(battle),
        turn=(await turn_views(session, [turn]))[0],
        battle=(await battle_views(session, [battle]))[0],
    )


async def retry(
    session: AsyncSession, account_id: UUID | None, turn_id: UUID, rules: Rules, now: datetime
) -> Turn:
    """Queue a new attempt for each side of a turn that failed or was stopped, of the same configuration.

    Raises `Conflict` when there is none, or when the battle has been voted on.
    """
    turn = await own_turn(session, account_id, turn_id)
    await own_conversation(session, account_id, turn.conversation_id, lock=True)
    battle = await lock_battle(session, turn.battle_id)
    responses = await session.scalars(
        select(ResponseRow).where(
            ResponseRow.turn_id == turn.id,
            ResponseRow.battle_id == battle.id,
            ResponseRow.status.in_(["failed", "stopped"]),
        )
    )
    again = responses.all()
    if not again or battle.status not in ("failed", "ready"):
        raise Conflict("nothing_to_retry", "Nothing of this turn failed or was stopped, or it was voted on.")
    await check_pause(session)
    await check_guest(session, turn.account_id, rules.settings, now, asks=False)
    await check_budget(session, sum((one.reserved_usd for one in again), Decimal(0)), rules.settings, now)
    for response in again:
        response.status, response.error, response.queued_at = "queued", None, now
    battle.status = "running"
    await session.flush()
    return (await turn_views(session, [turn]))[0]


async def _arena(session: AsyncSession, conversation: ConversationRow, rules: Rules) -> Arena:
    slug = (await session.get_one(ArenaRow, conversation.arena_id)).slug
    arena = rules.arenas.get(slug)
    if arena is None:
        raise NotFound("unknown_arena", f"The arena {slug} is not open any more.")
    return arena


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
) -> BattleRow:
    """The battle that a new turn belongs to: the newest one where it can go on, else a new pair."""
    newest = await lock_battle(session, turns[-1].battle_id) if turns else None
    if newest is not None:
        goes_on = parent is turns[-1] and not request.new_pair
        named = conversation.mode != "battle"
        if goes_on and (newest.status == "ready" or (named and newest.status == "failed")):
            newest.status = "running"
            return newest
        if newest.status == "ready":
            newest.status = "skipped"
            newest.ended_at = place.now
        if newest.status == "failed" and newest.carried_side is None:
            await _carry_only_answer(session, newest, turns[-1])
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


async def _carry_only_answer(session: AsyncSession, battle: BattleRow, turn: TurnRow) -> None:
    """After a failure the one healthy answer goes on, where there is exactly one."""
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


async def _queue(
    session: AsyncSession,
    turn: TurnRow,
    battle: BattleRow,
    characters: int,
    settings: Settings,
    now: datetime,
) -> None:
    sides: dict[Side, UUID] = {"a": battle.configuration_a}
    if battle.configuration_b is not None:
        sides["b"] = battle.configuration_b
    known = await identities(session, sides.values())
    reserved = {side: reservation(known[one].configuration, characters) for side, one in sides.items()}
    await check_budget(session, sum(reserved.values(), Decimal(0)), settings, now)
    session.add_all(
        ResponseRow(
            id=new_id(),
            turn_id=turn.id,
            battle_id=battle.id,
            side=side,
            configuration_id=configuration_id,
            status="queued",
            attempts=0,
            reserved_usd=reserved[side],
            queued_at=now,
        )
        for side, configuration_id in sides.items()
    )
    await session.flush()
