"""Two arenas on one database, as two processes of `evenhand serve` are, in this one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.support.arena import Arena, Voter, running_arena


class Pair(NamedTuple):
    """The arenas, and people who reach both."""

    one: Arena
    other: Arena

    async def voter(self) -> tuple[Voter, Voter]:
        """One person at each of them."""
        here, there = self.one.voter(), self.other.voter()
        await here.begin()
        there.cookie = here.cookie
        return here, there


@asynccontextmanager
async def running_pair(database_url: str, **options: Any) -> AsyncIterator[Pair]:
    """Both, with `options` of `running_arena`. The models of the first one's provider are to be entered."""
    async with running_arena(database_url, **options) as one, running_arena(database_url, **options) as other:
        yield Pair(one, other)
