"""One's own links: making them, seeing and revoking them; and finding what a link leads to."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas.tables import ArenaRow
from evenhand.battles.conversations import own_conversation, title_of
from evenhand.battles.tables import BattleRow, ConversationRow, TurnPartRow, TurnRow
from evenhand.core.errors import Conflict, NotFound
from evenhand.core.ids import new_id
from evenhand.sharing.schemas import Share, SharedConversation, ShareList, ShareRequest
from evenhand.sharing.shown import Shown, of_turns, showable, turns_of, view
from evenhand.sharing.tables import ShareRow

MOST_SHARES = 500
"""How many links somebody may have."""

_TOKEN = re.compile("[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


async def make(
    session: AsyncSession, account_id: UUID | None, request: ShareRequest, address: str, now: datetime
) -> Share:
    """A link to what can be shown now; the one that there is, where it would be the same.

    Raises `NotFound` for what is not one's own, `Conflict` where nothing can be shown yet.
    """
    conversation_id, branch = await _branch(session, account_id, request, lock=True)
    found = await _showable(session, branch)
    row = ShareRow(
        id=new_id(),
        token=new_token(),
        conversation_id=conversation_id,
        battle_id=request.battle_id,
        turn_ids=[turn.id for turn, _ in found],
        left_out=len(branch) - len(found),
        names=request.names,
        language=request.language,
        created_at=now,
    )
    known = await session.scalar(
        select(ShareRow).where(
            ShareRow.conversation_id == row.conversation_id,
            ShareRow.battle_id.is_not_distinct_from(row.battle_id),
            ShareRow.turn_ids == row.turn_ids,
            ShareRow.left_out == row.left_out,
            ShareRow.names == row.names,
            ShareRow.language == row.language,
        )
    )
    if known is None:
        await _check_room(session, account_id)
        session.add(row)
        await session.flush()
    return _own(known or row, [part.text for part in found[0][0].parts], address)


async def _branch(
    session: AsyncSession, account_id: UUID | None, request: ShareRequest, *, lock: bool = False
) -> tuple[UUID, list[TurnRow]]:
    """The conversation's id, and the turns that are asked for, first to last.

    With `lock` the same is not asked for twice at once.
    """
    conversation_id = request.conversation_id
    if request.battle_id is not None:
        conversation_id = await _conversation_of(session, account_id, request.battle_id)
    assert conversation_id is not None, "the request names one of the two"
    await own_conversation(session, account_id, conversation_id, lock=lock)
    turns = (
        await session.scalars(
            select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id)
        )
    ).all()
    if request.battle_id is not None:
        return conversation_id, _of_battle(turns, request.battle_id)
    return conversation_id, _to(turns, request.end_id)


async def _conversation_of(session: AsyncSession, account_id: UUID | None, battle_id: UUID) -> UUID:
    found = await session.scalar(
        select(ConversationRow.id)
        .join(BattleRow, BattleRow.conversation_id == ConversationRow.id)
        .where(BattleRow.id == battle_id, ConversationRow.account_id == account_id)
    )
    if found is None:
        raise NotFound("not_found", "There is no such battle among yours.")
    return found


async def _showable(session: AsyncSession, branch: Sequence[TurnRow]) -> list[Shown]:
    found = await showable(session, branch)
    if not found:
        raise Conflict("nothing_to_share", "Others see a battle only after its vote is final; vote first.")
    return found


def _to(turns: Sequence[TurnRow], end_id: UUID | None) -> list[TurnRow]:
    """The branch that ends with a turn, first to last. Raises `NotFound` for a turn that is not there."""
    known = {turn.id: turn for turn in turns}
    if end_id is not None and end_id not in known:
        raise NotFound("not_found", "There is no such turn in this conversation.")
    branch: list[TurnRow] = []
    turn = known[end_id] if end_id is not None else turns[-1] if turns else None
    while turn is not None:
        branch.insert(0, turn)
        turn = None if turn.parent_id is None else known[turn.parent_id]
    return branch


def _of_battle(turns: Sequence[TurnRow], battle_id: UUID) -> list[TurnRow]:
    """A battle's turns on the branch of the newest of them; none, where another took its place."""
    ends = [turn for turn in turns if turn.battle_id == battle_id]
    return [turn for turn in _to(turns, ends[-1].id) if turn.battle_id == battle_id] if ends else []


