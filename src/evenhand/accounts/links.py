"""Links that sign somebody in: asked for, looked at, used once.

Whether an address is known here is not even looked up when a link is asked for, so nothing can tell of it.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.sessions import hash_of, new_token
from evenhand.accounts.tables import LinkRow
from evenhand.core.errors import Conflict, Invalid

VALID = timedelta(minutes=15)
"""How long a link can be used."""
KEPT = timedelta(days=1)
"""How long it is remembered, so that it can say why it does not work any more."""
LONGEST_PATH = 1000

# After a second slash, or a backslash, which browsers take for one, another host would stand; after dots
# another page.
_SEGMENT = r"/[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_OWN_PAGE = re.compile(rf"(?=/)(?!/api(/|[?#]|$))({_SEGMENT})*/?([?#][!-\[\]-~]*)?")


@dataclass(frozen=True)
class Asking:
    """Who asks for a link: the address that it goes to, the browser by what it was given, and from where."""

    email: str
    asked_here: str
    requester: bytes
    next: str


def own_page(path: str) -> str:
    """A path of this arena's page. Raises `Invalid` for any other address."""
    if len(path) > LONGEST_PATH or not _OWN_PAGE.fullmatch(path):
        raise Invalid("not_our_page", "After signing in one goes on to a page of this arena, such as /.")
    return path


def create(session: AsyncSession, asking: Asking, now: datetime) -> str:
    """A new link: its token, which only the mail will hold."""
    token = new_token()
    session.add(
        LinkRow(
            token_hash=hash_of(token),
            email=asking.email,
            requester=asking.requester,
            asked_here=hash_of(asking.asked_here),
            next=asking.next,
            created_at=now,
            expires_at=now + VALID,
        )
    )
    return token


async def look(session: AsyncSession, token: str, now: datetime) -> LinkRow | None:
    """A link that can be used; None for one that does not exist. Raises `Conflict` for an old one."""
    link = await session.scalar(select(LinkRow).where(LinkRow.token_hash == hash_of(token)))
    if link is not None:
        _check(link, now)
    return link


async def use(session: AsyncSession, token: str, now: datetime) -> LinkRow | None:
    """Use a link up; None for one that does not exist. Raises `Conflict` for an old one.

    Of two who use it at once one waits, and finds it used.
    """
    this = LinkRow.token_hash == hash_of(token)
    link = await session.scalar(
        update(LinkRow)
        .where(this, LinkRow.used_at.is_(None), LinkRow.expires_at > now)
        .values(used_at=now)
        .returning(LinkRow)
    )
    return link or await look(session, token, now)


async def forget_old_links(session: AsyncSession, now: datetime) -> None:
    """Remove links, and the addresses in them, that nobody needs any more."""
    await session.execute(delete(LinkRow).where(LinkRow.created_at < now - KEPT))


def _check(link: LinkRow, now: datetime) -> None:
    if link.used_at is not None:
        raise Conflict("link_used", "This link was used already; ask for a new one.")
    if link.expires_at <= now:
        minutes = int(VALID.total_seconds()) // 60
        raise Conflict("link_expired", f"This link is older than {minutes} minutes; ask for a new one.")
