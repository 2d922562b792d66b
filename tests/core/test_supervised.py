import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from evenhand.core.supervised import ChildError, Supervised

WORKS = "import sys; print('ready', flush=True); sys.stdin.read()"
DIES = "import sys; sys.exit('no model here')"
MUTE = "import sys; print('hello', flush=True); sys.stdin.read()"
CALLS = """
import socket, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("ready", flush=True)
sys.stdin.read()
"""
PARENT = """
import asyncio, pathlib, sys
from evenhand.core.supervised import Supervised

async def main():
    command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
    async with Supervised(command, pathlib.Path(sys.argv[3])):
        await asyncio.Event().wait()

asyncio.run(main())
"""


class Waits:
    """Sleeps that take no time and are remembered; `began` is set at each."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.began = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self.began.set()


async def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    waits = Waits()
    async with Supervised([sys.executable, "-c", WORKS], tmp_path / "log", sleep=waits) as child:
        assert child.ready.is_set()
        for _ in range(3):
            before = child.pid
            assert before is not None
            waits.began.clear()
            os.kill(before, signal.SIGKILL)
            await waits.began.wait()
            await child.ready.wait()
            assert child.pid != before
    assert waits.seconds == [0.5, 1.0, 2.0]


async def test_the_wait_is_short_again_after_a_long_life(tmp_path: Path) -> None:
    waits, moment = Waits(), iter(range(0, 10_000, 100))
    async with Supervised(
        [sys.executable, "-c", WORKS], tmp_path / "log", sleep=waits, monotonic=lambda: float(next(moment))
    ) as child:
        for _ in range(3):
            assert child.pid is not None
            waits.began.clear()
            os.kill(child.pid, signal.SIGKILL)
            await waits.began.wait()
            await child.ready.wait()
    assert waits.seconds == [0.5, 0.5, 0.5]


async def test_the_child_ends_with_the_block(tmp_path: Path) -> None:
    async with Supervised([sys.executable, "-c", WORKS], tmp_path / "log") as child:
        pid = child.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_child_that_never_works_is_given_up_and_its_words_are_in_the_log(tmp_path: Path) -> None:
    waits, log = Waits(), tmp_path / "log"
    with pytest.raises(ChildError, match=rf"it does not start \(no model here\); {log} says more"):
        await Supervised([sys.executable, "-c", DIES], log, sleep=waits).__aenter__()
    assert log.read_text() == "no model here\n" * 3
    assert len(waits.seconds) == 2


async def test_a_child_that_says_something_else_is_not_taken_for_ready(tmp_path: Path) -> None:
    with pytest.raises(ChildError):
        await Supervised([sys.executable, "-c", MUTE], tmp_path / "log", sleep=Waits()).__aenter__()


async def test_the_child_ends_even_when_the_parent_is_killed(tmp_path: Path) -> None:
    connected, gone = asyncio.Event(), asyncio.Event()

    async def line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connected.set()
        await reader.read()  # ends when the child, which alone holds the other end, does
        gone.set()
        writer.close()

    server = await asyncio.start_server(line, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PARENT, CALLS, str(port), str(tmp_path / "log")
        )
        await connected.wait()
        parent.kill()
        await parent.wait()
        await gone.wait()
