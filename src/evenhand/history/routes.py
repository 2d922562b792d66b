"""HTTP of one's history: finding conversations, ordering them, folders."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, status
from pydantic import BeforeValidator

from evenhand.accounts.dependencies import Account, Guest
from evenhand.accounts.idempotency import OnceOf
from evenhand.arenas import Mode
from evenhand.core.routers import api_router
from evenhand.history import arranging
from evenhand.history.listing import Wanted, history
from evenhand.history.schemas import ConversationChange, Folder, FolderList, FolderRequest, History
from evenhand.storage.dependencies import Now, Work

router = api_router("history")


def _no_number(value: object) -> object:
    """Pydantic would take a number for seconds since 1970, which nobody was told of."""
    if isinstance(value, str) and re.fullmatch(r"\s*[-+]?[\d._]+(e[-+]?\d+)?\s*", value, re.IGNORECASE):
        raise ValueError("must be a date and a time, such as 2026-11-30T12:00:00Z")
    return value


Moment = Annotated[datetime, BeforeValidator(_no_number)]


@router.get("/conversations")
async def list_conversations(
    work: Work,
    account: Account,
    query: Annotated[str, Query(max_length=200)] = "",
    arena: Annotated[str | None, Query(max_length=100)] = None,
    mode: Mode | None = None,
    voted: bool | None = None,
    pinned: bool | None = None,
    archived: bool | None = None,
    folder: UUID | Literal["none"] | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
    cursor: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> History:
    """One's own history, newest first. A filter that is left out lets everything through.

    `query` is looked for in titles, questions and answers. `since` and `until` are times of the last
    question, `cursor` is the `next` of the page before.
    """
    wanted = Wanted(
        query, arena, mode, voted, pinned, archived, folder, _utc(since), _utc(until), cursor, limit
    )
    return await history(work.session, account, wanted)


def _utc(moment: datetime | None) -> datetime | None:
    """A time without a zone is one of UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


@router.patch("/conversations/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT)
async def change_conversation(
    conversation_id: UUID, change: ConversationChange, work: Work, account: Account
) -> None:
    """Rename, pin, archive, move to a folder, keep the place, leave out of releases.

    What is not named stays as it is.
    """
    await arranging.change_conversation(work.session, account, conversation_id, change)


@router.get("/folders")
async def list_folders(work: Work, account: Account) -> FolderList:
    """One's own folders, by name."""
    return await arranging.folders(work.session, account)


@router.post("/folders", status_code=status.HTTP_201_CREATED)
async def create_folder(request: FolderRequest, work: Work, account: Guest, once: OnceOf, now: Now) -> Folder:
    """Make a folder."""
    return await once(Folder, lambda: arranging.create_folder(work.session, account, request, now))


@router.patch("/folders/{folder_id}")
async def rename_folder(folder_id: UUID, request: FolderRequest, work: Work, account: Account) -> Folder:
    """Give a folder another name."""
    return await arranging.rename_folder(work.session, account, folder_id, request)


@router.delete("/folders/{folder_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_folder(folder_id: UUID, work: Work, account: Account) -> None:
    """Delete a folder; the conversations in it stay."""
    await arranging.delete_folder(work.session, account, folder_id)
