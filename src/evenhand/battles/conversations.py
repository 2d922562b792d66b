"""Conversations: beginning one, reading it whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from evenhand.arenas import Arena, Mode
from evenhand.arenas.tables import ArenaRow
from evenhand.battles.schemas import (
    Conversation,
    ConversationRequest,
    NamedContestant,
    Place,
)
from evenhand.battles.tables import BattleRow, ConversationRow, TurnRow
from evenhand.battles.views import battle_views, turn_views
from evenhand.consent.topics import Topic
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


def _account_lock(account: ColumnElement[str]) -> ColumnElement[None]:
    return func.pg_advisory_xact_lock(func.hashtextextended(account, 0))


# The row is locked before its account: what locks rows is planned apart from the statement around it.
_locked = _own.with_for_update(key_share=True).cte("locked")
_own_locked = Prepared(
    select(aliased(ConversationRow, _locked), _account_lock(cast(_locked.c.account_id, Text)))
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
        renamed=False,
        pinned=False,
        archived=False,
        terms_version=clean(request.terms_version),
        left_out=False,
        topics=[],
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


async def lock_account(session: AsyncSession, account_id: UUID | None) -> None:
    """Nobody else asks or orders for this person before the transaction ends."""
    await session.execute(select(_account_lock(literal(str(account_id)))))


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
    named, retired = await _named(session, row)
    place = None
    if row.place_end_id is not None and row.place_turn_id is not None and row.place_share is not None:
        place = Place(end_id=row.place_end_id, turn_id=row.place_turn_id, share=row.place_share)
    seen = await battle_views(session, battles)
    return Conversation(
        id=row.id,
        title=row.title,
        arena=arena or (await session.get_one(ArenaRow, row.arena_id)).slug,
        mode=row.mode,
        voted=any(battle.vote is not None and battle.final_at is None for battle in seen),
        pinned=row.pinned,
        archived=row.archived,
        folder_id=row.folder_id,
        left_out=row.left_out,
        topics=topics_of_row(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        terms_version=row.terms_version,
        contestants=named,
        retired=retired,
        place=place,
        turns=await turn_views(session, turns),
        battles=seen,
    )


async def _named(
    session: AsyncSession, row: ConversationRow
) -> tuple[list[NamedContestant], list[NamedContestant]]:
    """Whom the user chose by name, and who of them has left the arena since."""
    if not row.contestants:
        return [], []
    chosen = await session.scalars(select(ContestantRow).where(ContestantRow.id.in_(row.contestants)))
    by_id = {
        one.id: NamedContestant(slug=one.slug, name=one.name, organization=one.organization) for one in chosen
    }
    present = {one.contestant.id for one in await competitors(session, row.arena_id)}
    return (
        [by_id[one] for one in row.contestants],
        [by_id[one] for one in row.contestants if one not in present],
    )


def topics_of_row(row: ConversationRow) -> list[Topic]:
    """What a conversation is about, as far as that keeps it out of releases."""
    return row.topics if row.topics_said is None else row.topics_said


def title_of(question: str) -> str:
    """What a conversation is called: the beginning of its first question, never anything of an answer."""
    line = " ".join(question.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1].rstrip() + "…"
