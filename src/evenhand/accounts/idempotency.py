"""Doing a request once: a second one with the same `Idempotency-Key` gets the first one's answer.

The key is written in the transaction of the request that it names, with its answer: either both are there or
neither. A second request waits at the key's row for the first one's commit.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.dependencies import Account
from evenhand.accounts.tables import IdempotencyRow
from evenhand.core.errors import Invalid
from evenhand.storage.dependencies import Now, Work

KEPT = timedelta(hours=24)
"""How long a key is remembered."""

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Once:
    """Carries out what a request asks for, unless that was done already. Without a key it just does it."""

    session: AsyncSession
    account_id: UUID | None
    route: str
    key: str | None
    body_hash: bytes
    now: datetime

    async def __call__(self, model: type[Answer], act: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of `act`, or that of the request which had the key before.

        Raises `Invalid` when that one had another body. What `act` raises takes the key back with it.
        """
        if self.key is None or self.account_id is None:
            return await act()
        mine = {"account_id": self.account_id, "route": self.route, "key": self.key}
        row = IdempotencyRow
        first = await self.session.scalar(
            insert(row)
            .values(**mine, body_hash=self.body_hash, created_at=self.now)
            .on_conflict_do_nothing()
            .returning(row.key)
        )
        this = (row.account_id == self.account_id, row.route == self.route, row.key == self.key)
        if first is None:
            known = (await self.session.execute(select(row.body_hash, row.answer).where(*this))).one()
            if known.body_hash != self.body_hash:
                raise Invalid(
                    "idempotency_key_reused",
                    "This Idempotency-Key was sent with another body before; use a new one.",
                )
            return model.model_validate_json(known.answer)
        answer = await act()
        await self.session.execute(update(row).where(*this).values(answer=answer.model_dump_json()))
        return answer


async def forget_old_keys(session: AsyncSession, now: datetime) -> None:
    """Remove the keys, and the answers with them, that need not be remembered any more."""
    await session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now - KEPT))


async def _once(
    request: Request,
    work: Work,
    account: Account,
    now: Now,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Once:
    body = hashlib.sha256(await request.body()).digest()
    return Once(work.session, account, f"{request.method} {request.url.path}", idempotency_key, body, now)


OnceOf = Annotated[Once, Depends(_once, scope="function")]
"""Does what is asked for once, if the request has an `Idempotency-Key`; keys are each account's own."""
