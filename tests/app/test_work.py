"""`evenhand work`: the jobs of an arena, whoever answers its requests."""

import asyncio
import signal

import psutil

from tests.support.house import House, heard, last_words


async def test_the_jobs_of_a_served_arena_have_a_process_that_is_replaced(house: House) -> None:
    async with house.up("serve", "--workers", "1") as started:
        voter = started.voter
        old = _worker(started.process.pid)
        old.kill()
        _, asked = await voter.battle()
        held = await voter.call("POST", f"/battles/{asked['battle_id']}/vote", {"choice": "a", "hold": 1})
        assert held.body["reveal"] is None
        # Nobody asks for it: it becomes final, and the board of the other process hears of it.
        async with asyncio.timeout(20):
            while (await voter.call("GET", "/boards/text")).body["votes"] < 1:
                pass
        assert _worker(started.process.pid).pid != old.pid


async def test_it_works_for_an_arena_that_runs_until_a_signal(house: House) -> None:
    async with house.up():
        worker = await house.start("work")
        assert await heard(worker, "Working.") == "Working. Ctrl-C ends it.\n"
        worker.send_signal(signal.SIGINT)
        assert await last_words(worker) == "Stopped.\n"
        assert worker.returncode == 0


async def test_without_an_arena_it_says_what_to_do(house: House) -> None:
    code, said = await house.run("work")
    assert (code, said.startswith("evenhand: No arena runs on ")) == (1, True)


def _worker(serving: int) -> psutil.Process:
    """The process with the jobs."""
    [one] = [child for child in psutil.Process(serving).children() if "evenhand.app.work" in child.cmdline()]
    return one
