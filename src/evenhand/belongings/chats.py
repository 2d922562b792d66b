"""Conversations as files: one, or all of somebody's, a few at a time."""

import re
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from evenhand.accounts.belongings import File, Form
from evenhand.battles.conversations import conversation_view
from evenhand.battles.schemas import Conversation
from evenhand.battles.tables import ConversationRow
from evenhand.belongings.markdown import as_markdown
from evenhand.storage.engine import Database

AT_ONCE = 20
"""Conversations that are read in one transaction, and held in memory."""
NAME_CHARACTERS = 60


class ExportedConversation(Conversation):
    """A conversation, as `GET /conversations/{conversation_id}` has it, in a file."""

    format: Literal["evenhand-conversation-1"] = "evenhand-conversation-1"


async def export_chats(database: Database, account_id: UUID, form: Form) -> AsyncIterator[File]:
    """Every conversation of an account in which something was asked, in the order in which they began."""
    last = UUID(int=0)
    while True:
        # Each few in a transaction of their own: whoever takes them may be slow.
        async with database.unit_of_work() as work:
            rows = await work.session.scalars(
                select(ConversationRow)
                .where(
                    ConversationRow.account_id == account_id,
                    ConversationRow.title != "",
                    ConversationRow.id > last,
                )
                .order_by(ConversationRow.id)
                .limit(AT_ONCE)
            )
            few = [await conversation_view(work.session, row) for row in rows.all()]
        for one in few:
            file = as_file(one, form)
            yield file._replace(path=f"conversations/{file.path}")
        if len(few) < AT_ONCE:
            return
        last = few[-1].id


def as_file(conversation: Conversation, form: Form) -> File:
    """A conversation as a file, named so that it is found again and no two are called the same."""
    name = f"{_day(conversation.created_at)} {_named(conversation.title)} {conversation.id.hex[-12:]}"
    if form.kind == "markdown":
        return File(f"{name}.md", as_markdown(conversation, form.language).encode())
    exported = ExportedConversation(**dict(conversation))
    return File(f"{name}.json", exported.model_dump_json(indent=2).encode())


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _named(title: str) -> str:
    """What of a title every file system takes: letters and figures of any script, and blanks between."""
    return " ".join(re.findall(r"\w+", title))[:NAME_CHARACTERS].strip() or "…"
