"""Who agreed to which version of the terms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.consent.tables import AgreementRow, TermsRow
from evenhand.consent.terms import Terms
from evenhand.core.errors import Conflict, StartError
from evenhand.storage.together import Prepared, at_commit

has_agreed = (
    select(AgreementRow.version)
    .where(AgreementRow.account_id == bindparam("account"), AgreementRow.version == bindparam("terms"))
    .exists()
)
"""Whether an account has agreed to a version; for a statement that is about to read something else, too."""
_agreed = Prepared[()](
    insert(AgreementRow)
    .values({name: bindparam(name) for name in ("account_id", "version", "agreed_at")})
    .on_conflict_do_nothing()
)


async def register_terms(session: AsyncSession, terms: Terms, now: datetime) -> None:
    """Keep what this version says. Raises `StartError` where the same version has said something else."""
    said = terms.model_dump(mode="json")
    row = {"version": terms.version, "digest": terms.digest(), "document": said, "since": now}
    await session.execute(insert(TermsRow).values(row).on_conflict_do_nothing())
    kept = await session.scalar(select(TermsRow.digest).where(TermsRow.version == terms.version))
    if kept != terms.digest():
        raise StartError(
            f'The terms of version "{terms.version}" have been changed; give the new text another version, '
            "so that people are asked again."
        )


def agree(session: AsyncSession, account_id: UUID, named: str, now: datetime, current: str) -> None:
    """Note that somebody agrees to the current terms, by naming them when they ask.

    Raises `Conflict` where they name another version, or none.
    """
    if named != current:
        raise Conflict(
            "terms_not_accepted",
            f"Asking takes agreement to the terms: read them at /privacy, and ask with terms_version "
            f'"{current}".',
            extra={"terms_version": current},
        )
    at_commit(session, _agreed(account_id=account_id, version=current, agreed_at=now))


async def agreements(session: AsyncSession, account_id: UUID) -> list[AgreementRow]:
    """What an account has agreed to, the newest first."""
    rows = await session.scalars(
        select(AgreementRow)
        .where(AgreementRow.account_id == account_id)
        .order_by(AgreementRow.agreed_at.desc(), AgreementRow.version)
    )
    return list(rows)


async def agrees_to(session: AsyncSession, account_id: UUID, terms: Terms) -> bool:
    """Whether an account has agreed to these terms."""
    return await session.get(AgreementRow, (account_id, terms.version)) is not None
