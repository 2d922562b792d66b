"""Rows of links, and of the pictures that were drawn for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.sharing.schemas import Language, Shape
from evenhand.storage.engine import Row


class ShareRow(Row):
    """A link to turns of a conversation, of one battle where `battle_id` is given.

    `left_out` counts the questions that could not be shown when it was made.
    """

    __tablename__ = "share"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token: Mapped[str]
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    battle_id: Mapped[UUID | None] = mapped_column(ForeignKey("battle.id"))
    turn_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    left_out: Mapped[int]
    names: Mapped[bool]
    language: Mapped[Language] = mapped_column(Text)
    created_at: Mapped[datetime]


class PictureRow(Row):
    """A picture of a link's first battle; `drawn_from` is the SHA-256 of what it shows."""

    __tablename__ = "share_picture"

    share_id: Mapped[UUID] = mapped_column(ForeignKey("share.id"), primary_key=True)
    shape: Mapped[Shape] = mapped_column(Text, primary_key=True)
    drawn_from: Mapped[bytes]
    png: Mapped[bytes]
