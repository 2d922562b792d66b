"""One's history, newest first: what fits filters and has what is looked for, a page at a time."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Text, cast, func, literal, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import TSQUERY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.arenas import Mode
from evenhand.arenas.tables import ArenaRow
from evenhand.battles.tables import BattleRow, ConversationRow, VoteRow
from evenhand.core.text import clean
from evenhand.history.cursor import read_cursor, write_cursor
from evenhand.history.schemas import History, HistoryItem, Hit
from evenhand.history.snippets import pattern, snippet
from evenhand.history.tables import SearchDocumentRow
from evenhand.history.texts import TurnTexts, texts_of
from evenhand.history.words import Term, terms, tsquery

_voted = (
    select(VoteRow.id)
    .join(BattleRow, BattleRow.id == VoteRow.battle_id)
    .where(BattleRow.conversation_id == ConversationRow.id, VoteRow.role == "author")
    .exists()
)


@dataclass(frozen=True)
class Wanted:
    """What a page of the history is asked for; None: whichever. Times are of the last question."""

    query: str = ""
    arena: str | None = None
    mode: Mode | None = None
    voted: bool | None = None
    pinned: bool | None = None
    archived: bool | None = None
    folder: UUID | Literal["none"] | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    limit: int = 30


async def history(session: AsyncSession, account_id: UUID | None, wanted: Wanted) -> History:
    """A page of somebody's conversations in which something was asked.

    What is looked for is found in the title, the questions and the answers, all of its terms somewhere in the
    conversation. Raises `Invalid` for a cursor that is none.
    """
    looked_for = terms(clean(wanted.query))
    if account_id is None or (wanted.query.strip() and not looked_for):
        return History(items=[], next=None)
    found = [_documents(account_id, one, number) for number, one in enumerate(looked_for)]
    page = (
        select(
            ConversationRow.id,
            ConversationRow.title,
            ArenaRow.slug.label("arena"),
            ConversationRow.mode,
            ConversationRow.pinned,
            ConversationRow.archived,
            ConversationRow.folder_id,
            ConversationRow.left_out,
            func.coalesce(ConversationRow.topics_said, ConversationRow.topics).label("topics"),
            ConversationRow.created_at,
            ConversationRow.updated_at,
            _voted.label("voted"),
        )
        .join(ArenaRow, ArenaRow.id == ConversationRow.arena_id)
        .where(
            ConversationRow.account_id == account_id,
            ConversationRow.title != "",
            *_filters(wanted),
            *(ConversationRow.id.in_(select(one.c.conversation_id)) for one in found),
        )
        .order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
        .limit(wanted.limit + 1)
    )
    statement = page
    if found:
        listed = page.cte("listed").prefix_with("MATERIALIZED", dialect="postgresql")
        best = _best(listed, found)
        statement = (
            select(listed, best.c.id.label("document"))
            .join(best, best.c.conversation_id == listed.c.id)
            .order_by(listed.c.updated_at.desc(), listed.c.id.desc())
        )
    rows = (await session.execute(statement)).all()
    shown = rows[: wanted.limit]
    hits = {}
    if found:
        hits = await _hits(session, {row.id: (row.document, row.title) for row in shown}, looked_for)
    last = shown[-1] if len(rows) > wanted.limit else None
    return History(
        items=[
            HistoryItem(
                id=row.id,
                title=row.title,
                arena=row.arena,
                mode=row.mode,
                voted=row.voted,
                pinned=row.pinned,
                archived=row.archived,
                folder_id=row.folder_id,
                left_out=row.left_out,
                topics=row.topics,
                created_at=row.created_at,
                updated_at=row.updated_at,
                hit=hits.get(row.id),
            )
            for row in shown
        ],
        next=write_cursor(last.updated_at, last.id) if last is not None else None,
    )


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = ConversationRow
    filters: list[ColumnElement[bool]] = []
    if wanted.arena is not None:
        filters.append(ArenaRow.slug == clean(wanted.arena))
    if wanted.mode is not None:
        filters.append(row.mode == wanted.mode)
    if wanted.voted is not None:
        filters.append(_voted if wanted.voted else ~_voted)
    if wanted.pinned is not None:
        filters.append(row.pinned.is_(wanted.pinned))
    if wanted.archived is not None:
        filters.append(row.archived.is_(wanted.archived))
    if wanted.folder == "none":
        filters.append(row.folder_id.is_(None))
    elif wanted.folder is not None:
        filters.append(row.folder_id == wanted.folder)
    if wanted.since is not None:
        filters.append(row.updated_at >= wanted.since)
    if wanted.until is not None:
        filters.append(row.updated_at < wanted.until)
    if wanted.cursor is not None:
        filters.append(tuple_(row.updated_at, row.id) < read_cursor(wanted.cursor))
    return filters


def _documents(account_id: UUID, term: Term, number: int) -> CTE:
    """What has a term: ids of documents and of their conversations, from the index alone."""
    asked = cast(literal(tsquery(account_id, term), Text), TSQUERY)
    return (
        select(SearchDocumentRow.id, SearchDocumentRow.conversation_id)
        .where(SearchDocumentRow.words.op("@@")(asked))
        .cte(f"has_{number}")
        # Once for all conversations: looked up for each, every document's words would be unpacked.
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )


def _best(listed: CTE, found: Sequence[CTE]) -> CTE:
    """Of each listed conversation the document that has most of the terms, of equals the newest."""
    every = union_all(*(select(one.c.id, one.c.conversation_id) for one in found)).subquery()
    return (
        select(every.c.conversation_id, every.c.id)
        .join(listed, listed.c.id == every.c.conversation_id)
        .group_by(every.c.conversation_id, every.c.id)
        .ext(distinct_on(every.c.conversation_id))
        .order_by(every.c.conversation_id, func.count().desc(), every.c.id.desc())
        .cte("best")
    )


async def _hits(
    session: AsyncSession, documents: dict[UUID, tuple[UUID, str]], looked_for: Sequence[Term]
) -> dict[UUID, Hit]:
    """Where each conversation has it, by conversation; `documents` are each one's document and title."""
    turns = [document for conversation, (document, _) in documents.items() if document != conversation]
    texts = await texts_of(session, turns)
    # Of long texts this takes a while, in which others shall have their turn.
    return await asyncio.to_thread(_cut, documents, texts, pattern(looked_for))


def _cut(
    documents: Mapping[UUID, tuple[UUID, str]], texts: Mapping[UUID, TurnTexts], found: re.Pattern[str]
) -> dict[UUID, Hit]:
    hits: dict[UUID, Hit] = {}
    for conversation, (document, title) in documents.items():
        if document == conversation:
            if pieces := snippet(title, found):
                hits[conversation] = Hit(found_in="title", turn_id=None, snippet=pieces)
            continue
        said = texts.get(document)
        if said is None:  # deleted this moment
            continue
        places: list[tuple[Literal["question", "answer"], str]] = [
            *(("question", one) for one in said.questions),
            *(("answer", one) for one in said.answers),
        ]
        for found_in, text in places:
            if pieces := snippet(text, found):
                hits[conversation] = Hit(found_in=found_in, turn_id=document, snippet=pieces)
                break
    return hits
