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


async def test_repeated_work_may_begin_later() -> None:
    begun: list[str] = []
    done = asyncio.Event()

    async def late() -> None:
        begun.append("late")

    async def early() -> None:
        begun.append("early")
        done.set()

    async with running(repeat(late, 60, after=60), repeat(early, 60)):
        await asyncio.wait_for(done.wait(), 5)
    assert begun == ["early"]
