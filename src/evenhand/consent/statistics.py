"""Whether somebody is among those who are counted when it is asked how often people come back.

They say so themselves, or their browser does, which says it to every site.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy import DateTime, Uuid, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.dependencies import Account
from evenhand.accounts.voters import accounts_of
from evenhand.consent.tables import StatisticsOptOutRow
from evenhand.core.errors import Conflict
from evenhand.storage.dependencies import Now, Work
from evenhand.storage.together import Prepared, at_commit, together

SIGNALS = ("sec-gpc", "dnt")
"""Headers by which a browser says so: Global Privacy Control and, older, Do Not Track."""

_account = bindparam("account", type_=Uuid)
# Whoever is noted already costs a look and no lock.
_noted = Prepared[()](
    insert(StatisticsOptOutRow)
    .from_select(
        ["account_id", "since"],
        select(_account, bindparam("now", type_=DateTime(timezone=True))).where(
            ~exists().where(StatisticsOptOutRow.account_id == _account)
        ),
    )
    .on_conflict_do_nothing()
)


async def _browser_opts_out(request: Request) -> bool:
    return any(request.headers.get(name) == "1" for name in SIGNALS)


BrowserOptsOut = Annotated[bool, Depends(_browser_opts_out)]
"""Whether the browser that asks wants nobody counted by it."""


async def heed_browser(opts_out: BrowserOptsOut, work: Work, account: Account, now: Now) -> None:
    """For what would be counted: whose browser opts out is noted, before anything else is written."""
    if opts_out and account is not None:
        # Not at the end: a sign-in locks accounts before what is in them, too.
        await together(work.session, _noted(account=account, now=now))


async def opted_out(session: AsyncSession, account_id: UUID) -> bool:
    """Whether somebody is counted nowhere."""
    noted = exists().where(StatisticsOptOutRow.account_id == account_id)
    return bool(await session.scalar(select(noted)))


def opt_out(session: AsyncSession, account_id: UUID, now: datetime) -> None:
    """Count somebody nowhere, also for what they did before. Whoever becomes a guest by it is one by then."""
    at_commit(session, _noted(account=account_id, now=now))


async def opt_in(session: AsyncSession, account_id: UUID, *, browser_opts_out: bool) -> None:
    """Count somebody again. Raises `Conflict` while their browser says otherwise."""
    if browser_opts_out:
        raise Conflict(
            "browser_opts_out",
            "Your browser asks every site not to track you (Global Privacy Control or Do Not Track), so you "
            "are not counted; switch that off in its settings first.",
        )
    await session.execute(
        delete(StatisticsOptOutRow).where(StatisticsOptOutRow.account_id.in_(accounts_of(account_id)))
    )
