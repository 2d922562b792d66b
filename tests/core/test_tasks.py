"""Work that is done again and again."""

import asyncio

from evenhand.core.tasks import repeat, running


async def test_repeated_work_goes_on_after_any_exception() -> None:
    done = asyncio.Event()
    faults = iter([ValueError(), KeyError(), None])

    async def work() -> None:
        fault = next(faults, None)
        if fault is not None:
            raise fault
        done.set()

    async with running(repeat(work, 0.0)):
        await asyncio.wait_for(done.wait(), 5)
