"""Rows of one's own prompts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class SavedPromptRow(Row):
    """A prompt that somebody keeps; `used_at` is when it was last put into a question, or saved."""

    __tablename__ = "saved_prompt"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
