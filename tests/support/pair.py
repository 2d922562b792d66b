"""Two arenas on one database, as two processes of `evenhand serve` are, in this one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests.support.arena import Arena, Heard, Voter, begun, running_arena, settled


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

    async def heard_over_a_break(self, breaks: Callable[[], object]) -> list[Heard]:
        """What a reader at one hears of a question at the other, as the line breaks amid the answers."""
        here, there = await self.voter()
        conversation = await here.begin()
        async with there.follow(conversation) as listener:
            await here.ask(conversation)
            await listener.until(begun)
            breaks()
            async for _ in listener.events():
                pass  # what was announced meanwhile is lost, so the readers are sent back
        heard = listener.heard
        async with there.follow(conversation, heard[-1].id) as listener:
            return [*heard, *await listener.until(settled)]


@asynccontextmanager
async def running_pair(database_url: str, **options: Any) -> AsyncIterator[Pair]:
    """Both, with `options` of `running_arena`. The models of the first one's provider are to be entered."""
    async with running_arena(database_url, **options) as one, running_arena(database_url, **options) as other:
        yield Pair(one, other)
