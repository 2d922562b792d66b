"""Rows of arenas: an id for what the arena's file describes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class ArenaRow(Row):
    """An arena, known to other rows by its id."""

    __tablename__ = "arena"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
