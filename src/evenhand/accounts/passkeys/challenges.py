"""Challenges: what a passkey has to sign, so that nothing which it signed before is of use to anybody."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.passkeys.tables import ChallengeRow, Purpose
from evenhand.accounts.sessions import hash_of
from evenhand.accounts.voters import accounts_of
from evenhand.core.errors import Conflict, TooMany

VALID = timedelta(minutes=5)
"""How long a challenge can be answered."""
OPEN_AT_ONCE = 100
"""How many challenges of one network address may wait to be answered: a page of signing in asks for one."""
_BYTES = 32


@dataclass(frozen=True)
class Asked:
    """Who asks for a challenge and what for: the browser by its secret, and from where.

    Making a passkey, for which account, None for one that is yet to be, and what the passkey will know it by.
    """

    purpose: Purpose
    browser: str
    requester: bytes
    account_id: UUID | None = None
    user_handle: bytes | None = None


async def create(session: AsyncSession, asked: Asked, now: datetime) -> bytes:
    """A new challenge. Raises `TooMany` when too many of this requester's are open."""
    waiting = select(func.count(), func.min(ChallengeRow.expires_at)).where(
        ChallengeRow.requester == asked.requester, ChallengeRow.expires_at > now
    )
    count, first_ends = (await session.execute(waiting)).one()
    if count >= OPEN_AT_ONCE:
        seconds = max(1, int((first_ends - now).total_seconds()) + 1)
        raise TooMany(
            "too_many_tries",
            f"Too many sign-ins were begun from here; go on in {-(-seconds // 60)} min.",
            retry_after=seconds,
            extra={"limit": OPEN_AT_ONCE, "retry_at": first_ends.isoformat()},
        )
    challenge = secrets.token_bytes(_BYTES)
    session.add(
        ChallengeRow(
            challenge_hash=_hash(challenge),
            browser_hash=hash_of(asked.browser),
            purpose=asked.purpose,
            account_id=asked.account_id,
            user_handle=asked.user_handle,
            requester=asked.requester,
            expires_at=now + VALID,
        )
    )
    await session.flush()
    return challenge


async def take(
    session: AsyncSession, challenge: bytes, browser: str | None, purpose: Purpose, now: datetime
) -> ChallengeRow:
    """A challenge, which nobody can take after this.

    Raises `Conflict` for one that this browser was not given, that was used or is old. Of two who take it at
    once one waits, and finds nothing.
    """
    taken: ChallengeRow | None = await session.scalar(
        delete(ChallengeRow)
        .where(
            ChallengeRow.challenge_hash == _hash(challenge),
            ChallengeRow.browser_hash == hash_of(browser or ""),
            ChallengeRow.purpose == purpose,
        )
        .returning(ChallengeRow)
    )
    if taken is None or taken.expires_at <= now:
        raise too_late()
    return taken


async def use_up(session: AsyncSession, challenge: bytes) -> None:
    """Let a challenge be answered no more."""
    await session.execute(delete(ChallengeRow).where(ChallengeRow.challenge_hash == _hash(challenge)))


def too_late() -> Conflict:
    """What somebody gets whose challenge is none any more."""
    minutes = int(VALID.total_seconds()) // 60
    return Conflict(
        "passkey_too_late", f"This took longer than {minutes} minutes, or was used already; begin again."
    )


async def erase_challenges(session: AsyncSession, account_id: UUID) -> None:
    """Forget what passkeys of an account were to sign; the passkeys go with its identities."""
    await session.execute(delete(ChallengeRow).where(ChallengeRow.account_id.in_(accounts_of(account_id))))


async def forget_old_challenges(session: AsyncSession, now: datetime) -> None:
    """Remove the challenges that nobody can answer any more."""
    await session.execute(delete(ChallengeRow).where(ChallengeRow.expires_at <= now))


def _hash(challenge: bytes) -> bytes:
    return sha256(challenge).digest()
