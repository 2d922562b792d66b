"""Rows of people: accounts, their sessions, and what they asked for once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row


class AccountRow(Row):
    """Someone who asks and votes; for now always a guest."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    created_at: Mapped[datetime]


class SessionRow(Row):
    """A browser that is known, by the SHA-256 of its token."""

    __tablename__ = "session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class IdempotencyRow(Row):
    """A request that was carried out once, by the key that its sender gave it, and what it was answered."""

    __tablename__ = "idempotency"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    answer: Mapped[str | None]
    created_at: Mapped[datetime]
