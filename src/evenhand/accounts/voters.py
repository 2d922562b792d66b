"""Voters: the account that somebody's address, provider or passkey opens, and how a guest's becomes it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.tables import AccountRow, IdentityKind, IdentityRow, Kind
from evenhand.core.errors import Conflict
from evenhand.core.ids import new_id

Move = Callable[[AsyncSession, UUID, UUID], Awaitable[None]]
"""Makes what a domain keeps for a guest (the first) a voter's (the second); the application hands it in."""


class Known(NamedTuple):
    """What somebody is known by; see `IdentityRow`."""

    kind: IdentityKind
    subject: str
    issuer: str | None = None
    label: str | None = None


class Person(NamedTuple):
    """What an account is, and the address that it is known by, if any."""

    kind: Kind
    email: str | None


class Opened(NamedTuple):
    """The account that somebody signed in to, and what became of the guest that they were."""

    account_id: UUID
    guest: Literal["none", "became_it", "went_into_it"]


# By hand: what a key names in both stays the voter's.
_MOVE_KEYS = text("""
UPDATE idempotency AS guests SET account_id = :voter WHERE account_id = :guest AND NOT EXISTS (
    SELECT FROM idempotency AS own
    WHERE own.account_id = :voter AND own.route = guests.route AND own.key = guests.key)""")


def accounts_of(account_id: UUID) -> Select[UUID]:
    """An account, and the guests that went into it."""
    return select(AccountRow.id).where((AccountRow.id == account_id) | (AccountRow.merged_into == account_id))


async def person(session: AsyncSession, account_id: UUID) -> Person:
    """Who an account is."""
    row = (
        await session.execute(
            select(AccountRow.kind, IdentityRow.subject)
            .outerjoin(IdentityRow, (IdentityRow.account_id == AccountRow.id) & (IdentityRow.kind == "email"))
            .where(AccountRow.id == account_id)
            .limit(1)
        )
    ).one()
    return Person(row.kind, row.subject)


async def open_account(
    session: AsyncSession,
    known: Known,
    guest: UUID | None,
    moves: Sequence[Move],
    now: datetime,
    *,
    email: str | None = None,
) -> Opened:
    """The account of who is known by this, a new one for what was not known.

    `email` is an address of theirs that is to be believed: what was not known opens its account, and a new
    account is known by it, too.

    The guest that the person was until now becomes it when it is new, and else goes into it; an account of
    someone who signed in before is left as it is. Nothing else is done to the votes than to leave them.
    """
    owner = await owner_of(session, known)
    address = None if owner is not None or email is None else Known("email", email)
    if address is not None:
        owner = await owner_of(session, address)
        if owner is not None and known.issuer is not None and await _has(session, owner, known.issuer):
            # The issuer gave the address to somebody else since: it tells two people apart that we would not.
            owner = address = None
        elif owner is not None:
            await add_identity(session, owner, known, now)
    if owner is not None:
        if guest is None or guest == owner or not await _change(session, guest, merged_into=owner):
            return Opened(owner, "none")
        for move in moves:
            await move(session, guest, owner)
        await session.execute(_MOVE_KEYS, {"guest": guest, "voter": owner})
        return Opened(owner, "went_into_it")
    if guest is not None and await _change(session, guest, kind="voter"):
        opened = Opened(guest, "became_it")
    else:
        opened = Opened(new_id(), "none")
        session.add(AccountRow(id=opened.account_id, kind="voter", created_at=now))
        await session.flush()
    await add_identity(session, opened.account_id, known, now)
    if address is not None:
        await add_identity(session, opened.account_id, address, now)
    return opened


async def owner_of(session: AsyncSession, known: Known) -> UUID | None:
    """Whose account this opens; None for nobody's, which stays so until the end of the transaction.

    Of two who come with something new at once, the second finds the account of the first.
    """
    await lock_identity(session, known)
    return await session.scalar(
        select(IdentityRow.account_id).where(
            IdentityRow.kind == known.kind,
            IdentityRow.issuer.is_not_distinct_from(known.issuer),
            IdentityRow.subject == known.subject,
        )
    )


async def add_identity(session: AsyncSession, account_id: UUID, known: Known, now: datetime) -> None:
    """Let an account be opened by this, too, which is known to be nobody's.

    Raises `Conflict` when the account was just deleted. Who deletes it later waits for this transaction.
    """
    here = select(AccountRow.id).where(AccountRow.id == account_id, AccountRow.erased_at.is_(None))
    if await session.scalar(here.with_for_update(read=True)) is None:
        raise Conflict("account_deleted", "This account was deleted meanwhile; nothing was added to it.")
    session.add(IdentityRow(id=new_id(), account_id=account_id, created_at=now, **known._asdict()))
    await session.flush()


async def lock_identity(session: AsyncSession, known: Known) -> None:
    """Nobody else comes to own, or to lose, this before the transaction ends."""
    name = f"identity: {known.kind} {known.issuer or ''} {known.subject}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def _has(session: AsyncSession, account_id: UUID, issuer: str) -> bool:
    """Whether an account is known by somebody to this issuer."""
    theirs = (IdentityRow.account_id == account_id, IdentityRow.issuer == issuer)
    return bool(await session.scalar(select(exists().where(*theirs))))


async def _change(session: AsyncSession, guest: UUID, **values: object) -> bool:
    """Change a guest's account; whether it was still one that no other sign-in had changed."""
    changed = await session.scalar(
        update(AccountRow)
        .where(AccountRow.id == guest, AccountRow.kind == "guest", AccountRow.merged_into.is_(None))
        .values(**values)
        .returning(AccountRow.id)
        .execution_options(synchronize_session=False)
    )
    return changed is not None
