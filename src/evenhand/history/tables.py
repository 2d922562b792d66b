"""Rows of folders, and of what conversations are found by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class FolderRow(Row):
    """A folder that somebody made for conversations."""

    __tablename__ = "folder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    created_at: Mapped[datetime]


class SearchDocumentRow(Row):
    """The words of a turn, under its id, or of a renamed conversation's title, under the conversation's."""

    __tablename__ = "search_document"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    words: Mapped[str] = mapped_column(TSVECTOR)
