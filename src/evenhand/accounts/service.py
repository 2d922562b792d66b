"""Guests: an account from the first second, known by an opaque token in a cookie."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.tables import AccountRow, SessionRow
from evenhand.core.ids import new_id
from evenhand.storage.together import Prepared, at_commit, together
from evenhand.storage.writing import writing

LIFETIME = timedelta(days=400)
"""How long a session lasts: the longest that browsers keep a cookie."""


_account = Prepared(
    select(SessionRow.account_id).where(
        SessionRow.token_hash == bindparam("token_hash"), SessionRow.expires_at > bindparam("now")
    )
)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def find_account(session: AsyncSession, token: str | None, now: datetime) -> UUID | None:
    """The account that a session's token belongs to; None for no, an unknown or an expired one."""
    if not token:
        return None
    account = _account(token_hash=_hash(token), now=now)
    await together(session, account)
    return account.value()


def create_guest(session: AsyncSession, now: datetime) -> tuple[UUID, str]:
    """A new guest: the account's id, and the token (256 bits) that only the cookie will hold."""
    account = AccountRow(id=new_id(), kind="guest", created_at=now)
    token = secrets.token_urlsafe(32)
    browser = SessionRow(
        token_hash=_hash(token), account_id=account.id, created_at=now, expires_at=now + LIFETIME
    )
    at_commit(session, writing([account, browser]))
    return account.id, token
