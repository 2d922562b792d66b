"""Keeping prompts: saving, changing, using and deleting one's own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.battles.conversations import lock_account
from evenhand.core.errors import Conflict, Invalid, NotFound
from evenhand.core.ids import new_id
from evenhand.core.text import clean
from evenhand.prompts.schemas import Prompt, PromptChange, PromptList, PromptRequest
from evenhand.prompts.tables import SavedPromptRow
from evenhand.storage.together import at_commit
from evenhand.storage.writing import writing

MOST_PROMPTS = 100
"""How many prompts somebody may keep."""


async def prompts(session: AsyncSession, account_id: UUID | None) -> PromptList:
    """Somebody's prompts, the one used last first."""
    rows = await session.scalars(
        select(SavedPromptRow)
        .where(SavedPromptRow.account_id == account_id)
        .order_by(SavedPromptRow.used_at.desc(), SavedPromptRow.id.desc())
    )
    return PromptList(items=[_view(row) for row in rows], limit=MOST_PROMPTS)


async def save_prompt(
    session: AsyncSession, account_id: UUID, request: PromptRequest, now: datetime
) -> Prompt:
    """Keep a prompt. Raises `Conflict` where there are too many."""
    row = SavedPromptRow(
        id=new_id(),
        account_id=account_id,
        name=_line(request.name),
        text=_text(request.text),
        created_at=now,
        used_at=now,
    )
    await lock_account(session, account_id)  # or several at once would each find room
    kept = await session.scalar(select(func.count()).where(SavedPromptRow.account_id == account_id))
    if (kept or 0) >= MOST_PROMPTS:
        raise Conflict(
            "too_many_prompts",
            f"You keep {MOST_PROMPTS} prompts; delete one first.",
            extra={"limit": MOST_PROMPTS},
        )
    at_commit(session, writing([row]))
    return _view(row)


async def change_prompt(
    session: AsyncSession, account_id: UUID | None, prompt_id: UUID, change: PromptChange, now: datetime
) -> Prompt:
    """Change one's own prompt, or note that it was used."""
    row = await session.scalar(
        select(SavedPromptRow)
        .where(SavedPromptRow.id == prompt_id, SavedPromptRow.account_id == account_id)
        .with_for_update(key_share=True)
    )
    if row is None:
        raise _no_prompt()
    given = change.model_fields_set
    if "name" in given:
        row.name = _line(change.name)
    if "text" in given:
        row.text = _text(change.text)
    if "used" in given:
        row.used_at = now
    await session.flush()
    return _view(row)


async def delete_prompt(session: AsyncSession, account_id: UUID | None, prompt_id: UUID) -> None:
    """Delete one's own prompt."""
    own = (SavedPromptRow.id == prompt_id, SavedPromptRow.account_id == account_id)
    deleted = await session.execute(delete(SavedPromptRow).where(*own).returning(SavedPromptRow.id))
    if deleted.first() is None:
        raise _no_prompt()


def _line(name: str) -> str:
    """A name in one line. Raises `Invalid` where nothing is left of it."""
    return _not_empty(" ".join(clean(name).split()), "name")


def _text(text: str) -> str:
    return _not_empty(clean(text).strip(), "text")


def _not_empty(text: str, field: str) -> str:
    if not text:
        raise Invalid("invalid_request", f"The {field} is empty; write something.", extra={"field": field})
    return text


def _no_prompt() -> NotFound:
    return NotFound("not_found", "There is no such prompt among yours.")


def _view(row: SavedPromptRow) -> Prompt:
    return Prompt(id=row.id, name=row.name, text=row.text, created_at=row.created_at, used_at=row.used_at)
