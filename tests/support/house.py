"""`evenhand` as people run it: a process with a data directory of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import psutil
import yaml

from evenhand.storage.embedded import EmbeddedPostgres
from tests.support.arena import Answered, Voter
from tests.support.fake_provider import FakeProvider, Scenario

COMMAND = Path(sys.executable).with_name("evenhand")


class Started(NamedTuple):
    process: asyncio.subprocess.Process
    voter: Voter
    said: str


class House:
    """A data directory, a catalogue, and the environment that names both."""

    def __init__(self, folder: Path, provider: FakeProvider) -> None:
        self.provider = provider
        self.data = folder / "data"
        self.catalogue = folder / "catalogue.yaml"
        self.catalogue.write_text(
            yaml.safe_dump(
                {
                    "contestants": [
                        {
                            "slug": name,
                            "name": name.title(),
                            "endpoint": {"kind": "openai", "base_url": provider.base_url, "model": name},
                            "price": {"input": 1, "output": 2},
                        }
                        for name in ("swift", "calm")
                    ]
                }
            )
        )
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("EVENHAND_")
        } | {
            "EVENHAND_DATA": str(self.data),
            "EVENHAND_CATALOGUE": str(self.catalogue),
            "EVENHAND_PORT": "0",
        }

    async def run(self, *words: str, **more: str) -> tuple[int, str]:
        """A command to its end: its exit code, and all that it said."""
        process = await asyncio.create_subprocess_exec(
            COMMAND,
            *words,
            env=self.environment | more,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(60):
            said = (await process.communicate())[0].decode()
        assert process.returncode is not None
        return process.returncode, said

    async def start(self, *words: str, **more: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            COMMAND,
            *(words or ("up",)),
            env=self.environment | more,
            stdout=asyncio.subprocess.PIPE,
        )

    @asynccontextmanager
    async def up(self, *words: str, **more: str) -> AsyncIterator[Started]:
        process = await self.start(*words, **more)
        try:
            said = await heard(process, "Open http")
            async with Voter(said.rpartition("Open ")[2].split()[0]) as voter:
                yield Started(process, voter, said)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@asynccontextmanager
async def housed(folder: Path) -> AsyncIterator[House]:
    """A house in a folder, with two contestants that answer."""
    async with FakeProvider() as provider:
        provider.scenarios = {name: Scenario(text=f"{name} answers") for name in ("swift", "calm")}
        yield House(folder, provider)
    # A test may have left the server of a killed arena behind: the next owner adopts it, and ends it.
    if (folder / "data" / "postgresql").exists():
        EmbeddedPostgres.start(folder / "data").stop()


def workers_of(process: asyncio.subprocess.Process) -> list[psutil.Process]:
    """The web processes of `evenhand serve`, oldest first."""
    workers = []
    for child in psutil.Process(process.pid).children():
        with suppress(psutil.Error):  # it ends just now
            if "evenhand.app.worker" in child.cmdline():
                workers.append(child)
    return sorted(workers, key=lambda one: one.create_time())


async def heard(process: asyncio.subprocess.Process, words: str) -> str:
    """All that a process says up to the end of the line with these words."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(60):
        while words not in said:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended: {said}"
            said += line
    return said


async def last_words(process: asyncio.subprocess.Process) -> str:
    """What it says until it is gone."""
    async with asyncio.timeout(20):
        return (await process.communicate())[0].decode()


async def eventually(ask: Callable[[], Awaitable[Answered]]) -> Answered:
    """The answer once there is one: another process has to notice first."""
    async with asyncio.timeout(20):
        while (answered := await ask()).status == 404:  # noqa: ASYNC110 - nothing here to be waited for
            await asyncio.sleep(0.1)
    return answered
