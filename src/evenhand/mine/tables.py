"""Rows of what voters guessed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class GuessRow(Row):
    """Whom a voter took the sides of a battle for; None where they did not say. `among` so many names."""

    __tablename__ = "guess"

    vote_id: Mapped[UUID] = mapped_column(ForeignKey("vote.id"), primary_key=True)
    contestant_a: Mapped[UUID | None] = mapped_column(ForeignKey("contestant.id"))
    contestant_b: Mapped[UUID | None] = mapped_column(ForeignKey("contestant.id"))
    among: Mapped[int]
    guessed_at: Mapped[datetime]
