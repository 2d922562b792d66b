"""What an export says of the account itself."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select

from evenhand.accounts.belongings import File, Form, json_file
from evenhand.accounts.passkeys.authenticators import authenticator_of
from evenhand.accounts.passkeys.keys import all_of, known_by
from evenhand.accounts.tables import AccountRow, IdentityRow, Kind, SessionRow
from evenhand.storage.engine import Database


class ExportedIdentity(BaseModel):
    """What the account is known by: of kind `email`, an address; of `oidc`, who one is to a provider."""

    kind: str
    subject: str
    issuer: str | None
    label: str | None
    created_at: datetime


class ExportedSession(BaseModel):
    """A browser that is known; `seen_at` is the hour in which it last came."""

    created_at: datetime
    seen_at: datetime | None
    expires_at: datetime
    browser: str | None
    system: str | None


class ExportedPasskey(BaseModel):
    """A passkey, which `identities` have by the same `subject`: who keeps it, or where it was made.

    `used_at` is the hour of its last use; one that was `refused_at` some time opens nothing since.
    """

    subject: str
    authenticator: str | None
    browser: str | None
    system: str | None
    created_at: datetime
    used_at: datetime | None
    refused_at: datetime | None


class ExportedAccount(BaseModel):
    """All that is kept of the account itself. Tokens are no part of it: only their hashes are known here."""

    id: UUID
    kind: Kind
    created_at: datetime
    identities: list[ExportedIdentity]
    passkeys: list[ExportedPasskey]
    sessions: list[ExportedSession]


async def export_account(database: Database, account_id: UUID, _: Form) -> AsyncIterator[File]:
    """The account, what it is known by, and where it is signed in."""
    async with database.unit_of_work() as work:
        account = await work.session.get_one(AccountRow, account_id)
        identities = await work.session.scalars(
            select(IdentityRow).where(IdentityRow.account_id == account_id).order_by(IdentityRow.created_at)
        )
        sessions = await work.session.scalars(
            select(SessionRow).where(SessionRow.account_id == account_id).order_by(SessionRow.created_at)
        )
        exported = ExportedAccount(
            id=account.id,
            kind=account.kind,
            created_at=account.created_at,
            identities=[
                ExportedIdentity(
                    kind=one.kind,
                    subject=one.subject,
                    issuer=one.issuer,
                    label=one.label,
                    created_at=one.created_at,
                )
                for one in identities
            ],
            passkeys=[
                ExportedPasskey(
                    subject=known_by(one.credential_id).subject,
                    authenticator=authenticator_of(one.aaguid),
                    browser=one.browser,
                    system=one.system,
                    created_at=one.created_at,
                    used_at=one.used_at,
                    refused_at=one.refused_at,
                )
                for one in await all_of(work.session, account_id)
            ],
            sessions=[
                ExportedSession(
                    created_at=one.created_at,
                    seen_at=one.seen_at,
                    expires_at=one.expires_at,
                    browser=one.browser,
                    system=one.system,
                )
                for one in sessions
            ],
        )
    yield json_file("account", exported)
