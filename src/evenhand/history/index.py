"""The index that searches read, written soon after what it tells of.

The database notes what has ended, was renamed or went to another account, in the transaction that did it.
What is noted is taken and written in one transaction: a process that stops meanwhile leaves the note for
another. One writes at a time, so that nothing older comes after what is newer. What was noted last is written
first: it does not wait behind all that was there before there was an index.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import structlog
from psycopg import OperationalError as DriverOperationalError
from sqlalchemy import BigInteger, Boolean, Integer, bindparam, column, delete, select, table, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from evenhand.battles.tables import ConversationRow, TurnRow
from evenhand.history.tables import SearchDocumentRow
from evenhand.history.texts import texts_of
from evenhand.history.words import entries, words
from evenhand.storage.engine import Database
from evenhand.storage.together import Prepared

_log = structlog.get_logger()

PAUSE = 1.0
"""Seconds between two looks for what is to be written."""
MOST = 50
"""What one transaction writes at most."""
REST = 0.1
"""Seconds between two of such transactions, for others who want the processor."""

_alone = text("SELECT pg_advisory_xact_lock(x'66696e64'::int)")
_to_index = table("to_index", column("number", BigInteger), column("aside", Boolean))
_noted = Prepared(
    select(_to_index.c.number)
    .where(~_to_index.c.aside)
    .order_by(_to_index.c.number.desc())
    .limit(bindparam("most", type_=Integer))
)
_take = text("DELETE FROM to_index WHERE number = ANY(:numbers) RETURNING turn_id, conversation_id")
_put_aside = text(
    "UPDATE to_index SET aside = true WHERE number = :number RETURNING turn_id, conversation_id"
)
_owned_turns = select(TurnRow.id, TurnRow.conversation_id, ConversationRow.account_id).join(
    ConversationRow, ConversationRow.id == TurnRow.conversation_id
)
_titles = select(
    ConversationRow.id, ConversationRow.account_id, ConversationRow.renamed, ConversationRow.title
)
# Of a conversation that was deleted meanwhile nothing is written.
_write = text("""
INSERT INTO search_document (id, conversation_id, words)
SELECT :id, id, array_to_tsvector(:words) FROM conversation
WHERE id = :conversation_id AND account_id IS NOT NULL FOR KEY SHARE
ON CONFLICT (id) DO UPDATE SET words = excluded.words""").bindparams(bindparam("words", type_=ARRAY(Text)))

_AWAY = (OperationalError, InterfaceError, PoolTimeoutError, DriverOperationalError, OSError)

Document = tuple[UUID, UUID, UUID, Sequence[str]]
"""What is to be found: its id, its conversation, the account, its texts."""


class Indexer:
    """Writes the index, whichever process it runs in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self) -> None:
        """Write all that is noted, a batch in a transaction of its own.

        What cannot be written is put aside, and its id logged. Raises what says that the database is away.
        """
        while numbers := await self._numbers():
            try:
                await self._write(numbers)
            except Exception as error:
                if _is_away(error):
                    raise
                await self._write_singly(numbers)
            if len(numbers) < MOST:
                break
            await asyncio.sleep(REST)

    async def _numbers(self) -> Sequence[int]:
        return [number for (number,) in await self._database.look(_noted(most=MOST))]

    async def _write_singly(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            try:
                await self._write([number])
            except Exception as error:
                if _is_away(error):
                    raise
                await self._put_aside(number, error)

    async def _put_aside(self, number: int, error: Exception) -> None:
        async with self._database.unit_of_work() as work:
            aside = (await work.session.execute(_put_aside, {"number": number})).all()
        for turn_id, conversation_id in aside:
            # Its text may be in what the error says.
            _log.error(
                "not_indexed",
                turn=turn_id and str(turn_id),
                conversation=conversation_id and str(conversation_id),
                reason=type(getattr(error, "orig", None) or error).__name__,
            )

    async def _write(self, numbers: Sequence[int]) -> None:
        async with self._database.unit_of_work() as work:
            await work.session.execute(_alone)
            noted = (await work.session.execute(_take, {"numbers": list(numbers)})).all()
            turns = {turn_id for turn_id, _ in noted if turn_id is not None}
            titles = {conversation_id for _, conversation_id in noted if conversation_id is not None}
            documents = [*await _of_turns(work.session, turns), *await _of_titles(work.session, titles)]
            # Of long texts this takes a while, in which others shall have their turn.
            found = await asyncio.to_thread(_words_of, documents)
            for identity, conversation_id, *_ in documents:
                values = {"id": identity, "conversation_id": conversation_id, "words": found[identity]}
                await work.session.execute(_write, values)


def _is_away(error: Exception) -> bool:
    """Whether it says that the database is away, full or busy, and not that something cannot be written."""
    # Class 54: more than PostgreSQL takes, of which psycopg makes an operational error, too.
    too_large = (getattr(getattr(error, "orig", None) or error, "sqlstate", None) or "").startswith("54")
    return isinstance(error, _AWAY) and not too_large


async def _of_turns(session: AsyncSession, turn_ids: Iterable[UUID]) -> list[Document]:
    """Turns that have come to rest; the others are noted again when they do."""
    ids = list(turn_ids)
    if not ids:
        return []
    owned = (await session.execute(_owned_turns.where(TurnRow.id.in_(ids)))).all()
    texts = await texts_of(session, ids)
    return [
        (turn_id, conversation_id, account_id, [*texts[turn_id].questions, *texts[turn_id].answers])
        for turn_id, conversation_id, account_id in owned
        if account_id is not None and turn_id in texts and not texts[turn_id].running
    ]


async def _of_titles(session: AsyncSession, conversation_ids: Iterable[UUID]) -> list[Document]:
    """Titles that are their owner's own; the others are found as the question that they are made from."""
    ids = list(conversation_ids)
    if not ids:
        return []
    rows = (await session.execute(_titles.where(ConversationRow.id.in_(ids)))).all()
    made = [identity for identity, _, renamed, _ in rows if not renamed]
    if made:
        await session.execute(delete(SearchDocumentRow).where(SearchDocumentRow.id.in_(made)))
    return [
        (identity, identity, account, [title])
        for identity, account, renamed, title in rows
        if renamed and account is not None
    ]


def _words_of(documents: Sequence[Document]) -> Mapping[UUID, list[str]]:
    return {identity: entries(account, words(texts)) for identity, _, account, texts in documents}
