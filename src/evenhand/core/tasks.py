"""Tasks that live exactly as long as a block, and work that is done again and again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog

LONGEST_PAUSE = 2.0
"""Seconds to which repeated failures stretch a shorter pause."""

_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def running(*work: Coroutine[Any, Any, Any]) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Run coroutines as tasks beside the block, and cancel what still runs when it is left."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def repeat(work: Callable[[], Awaitable[None]], pause: float, *, after: float = 0) -> None:
    """Wait `after` seconds, do `work`, wait `pause` seconds, do it again, and so on until cancelled.

    No exception ends it, for nobody would notice: it is logged, and each failure in a row doubles the wait.
    """
    failures = 0
    if after:
        await asyncio.sleep(after)
    while True:
        try:
            await work()
        except Exception as error:
            failures += 1
            # A database that is away for a while says the same each time.
            told = {"exc_info": error} if failures == 1 else {"reason": type(error).__name__}
            _log.error("repeated_work_failed", work=work.__qualname__, failures=failures, **told)
        else:
            failures = 0
        await asyncio.sleep(max(pause, min(pause * 2.0**failures, LONGEST_PAUSE)))
