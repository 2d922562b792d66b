"""Votes that were held become final when their time has come, whether their voter is still there or not."""

from collections.abc import Awaitable, Callable

from evenhand.battles import votes
from evenhand.core.clock import Clock
from evenhand.storage.engine import Database
from evenhand.storage.streams import Streams

PAUSE = 0.5
"""Seconds between two looks for votes that are due."""


class HeldVotes:
    """Looks for votes that are due, in every process; whoever is first makes one final."""

    def __init__(
        self, database: Database, streams: Streams, clock: Clock, voted: Callable[[], Awaitable[None]]
    ) -> None:
        self._database = database
        self._streams = streams
        self._clock = clock
        self._voted = voted

    async def finalise(self) -> None:
        """Make every vote final that is due, each in a transaction of its own."""
        now = self._clock()
        for (battle_id,) in await self._database.look(votes.due_battles(now)):
            async with self._database.unit_of_work() as work:
                events = await votes.finalise_if_due(work.session, battle_id, now)
            for event in events:
                self._streams.publish(event)
            if events:
                await self._voted()
