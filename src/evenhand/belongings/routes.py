"""HTTP of taking along what one has here, and of deleting it."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

import structlog
from fastapi import Depends, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from evenhand.accounts.belongings import Belongings, File, Form
from evenhand.accounts.dependencies import Account, CookiesOf
from evenhand.accounts.erasing import erase_account
from evenhand.accounts.letters import Language
from evenhand.battles.conversations import conversation_view, own_conversation
from evenhand.battles.erasing import delete_chat, delete_chats
from evenhand.belongings.archive import zipped
from evenhand.belongings.chats import as_file
from evenhand.belongings.holdings import holdings
from evenhand.belongings.schemas import Holdings
from evenhand.core.errors import NotFound
from evenhand.core.routers import api_router
from evenhand.core.settings import Settings
from evenhand.storage.dependencies import DatabaseOf, Now, Work
from evenhand.storage.engine import Database

_log = structlog.get_logger()

router = api_router("belongings")

_MEDIA = {"json": "application/json", "markdown": "text/markdown; charset=utf-8"}


async def _belongings(request: Request) -> Belongings:
    belongings: Belongings = request.app.state.belongings
    return belongings


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _form(
    kind: Annotated[Literal["json", "markdown"], Query(alias="format")] = "json", language: Language = "en"
) -> Form:
    return Form(kind, language)


BelongingsOf = Annotated[Belongings, Depends(_belongings)]
FormOf = Annotated[Form, Depends(_form)]


def _no_chat() -> NotFound:
    return NotFound("not_found", "There is no such conversation among yours.")


def _saved_as(name: str) -> dict[str, str]:
    """The header that makes a browser save what comes, under a name in any script."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}


@router.get(
    "/conversations/{conversation_id}/export",
    response_class=Response,
    responses={
        200: {
            "content": {"application/json": {}, "text/markdown": {}},
            "description": "The conversation, to be saved",
        }
    },
)
async def export_conversation(conversation_id: UUID, work: Work, account: Account, form: FormOf) -> Response:
    """One of one's own conversations as a file; `language` is that of the words between in Markdown."""
    row = await own_conversation(work.session, account, conversation_id)
    file = as_file(await conversation_view(work.session, row), form)
    return Response(file.content, headers=_saved_as(file.path), media_type=_MEDIA[form.kind])


@router.get(
    "/export",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "An archive, to be saved"}},
)
async def export_everything(
    database: DatabaseOf, work: Work, account: Account, belongings: BelongingsOf, form: FormOf, now: Now
) -> Response:
    """All that one has here, as a zip archive that is written while it is sent."""
    if account is None:
        raise NotFound("not_found", "There is nothing of yours here yet.")
    files = _files(database, account, belongings, form)
    name = f"evenhand-{now:%Y-%m-%d}.zip"
    return StreamingResponse(zipped(files, now), headers=_saved_as(name), media_type="application/zip")


async def _files(
    database: Database, account_id: UUID, belongings: Belongings, form: Form
) -> AsyncIterator[File]:
    for export in belongings.exports:
        async for file in export(database, account_id, form):
            yield file


@router.get("/holdings")
async def get_holdings(
    work: Work, account: Account, settings: Annotated[Settings, Depends(_settings)]
) -> Holdings:
    """What one has here, in numbers, and when it would be gone after a deletion."""
    return await holdings(work.session, account, settings.backup_days)


@router.delete("/conversations/{conversation_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_conversation(
    conversation_id: UUID, work: Work, account: Account, belongings: BelongingsOf, now: Now
) -> None:
    """Delete one of one's own conversations, for good; votes stay as numbers."""
    erases = belongings.erases_of_chats
    if account is None or not await delete_chat(work.session, account, conversation_id, erases, now):
        raise _no_chat()


@router.delete("/conversations", status_code=status.HTTP_204_NO_CONTENT)
async def delete_conversations(work: Work, account: Account, belongings: BelongingsOf, now: Now) -> None:
    """Delete all of one's conversations, for good, those in the archive too; votes stay as numbers."""
    if account is not None:
        await delete_chats(work.session, account, belongings.erases_of_chats, now)


@router.delete("/me", status_code=status.HTTP_204_NO_CONTENT)
async def delete_account(
    response: Response, work: Work, account: Account, cookies: CookiesOf, belongings: BelongingsOf, now: Now
) -> None:
    """Delete all that is here of whoever asks, for good: what is left here is a stranger."""
    if account is not None:
        await erase_account(work.session, account, belongings.erases, now)
        await delete_chats(work.session, account, belongings.erases_of_chats, now)
        for erase in belongings.erases_after_chats:
            await erase(work.session, account)
        work.after_commit(partial(_log.info, "account_deleted"))
    cookies.take_session(response)
