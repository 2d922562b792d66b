"""Rows of passkeys, and of what they are to sign."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row

Purpose = Literal["sign_in", "make"]


class PasskeyRow(Row):
    """What is known of a passkey; the identity of the same id says whose it is.

    `used_at` is the hour of its last use. Once `refused_at` is there it opens nothing any more.
    """

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(ForeignKey("identity.id"), primary_key=True)
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    user_handle: Mapped[bytes]
    aaguid: Mapped[UUID]
    browser: Mapped[str | None]
    system: Mapped[str | None]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]


class ChallengeRow(Row):
    """What a passkey is to sign, in which browser and what for; making one, for which account and handle."""

    __tablename__ = "passkey_challenge"

    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    browser_hash: Mapped[bytes]
    purpose: Mapped[Purpose]
    account_id: Mapped[UUID | None]
    user_handle: Mapped[bytes | None]
    requester: Mapped[bytes]
    expires_at: Mapped[datetime]
