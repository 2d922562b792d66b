"""Rows of what people set on the page."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class PreferencesRow(Row):
    """What somebody chose; null is what they did not. `preset` is one of `battles/presets.py`, whole."""

    __tablename__ = "preferences"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    theme: Mapped[str | None]
    language: Mapped[str | None]
    single_keys: Mapped[bool | None]
    guess_first: Mapped[bool | None]
    since_you_left: Mapped[bool | None]
    rail: Mapped[bool | None]
    linked_scroll: Mapped[bool | None]
    preset: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
