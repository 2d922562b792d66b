"""Tables of consent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class TermsRow(Row):
    """What a version of the terms says, for good."""

    __tablename__ = "terms"

    version: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    since: Mapped[datetime]


class AgreementRow(Row):
    """Who agreed to a version of the terms, by asking under it."""

    __tablename__ = "agreement"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    version: Mapped[str] = mapped_column(ForeignKey("terms.version"), primary_key=True)
    agreed_at: Mapped[datetime]


class ReleaseChoiceRow(Row):
    """Whether somebody wants everything of theirs left out of releases."""

    __tablename__ = "release_choice"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    left_out: Mapped[bool]
    chosen_at: Mapped[datetime]


class StatisticsOptOutRow(Row):
    """Who is in no figure of how often people come back."""

    __tablename__ = "statistics_opt_out"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    since: Mapped[datetime]