async def _check_room(session: AsyncSession, account_id: UUID | None) -> None:
    have = await session.scalar(
        select(func.count(ShareRow.id))
        .join(ConversationRow, ConversationRow.id == ShareRow.conversation_id)
        .where(ConversationRow.account_id == account_id)
    )
    if (have or 0) >= MOST_SHARES:
        raise Conflict(
            "too_many_shares",
            f"You have {MOST_SHARES} links; revoke one first.",
            extra={"limit": MOST_SHARES},
        )


async def own_shares(
    session: AsyncSession,
    account_id: UUID | None,
    address: str,
    conversation_id: UUID | None = None,
    battle_id: UUID | None = None,
) -> ShareList:
    """One's own links, newest first; to one conversation, or one battle alone, where that is named."""
    wanted = (
        select(ShareRow)
        .join(ConversationRow, ConversationRow.id == ShareRow.conversation_id)
        .where(ConversationRow.account_id == account_id)
        .order_by(ShareRow.id.desc())
    )
    if conversation_id is not None:
        wanted = wanted.where(ShareRow.conversation_id == conversation_id)
    if battle_id is not None:
        wanted = wanted.where(ShareRow.battle_id == battle_id)
    rows = (await session.scalars(wanted)).all()
    asked: dict[UUID, list[str]] = {}
    parts = await session.execute(
        select(TurnPartRow.turn_id, TurnPartRow.text)
        .where(TurnPartRow.turn_id.in_({row.turn_ids[0] for row in rows}))
        .order_by(TurnPartRow.turn_id, TurnPartRow.index)
    )
    for turn_id, text in parts:
        asked.setdefault(turn_id, []).append(text)
    return ShareList(items=[_own(row, asked.get(row.turn_ids[0], []), address) for row in rows])


def _own(row: ShareRow, question: Sequence[str], address: str) -> Share:
    return Share(
        token=row.token,
        url=f"{address}/s/{row.token}",
        title=title_of(" ".join(question)),
        conversation_id=row.conversation_id,
        battle_id=row.battle_id,
        names=row.names,
        turns=len(row.turn_ids),
        left_out=row.left_out,
        created_at=row.created_at,
    )


async def revoke(session: AsyncSession, account_id: UUID | None, token: str) -> None:
    """Take back one's own link, and its pictures with it: nothing is left that it leads to.

    Raises `NotFound` for none, and for somebody else's alike.
    """
    own = select(ConversationRow.id).where(ConversationRow.account_id == account_id)
    deleted = await session.execute(
        delete(ShareRow)
        .where(ShareRow.token == token if _TOKEN.fullmatch(token) else false())
        .where(ShareRow.conversation_id.in_(own))
        .returning(ShareRow.id)
    )
    if deleted.first() is None:
        raise NotFound("not_found", "There is no such link among yours.")


async def open_share(session: AsyncSession, token: str) -> tuple[ShareRow, SharedConversation] | None:
    """A link, and what it shows; None for a token that there is not, or not any more."""
    if not _TOKEN.fullmatch(token):
        return None
    row = await session.scalar(select(ShareRow).where(ShareRow.token == token))
    if row is None:
        return None
    found = await turns_of(session, row)
    if not found:
        return None
    return row, view(row, await _arena(session, row.conversation_id), found)


async def _arena(session: AsyncSession, conversation_id: UUID) -> str:
    slug = select(ArenaRow.slug).join(ConversationRow, ConversationRow.arena_id == ArenaRow.id)
    return (await session.execute(slug.where(ConversationRow.id == conversation_id))).scalar_one()


async def own_result(
    session: AsyncSession, account_id: UUID | None, request: ShareRequest, now: datetime
) -> SharedConversation:
    """A battle of one's own as others would be shown it, without a link.

    Raises what `make` does.
    """
    conversation_id, branch = await _branch(session, account_id, request)
    return of_turns(
        await _showable(session, branch),
        arena=await _arena(session, conversation_id),
        one_battle=True,
        left_out=0,
        shared_on=now.date(),
        language=request.language,
        names=request.names,
    )
