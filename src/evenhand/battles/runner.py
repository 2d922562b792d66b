"""Running turns: both sides' calls at once, each on its own, from the first byte to the row that ends it."""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Self
from uuid import UUID

import structlog
from psycopg import Error as DriverError
from psycopg import OperationalError as DriverOperationalError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from evenhand.battles import reaper
from evenhand.battles.answers import Answer
from evenhand.battles.beginning import Begun, Job, begin_queued
from evenhand.battles.calling import Caller
from evenhand.battles.events import BattleStreamEvent
from evenhand.battles.in_line import InLine
from evenhand.battles.limits import check_all_turns
from evenhand.battles.orphans import INTERRUPTED, end_queued
from evenhand.battles.outages import note_failure
from evenhand.battles.pacing import Pacing
from evenhand.battles.reaper import Reaper
from evenhand.battles.redraw import redraw
from evenhand.battles.responses import Outcome, end, settle
from evenhand.battles.tables import ResponseRow
from evenhand.core.clock import Clock
from evenhand.core.errors import Unavailable
from evenhand.core.settings import Settings
from evenhand.core.tasks import repeat
from evenhand.gateway import GatewayError
from evenhand.storage.engine import Database, UnitOfWork
from evenhand.storage.streams import Streams

_log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
"""Seconds between two tries to write how a call ended."""


