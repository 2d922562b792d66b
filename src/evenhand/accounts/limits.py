"""How often a link may be asked for, and how often a wrong one be tried."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.tables import FailureRow, FlowRow, LinkRow
from evenhand.core.errors import TooMany
from evenhand.core.ids import new_id
from evenhand.storage.engine import Database

HOUR = timedelta(hours=1)
LINKS_PER_EMAIL = 5
"""How many links one requester may have sent to one address within an hour."""
LINKS_IN_ALL = 20
"""How many one address is sent, whoever asks: others neither flood a mailbox nor keep its owner out."""
WRONG_TRIES = 20
"""How many links that do not exist, or passkeys that prove nothing, one requester may try within an hour."""
FLOWS = 300
"""How many sign-ins with providers may be begun from one network address within an hour: a whole office's."""


async def check_links(
    session: AsyncSession, email: str, requester: bytes, per_requester: int, now: datetime
) -> None:
    """Raise `TooMany` when no further link may be asked for, by this requester or for this address.

    Whoever else asks meanwhile, by either, waits for the end of the transaction.
    """
    await lock_links_to(session, email)
    await _lock(session, f"link for {requester.hex()}")
    newest = select(LinkRow.created_at).where(LinkRow.created_at > now - HOUR)
    to_them, by_them = LinkRow.email == email, LinkRow.requester == requester
    for limit, links in (
        (per_requester, newest.where(by_them)),
        (LINKS_PER_EMAIL, newest.where(to_them, by_them)),
        (LINKS_IN_ALL, newest.where(to_them)),
    ):
        back = await _back_at(session, links, LinkRow.created_at, limit)
        if back is not None:
            raise _refused("too_many_links", "Too many links were asked for", limit, back, now)


async def lock_links_to(session: AsyncSession, email: str) -> None:
    """Nobody else has a link sent to an address before the transaction ends."""
    await _lock(session, f"link to {email}")


async def check_flows(session: AsyncSession, requester: bytes, now: datetime) -> None:
    """Raise `TooMany` when no further sign-in with a provider may be begun by this requester."""
    await _lock(session, f"providers for {requester.hex()}")
    begun = select(FlowRow.created_at).where(FlowRow.requester == requester, FlowRow.created_at > now - HOUR)
    back = await _back_at(session, begun, FlowRow.created_at, FLOWS)
    if back is not None:
        raise _refused("too_many_sign_ins", "Too many sign-ins were begun", FLOWS, back, now)


async def _check_tries(session: AsyncSession, requester: bytes, now: datetime) -> None:
    failures = select(FailureRow.failed_at).where(
        FailureRow.requester == requester, FailureRow.failed_at > now - HOUR
    )
    back = await _back_at(session, failures, FailureRow.failed_at, WRONG_TRIES)
    if back is not None:
        raise _refused("too_many_tries", "Too many tries from here were wrong", WRONG_TRIES, back, now)


async def note_wrong_try(database: Database, requester: bytes, now: datetime) -> None:
    """Remember a wrong try, in a transaction of its own: that of the request is rolled back.

    Raises `TooMany` when it was one too many. Links that exist, and passkeys that prove themselves, are never
    refused for it: others may be behind the same address, and 256 bits are not guessed.
    """
    async with database.unit_of_work() as work:
        await _lock(work.session, f"tries by {requester.hex()}")
        await _check_tries(work.session, requester, now)
        work.session.add(FailureRow(id=new_id(), requester=requester, failed_at=now))


async def forget_old_tries(session: AsyncSession, now: datetime) -> None:
    """Remove what nothing counts any more."""
    await session.execute(delete(FailureRow).where(FailureRow.failed_at < now - HOUR))


async def _lock(session: AsyncSession, name: str) -> None:
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"sign-in: {name}", 0))))


async def _back_at(
    session: AsyncSession, times: Select[datetime], newest_first: Any, limit: int
) -> datetime | None:
    """When there is room for one more; None while there is."""
    in_the_way = await session.scalar(times.order_by(newest_first.desc()).offset(limit - 1).limit(1))
    return None if in_the_way is None else in_the_way + HOUR


def _refused(code: str, what: str, limit: int, back: datetime, now: datetime) -> TooMany:
    seconds = max(1, int((back - now).total_seconds()) + 1)
    return TooMany(
        code,
        f"{what}, {limit} within an hour; go on in {-(-seconds // 60)} min.",
        retry_after=seconds,
        extra={"limit": limit, "retry_at": back.isoformat()},
    )
