"""Conversations: beginning one, finding it again, reading it whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.arenas import Arena, Mode
from evenhand.arenas.tables import ArenaRow
from evenhand.battles.schemas import (
    Conversation,
    ConversationList,
    ConversationRequest,
    ConversationSummary,
    NamedContestant,
)
from evenhand.battles.tables import BattleRow, ConversationRow, TurnPartRow, TurnRow
from evenhand.battles.views import battle_views, turn_views
from evenhand.contestants.service import competitors
from evenhand.contestants.tables import ContestantRow
from evenhand.core.errors import Invalid, NotFound
from evenhand.core.ids import new_id
from evenhand.core.text import clean
from evenhand.storage.together import AnyQuery, Prepared, at_commit, together
from evenhand.storage.writing import writing

TITLE_CHARACTERS = 80

_own = select(ConversationRow).where(
    ConversationRow.id == bindparam("id"), ConversationRow.account_id == bindparam("account")
)
# The row is locked before its account: what locks rows is planned apart from the statement around it.
_locked = _own.with_for_update(key_share=True).cte("locked")
_own_locked = Prepared(
    select(
        aliased(ConversationRow, _locked),
        func.pg_advisory_xact_lock(func.hashtextextended(cast(_locked.c.account_id, Text), 0)),
    )
)
_own_unlocked = Prepared(_own)

_CHOSEN: Mapping[Mode, int] = {"battle": 0, "side_by_side": 2, "direct": 1}


async def create_conversation(
    session: AsyncSession,
    account_id: UUID,
    request: ConversationRequest,
    arenas: Mapping[str, Arena],
    arena_ids: Mapping[str, UUID],
    now: datetime,
) -> Conversation:
    """Begin a conversation. Raises `Invalid` for an unknown arena, mode or contestant."""
    arena = arenas.get(request.arena)
    if arena is None:
        raise Invalid("unknown_arena", f"There is no arena {clean(request.arena)[:60]!r} here.")
    if request.mode not in get_args(Mode) or request.mode not in arena.modes:
        raise Invalid("unknown_mode", f"This arena has these modes: {', '.join(arena.modes)}.")
    mode: Mode = request.mode
    arena_id = arena_ids[arena.slug]
    row = ConversationRow(
        id=new_id(),
        account_id=account_id,
        arena_id=arena_id,
        mode=mode,
        contestants=await _chosen(session, arena_id, mode, request.contestants),
        title="",
        terms_version=clean(request.terms_version),
        created_at=now,
        updated_at=now,
    )
    at_commit(session, writing([row]))
    return await conversation_view(session, row, arena.slug)


async def _chosen(session: AsyncSession, arena_id: UUID, mode: Mode, slugs: Sequence[str]) -> list[UUID]:
    """The contestants that the user names, checked against the mode and the arena's lineup."""
    wanted = _CHOSEN[mode]
    if len(slugs) != wanted or len(set(slugs)) != wanted:
        what = ("names no contestants", "needs one contestant", "needs two different contestants")[wanted]
        raise Invalid("unknown_contestant", f"The mode {mode} {what}.")
    if not slugs:
        return []
    lineup = {one.contestant.slug: one.contestant.id for one in await competitors(session, arena_id)}
    for slug in slugs:
        if slug not in lineup:
            raise Invalid(
                "unknown_contestant", f"There is no contestant {clean(slug)[:60]!r} in this arena now."
            )
    return [lineup[slug] for slug in slugs]


async def own_conversation(
    session: AsyncSession,
    account_id: UUID | None,
    conversation_id: UUID,
    *also: AnyQuery,
    lock: bool = False,
) -> ConversationRow:
    """One of a person's conversations. Raises `NotFound` for none, and for somebody else's alike.

    With `lock` nobody else asks in it, nor does this person elsewhere, before the transaction ends. `also` is
    read after it in the same round trip.
    """
    own: AnyQuery = (_own_locked if lock else _own_unlocked)(id=conversation_id, account=account_id)
    await together(session, own, *also)
    row = own.first()
    if row is None:
        raise NotFound("not_found", "There is no such conversation among yours.")
    conversation: ConversationRow = row[0]
    return conversation


async def own_turn(session: AsyncSession, account_id: UUID | None, turn_id: UUID) -> TurnRow:
    """One of a person's turns. Raises `NotFound` for none, and for somebody else's alike."""
    row = await session.scalar(
        select(TurnRow)
        .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
        .where(TurnRow.id == turn_id, ConversationRow.account_id == account_id)
    )
    if row is None:
        raise NotFound("not_found", "There is no such turn among yours.")
    return row


async def conversation_view(
    session: AsyncSession, row: ConversationRow, arena: str | None = None
) -> Conversation:
    """A conversation, whole; `arena` is the slug of its arena, where it is known."""
    turns: Sequence[TurnRow] = []
    battles: Sequence[BattleRow] = []
    if row.title:  # something was asked
        turns = (
            await session.scalars(
                select(TurnRow).where(TurnRow.conversation_id == row.id).order_by(TurnRow.id)
            )
        ).all()
        battles = (
            await session.scalars(
                select(BattleRow).where(BattleRow.conversation_id == row.id).order_by(BattleRow.id)
            )
        ).all()
    by_id: dict[UUID, ContestantRow] = {}
    if row.contestants:
        named = await session.scalars(select(ContestantRow).where(ContestantRow.id.in_(row.contestants)))
        by_id = {contestant.id: contestant for contestant in named}
    return Conversation(
        id=row.id,
        title=row.title,
        arena=arena or (await session.get_one(ArenaRow, row.arena_id)).slug,
        mode=row.mode,
        created_at=row.created_at,
        updated_at=row.updated_at,
        terms_version=row.terms_version,
        contestants=[
            NamedContestant(
                slug=by_id[identity].slug,
                name=by_id[identity].name,
                organization=by_id[identity].organization,
            )
            for identity in row.contestants
        ],
        turns=await turn_views(session, turns),
        battles=await battle_views(session, battles),
    )


async def history(
    session: AsyncSession, account_id: UUID | None, query: str, before: UUID | None, limit: int
) -> ConversationList:
    """A person's conversations that were begun, newest first; `query` is looked for in what they asked."""
    statement = (
        select(ConversationRow, ArenaRow.slug)
        .join(ArenaRow, ArenaRow.id == ConversationRow.arena_id)
        .where(ConversationRow.account_id == account_id, ConversationRow.title != "")
        .order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
        .limit(limit + 1)
    )
    if query:
        asked = (
            select(TurnRow.conversation_id)
            .join(TurnPartRow, TurnPartRow.turn_id == TurnRow.id)
            .where(
                TurnRow.conversation_id == ConversationRow.id,
                func.strpos(func.lower(TurnPartRow.text), clean(query).lower()) > 0,
            )
        )
        statement = statement.where(asked.exists())
    if before is not None:
        last = await own_conversation(session, account_id, before)
        statement = statement.where(
            tuple_(ConversationRow.updated_at, ConversationRow.id) < (last.updated_at, last.id)
        )
    rows = (await session.execute(statement)).all()
    items = [
        ConversationSummary(
            id=row.id,
            title=row.title,
            arena=slug,
            mode=row.mode,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )
        for row, slug in rows[:limit]
    ]
    return ConversationList(items=items, more=len(rows) > limit)


def title_of(question: str) -> str:
    """What a conversation is called: the beginning of its first question, never anything of an answer."""
    line = " ".join(question.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1].rstrip() + "…"
