"""Roles: who looks after an arena. The settings name them by address, and nothing of it is kept.

An address counts while it would let its owner in: by a link that is mailed to it or, where the arena sends
none, through a provider that is believed about addresses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.door import Door
from evenhand.accounts.emails import email_of
from evenhand.accounts.identities import WayIn, provider_of, ways_into
from evenhand.core.errors import Invalid, StartError
from evenhand.core.settings import Settings

Role = Literal["moderator", "admin"]
"""A moderator may less than an admin."""


@dataclass(frozen=True)
class Roles:
    """The addresses of those who have a role."""

    admins: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those that the settings name. Raises `StartError` for what is no address."""
        return cls(
            _addresses("EVENHAND_ADMINS", settings.admins),
            _addresses("EVENHAND_MODERATORS", settings.moderators),
        )

    def of_addresses(self, addresses: Iterable[str]) -> Role | None:
        """The role of whom these addresses belong to: the higher of two."""
        theirs = set(addresses)
        if theirs & self.admins:
            return "admin"
        return "moderator" if theirs & self.moderators else None


def suffices(role: Role | None, needed: Role) -> bool:
    """Whether a role allows what takes another one."""
    return role == "admin" or role == needed


async def role_of(session: AsyncSession, door: Door, roles: Roles, account_id: UUID) -> Role | None:
    """The role of an account, as things stand now."""
    if not (roles.admins or roles.moderators):
        return None
    ways = await ways_into(session, door, account_id)
    vouched_for = any(_vouches(door, way) for way in ways)
    return roles.of_addresses(
        way.identity.subject for way in ways if way.identity.kind == "email" and (way.works or vouched_for)
    )


def _vouches(door: Door, way: WayIn) -> bool:
    slug = provider_of(door, way.identity) if way.identity.kind == "oidc" else None
    return slug is not None and door.providers[slug].trusts_email


def _addresses(name: str, written: str | None) -> frozenset[str]:
    found = set()
    for one in filter(None, (part.strip() for part in (written or "").split(","))):
        try:
            found.add(email_of(one))
        except Invalid:
            raise StartError(
                f'{name} must be e-mail addresses with commas between; "{one}" is none.'
            ) from None
    return frozenset(found)
