"""Rows of those who compete."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class ContestantRow(Row):
    """A model (later also an agent) under the name it is known by.

    `at_once` and `per_minute` are how many calls its endpoint takes; null: as many as come.
    """

    __tablename__ = "contestant"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    organization: Mapped[str | None]
    license: Mapped[str | None]
    demo: Mapped[bool]
    at_once: Mapped[int | None]
    per_minute: Mapped[int | None]
    created_at: Mapped[datetime]


class ConfigurationRow(Row):
    """An immutable configuration of a contestant; `document` is its canonical content."""

    __tablename__ = "configuration"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contestant_id: Mapped[UUID] = mapped_column(ForeignKey("contestant.id"))
    digest: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]


class LineupRow(Row):
    """The configuration that answers for a contestant in an arena now, and its weight in the draw."""

    __tablename__ = "lineup"

    arena_id: Mapped[UUID] = mapped_column(ForeignKey("arena.id"), primary_key=True)
    contestant_id: Mapped[UUID] = mapped_column(ForeignKey("contestant.id"), primary_key=True)
    configuration_id: Mapped[UUID] = mapped_column(ForeignKey("configuration.id"))
    weight: Mapped[int]


class OutageRow(Row):
    """A time in which a configuration is not drawn, for its calls failed; `ended_at` null: it lasts."""

    __tablename__ = "outage"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    configuration_id: Mapped[UUID] = mapped_column(ForeignKey("configuration.id"))
    error: Mapped[str]
    began_at: Mapped[datetime]
    probe_at: Mapped[datetime]
    probes: Mapped[int]
    ended_at: Mapped[datetime | None]
