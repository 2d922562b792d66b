"""Rows of boards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
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


class CellRow(Row):
    """How many votes of a choice on a pair count in an arena, and how many do not; written by the database.

    `revision` is the number of the count that changed it last.
    """

    __tablename__ = "board_cell"

    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"), primary_key=True)
    configuration_a: Mapped[UUID] = mapped_column(ForeignKey("configuration.id"), primary_key=True)
    configuration_b: Mapped[UUID] = mapped_column(ForeignKey("configuration.id"), primary_key=True)
    choice: Mapped[str] = mapped_column(primary_key=True)
    votes: Mapped[int] = mapped_column(BigInteger)
    excluded: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(BigInteger)


class PlaceRow(Row):
    """Where a contestant stood on an arena's board when a UTC day began: the bounds of its rank."""

    __tablename__ = "board_place"

    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    contestant_id: Mapped[UUID] = mapped_column(ForeignKey("contestant.id"), primary_key=True)
    rank_best: Mapped[int]
    rank_worst: Mapped[int]
    votes: Mapped[int] = mapped_column(BigInteger)
