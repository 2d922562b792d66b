"""Deleting an account: what is left is a number for the votes that it cast, to which nothing leads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts import sessions
from evenhand.accounts.belongings import Erase
from evenhand.accounts.limits import lock_links_to
from evenhand.accounts.tables import AccountRow, IdempotencyRow, IdentityRow, LinkRow
from evenhand.accounts.voters import Known, lock_identity


async def erase_account(
    session: AsyncSession, account_id: UUID, erases: Sequence[Erase], now: datetime
) -> None:
    """Delete an account: everywhere it is signed out, and whoever signs in by its address is a stranger.

    `erases` delete what other domains keep for it. Whoever signs in, asks for a link or begins something at
    this moment is waited for, or waits and finds nobody. Deleting what is deleted changes nothing.
    """
    identities = await session.execute(
        select(IdentityRow.kind, IdentityRow.subject, IdentityRow.issuer)
        .where(IdentityRow.account_id == account_id)
        .order_by(IdentityRow.kind, IdentityRow.subject)
    )
    for kind, subject, issuer in identities.all():
        await lock_identity(session, Known(kind, subject, issuer))
        if kind == "email":
            await lock_links_to(session, subject)
    # With the accounts that went into it: nobody is left who could begin anything by way of them.
    every = or_(AccountRow.id == account_id, AccountRow.merged_into == account_id)
    await session.execute(
        update(AccountRow)
        .where(every, AccountRow.erased_at.is_(None))
        .values(erased_at=now)
        .execution_options(synchronize_session=False)
    )
    for erase in erases:
        await erase(session, account_id)
    known_by = await session.execute(
        delete(IdentityRow)
        .where(IdentityRow.account_id == account_id)
        .returning(IdentityRow.kind, IdentityRow.subject)
    )
    addresses = [subject for kind, subject in known_by if kind == "email"]
    await session.execute(delete(LinkRow).where(LinkRow.email.in_(addresses)))
    await sessions.end_all(session, account_id)
    accounts = select(AccountRow.id).where(every)
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.account_id.in_(accounts)))
