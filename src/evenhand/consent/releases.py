"""Whether what somebody asks may be part of a release."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.consent.tables import ReleaseChoiceRow
from evenhand.storage.together import Prepared, at_commit

_given: dict[str, BindParameter[Any]] = {
    name: bindparam(name) for name in ("account_id", "left_out", "chosen_at")
}
_chosen = Prepared[()](
    insert(ReleaseChoiceRow)
    .values(_given)
    .on_conflict_do_update(
        index_elements=["account_id"], set_={name: _given[name] for name in ("left_out", "chosen_at")}
    )
)


async def is_left_out(session: AsyncSession, account_id: UUID) -> bool:
    """Whether somebody wants everything of theirs left out."""
    chosen = select(ReleaseChoiceRow.left_out).where(ReleaseChoiceRow.account_id == account_id)
    return bool(await session.scalar(chosen))


def choose(session: AsyncSession, account_id: UUID, now: datetime, *, left_out: bool) -> None:
    """Leave everything out, or no longer. Whoever becomes a guest by it is one by then."""
    at_commit(session, _chosen(account_id=account_id, left_out=left_out, chosen_at=now))
