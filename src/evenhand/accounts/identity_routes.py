"""HTTP of the ways in which one's account can be signed in to; passkeys have routes of their own."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import status
from pydantic import BaseModel

from evenhand.accounts.dependencies import DoorOf, Voter
from evenhand.accounts.identities import is_last, provider_of, remove, ways_into
from evenhand.core.routers import api_router
from evenhand.storage.dependencies import Work

router = api_router("accounts")


class Identity(BaseModel):
    """A way in which one's account can be signed in to.

    `label`: an e-mail address, or the name by which one knows one's account at a provider. `provider` is the
    slug of that one, null where the arena has it no more; `issuer` its address. `works`: it opens the account
    in this arena as it is now. `last`: nothing else does, no passkey either, so it is not removed.
    """

    id: UUID
    kind: Literal["email", "oidc"]
    label: str | None
    provider: str | None
    issuer: str | None
    works: bool
    last: bool
    created_at: datetime


class IdentityList(BaseModel):
    """One's ways to sign in but for passkeys, the oldest first."""

    identities: list[Identity]


@router.get("/identities")
async def list_identities(work: Work, voter: Voter, door: DoorOf) -> IdentityList:
    """By what one's account can be signed in to, but for passkeys."""
    ways = await ways_into(work.session, door, voter.account_id)
    return IdentityList(
        identities=[
            Identity(
                id=identity.id,
                kind=identity.kind,
                label=identity.subject if identity.kind == "email" else identity.label,
                provider=provider_of(door, identity),
                issuer=identity.issuer,
                works=way.works,
                last=is_last(way, ways),
                created_at=identity.created_at,
            )
            for way in ways
            if (identity := way.identity).kind != "passkey"
        ]
    )


@router.delete("/identities/{identity_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_identity(identity_id: UUID, work: Work, voter: Voter, door: DoorOf) -> None:
    """Remove a way to sign in that is no passkey; not the last. Sessions go on."""
    await remove(work.session, door, voter.account_id, identity_id, {"email", "oidc"})
