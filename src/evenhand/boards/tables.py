"""Rows of boards."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class ImportedBoardRow(Row):
    """Votes of another arena, as sums per pair and outcome, and where they come from."""

    __tablename__ = "imported_board"

    slug: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    source_name: Mapped[str]
    source_url: Mapped[str | None]
    source_note: Mapped[str | None]
    as_of: Mapped[datetime | None]
    sums: Mapped[list[Any]] = mapped_column(JSONB)
    imported_at: Mapped[datetime]
