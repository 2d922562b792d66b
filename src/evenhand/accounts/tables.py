"""Rows of people: accounts, what they are known by, their sessions, and what they asked for once."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from evenhand.storage.engine import Row

Kind = Literal["guest", "voter"]
IdentityKind = Literal["email", "passkey", "oidc"]


class AccountRow(Row):
    """Someone who asks and votes: a guest or, once they have signed in, a voter.

    A guest's account whose person has another one already was merged into that: what was asked belongs to it
    then, and the votes, which never change, are its own too. One that was deleted (`erased_at`) is a number
    for the votes that it cast, and nothing more.
    """

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind]
    created_at: Mapped[datetime]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    erased_at: Mapped[datetime | None]


class IdentityRow(Row):
    """What an account is known by.

    Of kind `email`, `subject` is the address in its usual form; of kind `passkey` its id, in hexadecimal; of
    kind `oidc`, who somebody is to `issuer`, and `label` the name by which they know that account of theirs.
    """

    __tablename__ = "identity"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[IdentityKind]
    issuer: Mapped[str | None]
    subject: Mapped[str]
    label: Mapped[str | None]
    created_at: Mapped[datetime]


class SessionRow(Row):
    """A browser that is known, by the SHA-256 of its token. `seen_at` is the hour in which it last came.

    `left_at` is the hour in which it last came before the present visit.
    """

    __tablename__ = "session"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    seen_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    browser: Mapped[str | None]
    system: Mapped[str | None]


class LinkRow(Row):
    """A link that was sent, by the SHA-256 of its token, and where one goes on after it."""

    __tablename__ = "sign_in_link"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    email: Mapped[str]
    requester: Mapped[bytes]
    asked_here: Mapped[bytes]
    next: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FlowRow(Row):
    """A sign-in with a provider that is under way, by the SHA-256 of its state, and where one goes on."""

    __tablename__ = "sign_in_flow"

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    provider: Mapped[str]
    asked_here: Mapped[bytes]
    requester: Mapped[bytes]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    next: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class FailureRow(Row):
    """A try with a token that no link has, or with a passkey that proved nothing."""

    __tablename__ = "sign_in_failure"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    requester: Mapped[bytes]
    failed_at: Mapped[datetime]


class IdempotencyRow(Row):
    """A request that was carried out once, by the key that its sender gave it, and what it was answered."""

    __tablename__ = "idempotency"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[bytes]
    answer: Mapped[str | None]
    created_at: Mapped[datetime]
