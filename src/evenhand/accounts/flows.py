"""Sign-ins that are under way: somebody was sent to a provider and should come back, soon and once.

The state is all that leaves with them. Whoever sees it, as the provider does, can make nothing of it: what
proves to the provider that we began (the PKCE verifier), and to us that its token is for this sign-in (the
nonce), follows from it and from what only the browser keeps that began. The database holds hashes.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.limits import HOUR
from evenhand.accounts.sessions import hash_of, new_token
from evenhand.accounts.tables import FlowRow
from evenhand.accounts.voters import accounts_of

VALID = timedelta(minutes=10)
"""How long somebody may take at the provider."""


@dataclass(frozen=True)
class Setting:
    """Who sets out: to which provider, in which browser (by what it was given), and from where.

    `account_id` is whose a further way to sign in is to be; None where somebody signs in.
    """

    provider: str
    asked_here: str
    requester: bytes
    next: str
    account_id: UUID | None


class Secrets(NamedTuple):
    """What follows from a state in the browser that began; the challenge is what a provider sees of it."""

    nonce: str
    verifier: str

    @property
    def challenge(self) -> str:
        """The SHA-256 of the verifier (RFC 7636)."""
        return _written(hashlib.sha256(self.verifier.encode()).digest())


def secrets_of(state: str, asked_here: str) -> Secrets:
    """They, of 256 bits each."""

    def made(purpose: str) -> str:
        return _written(hmac.digest(asked_here.encode(), f"{purpose} {state}".encode(), "sha256"))

    return Secrets(made("nonce"), made("verifier"))


def begin(session: AsyncSession, setting: Setting, now: datetime) -> str:
    """A new sign-in: its state."""
    state = new_token()
    session.add(
        FlowRow(
            state_hash=hash_of(state),
            provider=setting.provider,
            asked_here=hash_of(setting.asked_here),
            requester=setting.requester,
            account_id=setting.account_id,
            next=setting.next,
            created_at=now,
            expires_at=now + VALID,
        )
    )
    return state


async def take(
    session: AsyncSession, state: str, asked_here: str, provider: str, now: datetime
) -> FlowRow | None:
    """Use a sign-in up; None unless this browser began it with this provider, a short while ago."""
    return await session.scalar(
        update(FlowRow)
        .where(
            FlowRow.state_hash == hash_of(state),
            FlowRow.asked_here == hash_of(asked_here),
            FlowRow.provider == provider,
            FlowRow.used_at.is_(None),
            FlowRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(FlowRow)
    )


async def erase_flows(session: AsyncSession, account_id: UUID) -> None:
    """Forget the ways to sign in that were being added to an account."""
    await session.execute(delete(FlowRow).where(FlowRow.account_id.in_(accounts_of(account_id))))


async def forget_old_flows(session: AsyncSession, now: datetime) -> None:
    """Remove what nothing counts any more."""
    await session.execute(delete(FlowRow).where(FlowRow.created_at < now - HOUR))


def _written(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
