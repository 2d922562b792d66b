"""What domains keep for a person: how it is taken along, how it is deleted. The application hands it in."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from evenhand.accounts.letters import Language
from evenhand.storage.engine import Database


@dataclass(frozen=True)
class Form:
    """How somebody wants to have what is theirs; what is for machines alone is JSON in every form."""

    kind: Literal["json", "markdown"]
    language: Language = "en"


class File(NamedTuple):
    """One file of an export, whole, by its path in it."""

    path: str
    content: bytes


def json_file(path: str, content: BaseModel) -> File:
    """A file of JSON for people to look into."""
    return File(f"{path}.json", content.model_dump_json(indent=2).encode())


Export = Callable[[Database, UUID, Form], AsyncIterator[File]]
"""Gives what a domain keeps for an account, file by file.

It is as slow as whoever takes it, so it reads in transactions of its own, none longer than a few files need.
"""

Erase = Callable[[AsyncSession, UUID], Awaitable[None]]
"""Deletes what a domain keeps for an account, in the transaction in which the account is deleted.

That of conversations is not among it, see `EraseChats`.
"""

EraseChats = Callable[[AsyncSession, Sequence[UUID]], Awaitable[None]]
"""Deletes what a domain keeps for conversations, in the transaction in which they become nobody's."""


@dataclass(frozen=True)
class Belongings:
    """All domains' ways to take along and to delete."""

    exports: Sequence[Export]
    erases: Sequence[Erase]
    erases_of_chats: Sequence[EraseChats]
    erases_after_chats: Sequence[Erase] = ()
    """For what questions write besides: one that is on its way is waited for by way of its conversation."""
