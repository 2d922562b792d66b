"""How one orders one's conversations: names, pins, the archive, folders, and the place where one left."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.battles.conversations import lock_account, own_conversation, title_of
from evenhand.battles.tables import ConversationRow, TurnPartRow, TurnRow
from evenhand.core.errors import Conflict, Invalid, NotFound
from evenhand.core.ids import new_id
from evenhand.core.text import clean
from evenhand.history.schemas import ConversationChange, Folder, FolderList, FolderRequest
from evenhand.history.tables import FolderRow
from evenhand.storage.engine import Database
from evenhand.storage.together import at_commit, together
from evenhand.storage.writing import Change, writing

MOST_FOLDERS = 200
"""How many folders somebody may have."""


async def change_conversation(
    session: AsyncSession, account_id: UUID | None, conversation_id: UUID, change: ConversationChange
) -> None:
    """Change what is said of one's own conversation; its place in the history stays.

    Raises `Conflict` before something was asked in it, `NotFound` for a folder or a turn that is not there.
    """
    row = await own_conversation(session, account_id, conversation_id)
    if not row.title:
        raise Conflict("nothing_asked", "Nothing was asked in this conversation yet; ask something first.")
    given = change.model_fields_set
    values: dict[str, object] = {}
    if "title" in given:
        values["renamed"] = change.title is not None
        values["title"] = (
            await _made_title(session, row.id) if change.title is None else _name(change.title, "title")
        )
    if "pinned" in given:
        values["pinned"] = change.pinned
    if "archived" in given:
        values["archived"] = change.archived
    if "left_out" in given:
        values["left_out"] = change.left_out
    if "topics" in given:
        values["topics_said"] = None if change.topics is None else sorted(set(change.topics))
    if "folder_id" in given:
        if change.folder_id is not None:
            await _own_folder(session, account_id, change.folder_id)
        values["folder_id"] = change.folder_id
    if "place" in given:
        place = change.place
        if place is not None:
            await _check_turns(session, row, {place.end_id, place.turn_id})
        values["place_end_id"] = place and place.end_id
        values["place_turn_id"] = place and place.turn_id
        values["place_share"] = place and place.share
    await together(session, writing([], [Change(ConversationRow, row.id, values)]))


async def _made_title(session: AsyncSession, conversation_id: UUID) -> str:
    first = select(TurnRow.id).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.id).limit(1)
    texts = await session.scalars(
        select(TurnPartRow.text)
        .where(TurnPartRow.turn_id == first.scalar_subquery())
        .order_by(TurnPartRow.index)
    )
    return title_of(" ".join(texts))


def _name(text: str, field: str) -> str:
    """A name in one line. Raises `Invalid` where nothing is left of it."""
    line = " ".join(clean(text).split())
    if not line:
        raise Invalid("invalid_request", f"The {field} is empty; write something.", extra={"field": field})
    return line


async def _check_turns(session: AsyncSession, row: ConversationRow, turn_ids: set[UUID]) -> None:
    known = await session.scalars(
        select(TurnRow.id).where(TurnRow.id.in_(turn_ids), TurnRow.conversation_id == row.id)
    )
    if set(known) != turn_ids:
        raise NotFound("not_found", "There is no such turn in this conversation.")


async def _own_folder(session: AsyncSession, account_id: UUID | None, folder_id: UUID) -> FolderRow:
    """One of a person's folders. Raises `NotFound` for none, and for somebody else's alike.

    It is there until the transaction ends.
    """
    row = await session.scalar(
        select(FolderRow)
        .where(FolderRow.id == folder_id, FolderRow.account_id == account_id)
        .with_for_update(read=True, key_share=True)
    )
    if row is None:
        raise _no_folder()
    return row


def _no_folder() -> NotFound:
    return NotFound("not_found", "There is no such folder among yours.")


async def folders(session: AsyncSession, account_id: UUID | None) -> FolderList:
    """Somebody's folders, by name."""
    rows = await session.execute(
        select(FolderRow, func.count(ConversationRow.id))
        .outerjoin(ConversationRow, (ConversationRow.folder_id == FolderRow.id) & ~ConversationRow.archived)
        .where(FolderRow.account_id == account_id)
        .group_by(FolderRow.id)
        .order_by(func.lower(FolderRow.name), FolderRow.id)
    )
    return FolderList(items=[_view(row, conversations) for row, conversations in rows])


async def create_folder(
    session: AsyncSession, account_id: UUID, request: FolderRequest, now: datetime
) -> Folder:
    """A new, empty folder. Raises `Conflict` for a name that is taken, and where there are too many."""
    await lock_account(session, account_id)  # or of several at once each would find the name free
    known = await folders(session, account_id)
    if len(known.items) >= MOST_FOLDERS:
        raise Conflict(
            "too_many_folders",
            f"You have {MOST_FOLDERS} folders; delete one first.",
            extra={"limit": MOST_FOLDERS},
        )
    name = _name(request.name, "name")
    _check_free(known, name, None)
    row = FolderRow(id=new_id(), account_id=account_id, name=name, created_at=now)
    at_commit(session, writing([row]))
    return _view(row, 0)


async def rename_folder(
    session: AsyncSession, account_id: UUID | None, folder_id: UUID, request: FolderRequest
) -> Folder:
    """Give one's own folder another name. Raises `Conflict` for one that is taken."""
    # The row before the account, as in asking: one who deletes it waits for conversations, too.
    row = await _own_folder(session, account_id, folder_id)
    await lock_account(session, account_id)
    name = _name(request.name, "name")
    known = await folders(session, account_id)
    _check_free(known, name, folder_id)
    row.name = name
    return _view(row, next(one.conversations for one in known.items if one.id == folder_id))


async def delete_folder(session: AsyncSession, account_id: UUID | None, folder_id: UUID) -> None:
    """Delete one's own folder; the conversations in it stay, without a folder."""
    own = (FolderRow.id == folder_id, FolderRow.account_id == account_id)
    deleted = await session.execute(delete(FolderRow).where(*own).returning(FolderRow.id))
    if deleted.first() is None:
        raise _no_folder()


def _check_free(known: FolderList, name: str, own: UUID | None) -> None:
    if any(one.name.casefold() == name.casefold() and one.id != own for one in known.items):
        raise Conflict("folder_exists", "You have a folder of this name already; choose another name.")


def _view(row: FolderRow, conversations: int) -> Folder:
    return Folder(id=row.id, name=row.name, created_at=row.created_at, conversations=conversations)


async def move_folders(session: AsyncSession, guest: UUID, voter: UUID) -> None:
    """Give a guest's folders to a voter, who may then have two of one name."""
    await session.execute(
        update(FolderRow)
        .where(FolderRow.account_id == guest)
        .values(account_id=voter)
        .execution_options(synchronize_session=False)
    )


async def erase_folders(session: AsyncSession, account_id: UUID) -> None:
    """Delete an account's folders."""
    await session.execute(delete(FolderRow).where(FolderRow.account_id == account_id))


async def export_folders(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """An account's folders, by name."""
    async with database.unit_of_work() as work:
        found = await folders(work.session, account_id)
    yield json_file("folders", found)
