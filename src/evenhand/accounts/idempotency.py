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
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.dependencies import Account
from evenhand.accounts.tables import IdempotencyRow
from evenhand.core.errors import Invalid
from evenhand.storage.dependencies import Now, Work
from evenhand.storage.together import Prepared, at_commit, together

KEPT = timedelta(hours=24)
"""How long a key is remembered."""

_new = (
    insert(IdempotencyRow)
    .values({name: bindparam(name) for name in ("account_id", "route", "key", "body_hash", "created_at")})
    .on_conflict_do_nothing()
    .returning(IdempotencyRow.key)
    .cte("new")
)
_taken = Prepared(select(_new.c.key))
_this = (
    IdempotencyRow.account_id == bindparam("account_id"),
    IdempotencyRow.route == bindparam("route"),
    IdempotencyRow.key == bindparam("key"),
)
_known = Prepared(select(IdempotencyRow.body_hash, IdempotencyRow.answer).where(*_this))
_answered = Prepared[()](update(IdempotencyRow).where(*_this).values(answer=bindparam("answer")))

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
        this = {"account_id": self.account_id, "route": self.route, "key": self.key}
        mine = _taken(**this, body_hash=self.body_hash, created_at=self.now)
        # A statement of its own: the other would not see what was committed while it waited.
        theirs = _known(**this)
        await together(self.session, mine, theirs)
        if not mine.rows:
            body_hash, answered = theirs.one()
            if body_hash != self.body_hash:
                raise Invalid(
                    "idempotency_key_reused",
                    "This Idempotency-Key was sent with another body before; use a new one.",
                )
            assert answered is not None, "the key and its answer are committed together"
            return model.model_validate_json(answered)
        answer = await act()
        at_commit(self.session, _answered(**this, answer=answer.model_dump_json()))
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
