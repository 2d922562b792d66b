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
from evenhand.battles.beginning import Begun, begin
from evenhand.battles.calling import HasRoom, with_room
from evenhand.battles.context import load_path
from evenhand.battles.conversations import own_conversation, own_turn, title_of
from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.limits import Budget, characters_so_far, check_budget, check_guest, standing
from evenhand.battles.next_battle import all_compete, next_battle
from evenhand.battles.pairs import Place, candidates, sides_of
from evenhand.battles.presets import instructions, used
from evenhand.battles.quota import check_quota, count, reading
from evenhand.battles.responses import lock_battle
from evenhand.battles.schemas import Turn, TurnAnswer, TurnRequest
from evenhand.battles.states import Side
from evenhand.battles.tables import (
    ConversationRow,
    ResponseRow,
    TurnPartRow,
    TurnRow,
    in_flight,
)
from evenhand.battles.views import turn_views
from evenhand.battles.votes import held_vote
from evenhand.consent.agreements import agree
from evenhand.consent.topics import topics_of
from evenhand.contestants.service import Identity, identities
from evenhand.core.errors import Conflict, Invalid, NotFound
from evenhand.core.ids import new_id
from evenhand.core.settings import Settings
from evenhand.core.text import clean
from evenhand.storage.together import AnyQuery, at_commit, together
from evenhand.storage.writing import Change, writing

MOST_ATTEMPTS = 3
"""How often one side may be called for one question: a retry is no way around the limit of questions."""


@dataclass(frozen=True)
class Rules:
    """What asking depends on beside the database."""

    arenas: Mapping[str, Arena]
    arena_ids: Mapping[str, UUID]
    settings: Settings
    has_room: HasRoom
    terms: str
    """The version of the terms that holds."""


@dataclass(frozen=True)
class Asked:
    """A question that was put; `events` are what readers are told of the battle before."""

    answer: TurnAnswer
    begun: Begun
    events: Sequence[BattleStreamEvent]


async def ask(
    session: AsyncSession,
    account_id: UUID | None,
    conversation_id: UUID,
    request: TurnRequest,
    rules: Rules,
    now: datetime,
) -> Asked:
    """Put a question to the conversation's pair, or to a new one, and begin the answers.

    Raises a `Problem` for everything that speaks against it; then nothing is written.
    """
    stands = standing(account_id, rules.settings, rules.terms, now)
    drawable = candidates(conversation_id)
    quota = reading(account_id, conversation_id, rules.settings, now)
    also: list[AnyQuery] = [stands, drawable, *([quota] if quota else [])]
    conversation = await own_conversation(session, account_id, conversation_id, *also, lock=True)
    arena = _arena(conversation, rules)
    texts = _question(request, arena)
    check_guest(stands, rules.settings, now, asks=True)
    *_, agreed = stands.one()
    if not agreed:
        assert account_id is not None, "the conversation is somebody's"
        agree(session, account_id, clean(request.terms_version), now, rules.terms)
    turns: Sequence[TurnRow] = []
    if conversation.title:  # something was asked
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
    preset = used(request.preset)
    sent = [*texts, instructions(preset)]
    characters = sum(map(len, sent))
    if turns:
        characters += await characters_so_far(session, conversation.id)
    budget = Budget(characters, rules.settings, now)
    pair, events, carried = await next_battle(
        session, conversation, place, drawable, turns, parent, request, sent, rules.has_room, budget
    )
    battle = pair.battle
    turn = TurnRow(
        id=new_id(),
        conversation_id=conversation.id,
        parent_id=parent.id if parent else None,
        battle_id=battle.id,
        account_id=conversation.account_id,
        preset=preset,
        created_at=now,
        terms_version=rules.terms,
    )
    parts = [
        TurnPartRow(turn_id=turn.id, index=index, kind="text", text=text) for index, text in enumerate(texts)
    ]
    responses = _queued(turn, pair.sides, budget)
    known = {one.configuration_id: one for one in pair.sides.values()}
    path = await load_path(session, turn, texts)
    if quota is not None:
        counted = count(quota, pair.sides, path, battle, arena.sampling, rules.settings)
        check_quota(quota, counted, rules.settings, now)
        turn.price_class, turn.sent_tokens, turn.reserved_tokens = counted
    begun = begin(turn, battle, responses, known, path, paced=arena.pacing, now=now)
    goes_on = {
        "title": conversation.title or title_of(" ".join(texts)),
        "updated_at": now,
        "topics": sorted({*conversation.topics, *topics_of(texts)}),
        # Whoever asks is at the end.
        "place_end_id": None,
        "place_turn_id": None,
        "place_share": None,
    }
    if conversation.mode != "battle":  # somebody may have taken another's place
        goes_on["contestants"] = [one.contestant.id for one in pair.sides.values()]
    new = [*pair.new, turn, *parts, *responses, *begun.attempts]
    at_commit(session, writing(new, [Change(ConversationRow, conversation.id, goes_on)]))
    answer = TurnAnswer(
        id=turn.id,
        battle_id=battle.id,
        commitments=blind.commitments_view(battle),
        turn=blind.turn_view(turn, parts, [(response, None, []) for response in responses]),
        battle=blind.battle_view(battle, None, known, {}),
        carried=carried,
    )
    return Asked(answer, begun, events)


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
    held = await held_vote(session, battle)
    if not again or later is not None or held is not None or battle.status not in ("failed", "ready"):
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
    stands = standing(turn.account_id, rules.settings, rules.terms, now)
    await together(session, stands)
    check_guest(stands, rules.settings, now, asks=False)
    known = await identities(session, {response.configuration_id for response in again})
    # Of both sides, or a refusal would tell before the vote which of them has left.
    if not await all_compete(session, battle.arena_id, (await sides_of(session, battle)).values()):
        raise Conflict(
            "contestant_retired",
            "A contestant of this battle has left the arena; ask anew, so that another one is drawn.",
        )
    with_room(known.values(), rules.has_room, len(known))
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
        select(ResponseRow.id).where(ResponseRow.turn_id.in_([turn.id for turn in turns]), in_flight).limit(1)
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


def _queued(turn: TurnRow, sides: Mapping[Side, Identity], budget: Budget) -> list[ResponseRow]:
    """A queued response for each side, with the most that it can cost set aside."""
    return [
        ResponseRow(
            id=new_id(),
            turn_id=turn.id,
            battle_id=turn.battle_id,
            side=side,
            configuration_id=identity.configuration_id,
            status="queued",
            attempts=0,
            reserved_usd=budget.most(identity),
            queued_at=budget.now,
        )
        for side, identity in sides.items()
    ]
