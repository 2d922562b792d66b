"""The ways into an account: what it is known by, what of that opens it now, and removing all but the last."""

from collections.abc import Container
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.door import Door
from evenhand.accounts.passkeys.tables import PasskeyRow
from evenhand.accounts.tables import AccountRow, IdentityKind, IdentityRow
from evenhand.accounts.ways import email_way
from evenhand.core.errors import Conflict, NotFound


class WayIn(NamedTuple):
    """What an account is known by, and whether it opens the account in this arena as it is now."""

    identity: IdentityRow
    works: bool


async def ways_into(session: AsyncSession, door: Door, account_id: UUID) -> list[WayIn]:
    """They, the oldest first."""
    rows = await session.execute(
        select(IdentityRow, PasskeyRow.refused_at)
        .outerjoin(PasskeyRow, PasskeyRow.id == IdentityRow.id)
        .where(IdentityRow.account_id == account_id)
        .order_by(IdentityRow.created_at, IdentityRow.id)
    )
    return [WayIn(identity, _opens(door, identity, refused_at)) for identity, refused_at in rows]


def is_last(way: WayIn, ways: list[WayIn]) -> bool:
    """Whether none of the others of an account opens it."""
    return not any(one.works for one in ways if one.identity.id != way.identity.id)


async def remove(
    session: AsyncSession, door: Door, account_id: UUID, identity_id: UUID, kinds: Container[IdentityKind]
) -> None:
    """Remove a way into an account.

    Raises `NotFound` for one that is none of the account's of these kinds, and `Conflict` where no other
    would open it.
    """
    # Of two that are removed at once, the second finds that the other has gone.
    await session.execute(
        select(AccountRow.id).where(AccountRow.id == account_id).with_for_update(key_share=True)
    )
    ways = await ways_into(session, door, account_id)
    own = [one for one in ways if one.identity.id == identity_id and one.identity.kind in kinds]
    if not own:
        raise NotFound("not_found", "There is no such way to sign in among yours.")
    if is_last(own[0], ways):
        raise Conflict(
            "last_way_in", "Nothing else would open your account; add another way to sign in first."
        )
    await session.execute(delete(IdentityRow).where(IdentityRow.id == identity_id))


def provider_of(door: Door, identity: IdentityRow) -> str | None:
    """The provider of an identity, if the arena has it still."""
    known = (slug for slug, one in door.providers.items() if one.issuer == identity.issuer)
    return next(known, None)


def _opens(door: Door, identity: IdentityRow, refused_at: datetime | None) -> bool:
    match identity.kind:
        case "email":
            return email_way(door.settings) != "off"
        case "passkey":
            return refused_at is None
        case "oidc":
            return provider_of(door, identity) is not None