@dataclass
class _Run:
    """One call under way. `stopped` tells a cancellation by the user from one by the shutdown."""

    job: Job
    answer: Answer
    call: asyncio.Task[None]
    in_line: InLine | None
    stopped: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Runner:
    """The turns that run in this process."""

    def __init__(
        self,
        database: Database,
        streams: Streams,
        caller: Caller,
        pacing: Pacing,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._streams = streams
        self._caller = caller
        self._pacing = pacing
        self._settings = settings
        self._clock = clock
        self._reaper = Reaper(database, streams, clock)
        self._runs: dict[UUID, dict[UUID, _Run]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._asking: set[UnitOfWork] = set()
        self._stopping: set[UUID] = set()
        self._draining = False

    async def __aenter__(self) -> Self:
        self._spawn(repeat(self.sweep, reaper.PAUSE))
        return self

    async def __aexit__(self, *_: object) -> None:
        """End what runs: its text so far is kept, and the page offers to try again."""
        runs = [run for turn in self._runs.values() for run in turn.values()]
        for run in runs:
            self._abort(run)
        await asyncio.gather(*(run.ended.wait() for run in runs))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def draining(self) -> bool:
        """Whether this process is to end: what runs goes on, nothing new is begun."""
        return self._draining

    def check_open(self) -> None:
        """Raise `Unavailable` where nothing new is begun any more."""
        if self._draining:
            raise Unavailable(
                "restarting", "The arena is being restarted; try again in some seconds.", retry_after=10
            )

    def check_room(self, work: UnitOfWork) -> None:
        """Raise `Unavailable` where nothing new is begun, or as many turns run here as may.

        Until `work` has ended, room is kept for the turn that it asks for: so a burst finds no gap.
        """
        self.check_open()
        check_all_turns(len(self._runs) + len(self._asking), self._settings)
        self._asking.add(work)
        work.at_end(partial(self._asking.discard, work))

    async def drain(self, seconds: float) -> None:
        """Begin nothing new, and wait until what runs has ended, at most so long."""
        self._draining = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._runs:
                    runs = [run for turn in self._runs.values() for run in turn.values()]
                    await asyncio.gather(*(run.ended.wait() for run in runs))

    async def begin(self, work: UnitOfWork, turn_id: UUID) -> None:
        """Begin every queued response of a turn; see `run`."""
        self.run(work, await begin_queued(work.session, turn_id, self._pacing.arenas, self._clock()))

    def run(self, work: UnitOfWork, begun: Begun) -> None:
        """Make the calls of answers that have begun, once the transaction is committed.

        Connections are opened meanwhile.
        """
        self._caller.expect(job.configuration.endpoint for job in begun.jobs)
        work.after_commit(partial(self._run, begun))

    def runs(self, turn_id: UUID) -> bool:
        """Whether something of a turn runs in this process."""
        return turn_id in self._runs

    async def stop(self, turn_id: UUID) -> None:
        """Abort a turn's calls in this process; returns once the rows say so. What has come stays."""
        self._stopping.add(turn_id)
        try:
            while runs := list(self._runs.get(turn_id, {}).values()):
                for run in runs:
                    run.stopped = True
                    self._abort(run)
                await asyncio.gather(*(run.ended.wait() for run in runs))
            async with self._database.unit_of_work() as work:
                queued = await work.session.scalars(
                    select(ResponseRow.id).where(
                        ResponseRow.turn_id == turn_id, ResponseRow.status == "queued"
                    )
                )
                events = [
                    event for one in queued.all() for event in await end_queued(work.session, one, "stopped")
                ]
            self._publish(events)
        finally:
            self._stopping.discard(turn_id)

    def _abort(self, run: _Run) -> None:
        run.call.cancel()
        self._pacing.hurry(run.job.turn_id, run.answer)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _run(self, begun: Begun) -> None:
        self._publish(begun.events)
        answers = [Answer(job, self._streams, paced=job.paced) for job in begun.jobs]
        in_line = InLine(begun.waiting, answers, self._streams.publish) if begun.waiting else None
        for job, answer in zip(begun.jobs, answers, strict=True):
            if job.paced:
                self._pacing.join(job.turn_id, answer, in_line.look if in_line is not None else None)
            run = _Run(job, answer, asyncio.create_task(self._call(job, answer, in_line)), in_line)
            self._runs.setdefault(job.turn_id, {})[job.response_id] = run
            self._spawn(self._watch(run))

    async def _call(self, job: Job, answer: Answer, in_line: InLine | None) -> None:
        def begun() -> None:
            answer.begin()
            if in_line is not None:
                in_line.called(blind=job.paced)

        await self._caller.call(
            job.configuration,
            job.messages,
            answer.take,
            asker=job.account_id,
            limits=job.limits,
            begun=begun,
        )

    async def _watch(self, run: _Run) -> None:
        await asyncio.wait([run.call])
        run.answer.end()
        if run.job.paced:
            await self._pacing.shown(run.job.turn_id, run.answer)
        if run.in_line is not None:
            run.in_line.look()
        try:
            outcome = await asyncio.to_thread(_outcome, run)
            await self._end(run, outcome)
        finally:
            turn = self._runs[run.job.turn_id]
            del turn[run.job.response_id]
            if not turn:
                del self._runs[run.job.turn_id]
            run.ended.set()

    async def _end(self, run: _Run, outcome: Outcome) -> None:
        """Write how a call ended, however long the database is away; its lease is renewed meanwhile."""
        if outcome.cause and outcome.error != INTERRUPTED:
            # The cause is in the attempt's row: providers like to repeat what they were asked.
            _log.warning("answer_failed", response=str(run.job.response_id), error=outcome.error)
        pause = FIRST_PAUSE
        while True:
            try:
                await self._write_end(run, outcome)
                return
            except (OperationalError, DriverOperationalError, PoolTimeoutError) as error:
                _log.warning("end_not_written", reason=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            except (SQLAlchemyError, DriverError) as error:
                _log.error("answer_not_stored", response=str(run.job.response_id), exc_info=error)
                if not outcome.parts and outcome.style is None:
                    return  # not even the bare failure: it ends as an orphan
                outcome = Outcome("failed", error="failed", cost_usd=outcome.cost_usd)

    async def _write_end(self, run: _Run, outcome: Outcome) -> None:
        job = run.job
        now = self._clock()
        await self._streams.flush()
        async with self._database.unit_of_work() as work:
            response, battle, events = await end(work.session, job.attempt_id, outcome, now)
            if outcome.error is not None:
                await note_failure(work.session, response.configuration_id, outcome.error, now)
            redrawn = None
            if self._may_redraw(job, outcome) and events:
                redrawn = await redraw(
                    work.session, response, battle, self._caller.has_room, self._settings, now
                )
            if redrawn is None:
                if outcome.status == "failed":
                    events += await settle(work.session, battle, job.turn_id)
                work.after_commit(partial(self._publish, events))
            else:
                events += redrawn[1]
                work.after_commit(partial(self._moved, job.turn_id, redrawn[0].id, events))
                await self.begin(work, job.turn_id)

    def _moved(self, turn_id: UUID, battle_id: UUID, events: Sequence[BattleStreamEvent]) -> None:
        """A turn goes on in another battle; what its healthy side says from now on belongs there."""
        for run in self._runs.get(turn_id, {}).values():
            run.answer.move(battle_id)
        self._publish(events)

    def _may_redraw(self, job: Job, outcome: Outcome) -> bool:
        return (
            outcome.status == "failed" and outcome.error != INTERRUPTED and job.turn_id not in self._stopping
        )

    async def sweep(self) -> None:
        """Renew the leases of what runs here, and end what nobody runs any more."""
        held = [run.job.attempt_id for turn in self._runs.values() for run in turn.values()]
        await self._reaper.sweep(held)

    def _publish(self, events: Sequence[BattleStreamEvent]) -> None:
        for event in events:
            self._streams.publish(event)


def _outcome(run: _Run) -> Outcome:
    """How a call ended, from how its task did."""
    if run.call.cancelled():
        return run.answer.stopped() if run.stopped else run.answer.failed(INTERRUPTED, "shut down")
    error = run.call.exception()
    if error is None:
        return run.answer.done()
    if isinstance(error, GatewayError):
        return run.answer.failed(error.code, error.cause)
    _log.error("call_broke", exc_info=error)
    return run.answer.failed("failed", repr(error))
