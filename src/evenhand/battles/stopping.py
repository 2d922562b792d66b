"""Stopping a turn, in whichever process it runs."""

import asyncio
from uuid import UUID

from sqlalchemy import select

from evenhand.battles.runner import Runner
from evenhand.battles.tables import ResponseRow
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals

STOP = "evenhand_stop"
LOOKS, PAUSE = 100, 0.05
"""How often, and every how many seconds, to look whether another process has stopped a turn."""


class Stopper:
    """Stops turns here and asks the other processes to."""

    def __init__(self, database: Database, signals: Signals, runner: Runner) -> None:
        self._database = database
        self._signals = signals
        self._runner = runner
        self._tasks: set[asyncio.Task[None]] = set()
        signals.on(STOP, self._asked)

    async def stop(self, turn_id: UUID) -> None:
        """Abort a turn's calls; returns once the rows say so. What has come stays.

        A turn whose process is dead goes on in the rows until it ends as an orphan.
        """
        await self._runner.stop(turn_id)
        if not await self._is_streaming(turn_id):
            return
        await self._signals.send(STOP, str(turn_id))
        for _ in range(LOOKS):
            if not await self._is_streaming(turn_id):
                return
            await asyncio.sleep(PAUSE)

    async def _asked(self, turn_id: str) -> None:
        if self._runner.runs(UUID(turn_id)):
            # The next signal does not wait for this one's end.
            task = asyncio.create_task(self._runner.stop(UUID(turn_id)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _is_streaming(self, turn_id: UUID) -> bool:
        async with self._database.unit_of_work() as work:
            streaming = select(ResponseRow.id).where(
                ResponseRow.turn_id == turn_id, ResponseRow.status == "streaming"
            )
            return await work.session.scalar(streaming.limit(1)) is not None
