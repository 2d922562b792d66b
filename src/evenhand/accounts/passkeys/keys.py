"""The passkeys of accounts: kept, found, used. What opens an account is told and removed by `identities`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.browsers import Browser
from evenhand.accounts.passkeys.ceremonies import Made
from evenhand.accounts.passkeys.tables import PasskeyRow
from evenhand.accounts.sessions import hour_of
from evenhand.accounts.tables import IdentityRow
from evenhand.accounts.voters import Known, owner_of
from evenhand.core.errors import Conflict, NotFound

MOST = 20
"""How many passkeys an account may have."""


class Copied(Conflict):
    """A passkey of which there seem to be two."""

    def __init__(self, passkey_id: UUID) -> None:
        super().__init__(
            "passkey_copied",
            "This passkey may have been copied, so it opens nothing any more; sign in another way and remove "
            "it.",
        )
        self.passkey_id = passkey_id


def known_by(credential_id: bytes) -> Known:
    """A passkey as something that an account is known by."""
    return Known("passkey", credential_id.hex())


async def check_new(session: AsyncSession, credential_id: bytes) -> None:
    """Raise `Conflict` when a passkey is somebody's; else it stays nobody's until the transaction ends."""
    if await owner_of(session, known_by(credential_id)) is not None:
        raise Conflict("passkey_known", "This passkey opens an account here already; sign in with it.")


def check_room(passkeys: Sequence[PasskeyRow]) -> None:
    """Raise `Conflict` when these are as many as may be."""
    if len(passkeys) >= MOST:
        raise Conflict(
            "too_many_passkeys", f"You have {MOST} passkeys; remove one first.", extra={"limit": MOST}
        )


async def keep(
    session: AsyncSession, made: Made, user_handle: bytes, browser: Browser, now: datetime
) -> PasskeyRow:
    """Keep what a passkey is checked with; its account is known by it."""
    known = known_by(made.credential_id)
    identity_id = await session.scalar(
        select(IdentityRow.id).where(IdentityRow.kind == known.kind, IdentityRow.subject == known.subject)
    )
    assert identity_id is not None, "the account is known by it"
    row = PasskeyRow(
        id=identity_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        user_handle=user_handle,
        aaguid=made.aaguid,
        browser=browser.name,
        system=browser.system,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def find(session: AsyncSession, credential_id: bytes) -> PasskeyRow:
    """A passkey, which nobody else uses until the transaction ends.

    Raises `NotFound` for an unknown one, `Copied` for one that is refused.
    """
    passkey = await session.scalar(
        select(PasskeyRow).where(PasskeyRow.credential_id == credential_id).with_for_update()
    )
    if passkey is None:
        raise NotFound(
            "unknown_passkey", "This passkey opens no account here; sign in another way and add it anew."
        )
    if passkey.refused_at is not None:
        raise Copied(passkey.id)
    return passkey


def note_use(passkey: PasskeyRow, sign_count: int, now: datetime) -> None:
    """Remember the counter, and the hour. Raises `Copied` when it is not after the last one.

    A copy counts for itself. Passkeys that are synced do not count at all: theirs is always 0.
    """
    if (sign_count, passkey.sign_count) != (0, 0) and sign_count <= passkey.sign_count:
        raise Copied(passkey.id)
    passkey.sign_count = sign_count
    passkey.used_at = hour_of(now)


async def refuse(session: AsyncSession, passkey_id: UUID, now: datetime) -> None:
    """Let a passkey open nothing from now on."""
    this = (PasskeyRow.id == passkey_id, PasskeyRow.refused_at.is_(None))
    await session.execute(update(PasskeyRow).where(*this).values(refused_at=now))


async def all_of(session: AsyncSession, account_id: UUID) -> list[PasskeyRow]:
    """An account's passkeys, the oldest first."""
    return list(await session.scalars(_of(account_id).order_by(PasskeyRow.created_at, PasskeyRow.id)))


def _of(account_id: UUID) -> Select[PasskeyRow]:
    return (
        select(PasskeyRow)
        .join(IdentityRow, IdentityRow.id == PasskeyRow.id)
        .where(IdentityRow.account_id == account_id)
    )
