"""Sessions: a browser is known by an opaque token in a cookie. Guests have one from the first second."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.browsers import Browser
from evenhand.accounts.tables import AccountRow, SessionRow
from evenhand.core.ids import new_id
from evenhand.storage.streams import READERS
from evenhand.storage.together import Prepared, at_commit, together
from evenhand.storage.writing import writing

LIFETIME = timedelta(days=400)
"""How long a session lasts: the longest that browsers keep a cookie."""

RENEWED = timedelta(days=30)
"""After so long it is made to last as long again, so that who comes back is never forgotten."""

AWAY = timedelta(hours=4)
"""Who comes back after so long begins another visit."""

_last_seen = func.coalesce(SessionRow.seen_at, SessionRow.created_at)
_last_hour = func.date_trunc("hour", _last_seen)
_present = Prepared(
    select(SessionRow.account_id, SessionRow.id, SessionRow.expires_at, _last_seen, SessionRow.left_at).where(
        SessionRow.token_hash == bindparam("token_hash"), SessionRow.expires_at > bindparam("now")
    )
)
_seen = Prepared[()](
    update(SessionRow)
    .where(SessionRow.id == bindparam("this"), _last_seen < bindparam("hour"))
    .values(
        seen_at=bindparam("hour"),
        left_at=case((_last_hour <= bindparam("away"), _last_hour), else_=SessionRow.left_at),
    )
)
_renewed = Prepared[()](
    update(SessionRow).where(SessionRow.id == bindparam("this")).values(expires_at=bindparam("expires_at"))
)


@dataclass(frozen=True)
class Present:
    """Who is here, and by which of their sessions.

    `left_at` is the hour in which this browser was last here before the present visit; None on the first.
    """

    account_id: UUID
    session_id: UUID
    expires_at: datetime
    left_at: datetime | None


def new_token() -> str:
    """256 bits that nobody can guess; only a cookie or a mail holds them."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """What a token is known by here: what a copy of the database shows opens nothing."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def hour_of(moment: datetime) -> datetime:
    """The hour that a moment belongs to: no more is kept of when somebody comes."""
    return moment.replace(minute=0, second=0, microsecond=0)


async def find_present(
    session: AsyncSession, token: str | None, now: datetime, *, notes: bool = True
) -> Present | None:
    """Whose session a token is; None for no, an unknown or an expired one.

    It notes the hour, which whoever sees the database as of one moment may not write: another may have done
    so since.
    """
    if not token:
        return None
    found = _present(token_hash=hash_of(token), now=now)
    await together(session, found)
    row = found.first()
    if row is None:
        return None
    account_id, session_id, expires_at, last_seen, left_at = row
    hour = hour_of(now)
    if notes and last_seen < hour:
        at_commit(session, _seen(this=session_id, hour=hour, away=hour - AWAY))
    if hour_of(last_seen) <= hour - AWAY:
        left_at = hour_of(last_seen)
    return Present(account_id, session_id, expires_at, left_at)


async def last_left(session: AsyncSession, present: Present, now: datetime) -> datetime | None:
    """The hour in which somebody was last here before this visit, in whichever browser.

    None on a first visit in this browser, and for who was in another one lately.
    """
    if present.left_at is None:
        return None
    elsewhere = await session.scalar(
        select(func.max(_last_seen)).where(
            SessionRow.account_id == present.account_id, SessionRow.id != present.session_id
        )
    )
    left_at = max(present.left_at, elsewhere or present.left_at)
    return None if left_at > hour_of(now) - AWAY else hour_of(left_at)


def renew(session: AsyncSession, present: Present, now: datetime) -> bool:
    """Make a session that is no longer new last as long again; whether its cookie is to be given anew."""
    if present.expires_at > now + LIFETIME - RENEWED:
        return False
    at_commit(session, _renewed(this=present.session_id, expires_at=now + LIFETIME))
    return True


def create_guest(session: AsyncSession, browser: Browser, now: datetime) -> tuple[UUID, str]:
    """A new guest: the account's id, and the token of their session."""
    account = AccountRow(id=new_id(), kind="guest", created_at=now)
    row, token = _begun(account.id, browser, now)
    at_commit(session, writing([account, row]))
    return account.id, token


def begin(session: AsyncSession, account_id: UUID, browser: Browser, now: datetime) -> str:
    """A new session of an account: its token."""
    row, token = _begun(account_id, browser, now)
    at_commit(session, writing([row]))
    return token


def _begun(account_id: UUID, browser: Browser, now: datetime) -> tuple[SessionRow, str]:
    token = new_token()
    row = SessionRow(
        token_hash=hash_of(token),
        account_id=account_id,
        created_at=now,
        expires_at=now + LIFETIME,
        browser=browser.name,
        system=browser.system,
    )
    return row, token


async def running(session: AsyncSession, account_id: UUID, now: datetime) -> list[SessionRow]:
    """The sessions of an account, the one that was used last first."""
    rows = await session.scalars(
        select(SessionRow)
        .where(SessionRow.account_id == account_id, SessionRow.expires_at > now)
        .order_by(_last_seen.desc(), SessionRow.created_at.desc())
    )
    return list(rows)


async def end(session: AsyncSession, account_id: UUID, session_id: UUID) -> bool:
    """End one of an account's sessions; False for none, and for somebody else's alike."""
    this = (SessionRow.account_id == account_id, SessionRow.id == session_id)
    await end_streams(session, account_id)
    return await session.scalar(delete(SessionRow).where(*this).returning(SessionRow.id)) is not None


async def end_all(session: AsyncSession, account_id: UUID) -> None:
    """End every session of an account."""
    await end_streams(session, account_id)
    await session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))


async def end_streams(session: AsyncSession, account_id: UUID) -> None:
    """Let all who read as an account ask again, once this is committed: each was known when it began."""
    await session.execute(select(func.pg_notify(READERS, str(account_id))))


async def forget_expired(session: AsyncSession, now: datetime) -> None:
    """Remove the sessions that open nothing any more."""
    await session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))
