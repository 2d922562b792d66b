"""An arena as a process of its own, for tests that kill it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import psycopg

from evenhand.arenas import load_arenas
from evenhand.arenas.service import register_arenas
from evenhand.contestants.catalogue import CatalogueEntry
from evenhand.contestants.configurations import Endpoint
from evenhand.contestants.service import set_lineup
from evenhand.core.clock import now
from evenhand.storage.engine import Database
from tests.support.arena import Voter
from tests.support.fake_provider import FakeProvider

_SERVE = """
import socket, sys, time, uvicorn
from datetime import timedelta
from evenhand.app.application import Parts, create_app
from evenhand.app.logging import configure_logging
from evenhand.app.server import KEEP_SECONDS
from evenhand.battles import reaper
from evenhand.core.clock import now
from evenhand.core.settings import Settings
reaper.LEASE = timedelta(0)
behind, time_ns = float(sys.argv[2]), time.time_ns
time.time_ns = lambda: time_ns() - int(behind * 1e9)
configure_logging("error")
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
settings = Settings(guest_turns_per_hour=10**6, guest_turns_at_once=20)
app = create_app(settings, sys.argv[1], Parts(clock=lambda: now() - timedelta(seconds=behind)))
config = uvicorn.Config(app, log_level="warning", timeout_keep_alive=KEEP_SECONDS)
uvicorn.Server(config).run([listener])
"""


@asynccontextmanager
async def serving(
    database_url: str, provider: FakeProvider, *, behind: timedelta = timedelta(0)
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Voter]]:
    """An arena on the database, with every model of the provider in its lineup, and somebody to use it.

    Its clock is `behind` by so much. It has seen the database for long enough when it starts: it ends at once
    what has a lapsed lease, for it may be killed sooner than it would have looked for a whole one.
    """
    await _enter(database_url, provider)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _SERVE,
        database_url,
        str(behind.total_seconds()),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    port = int(await process.stdout.readline())
    try:
        async with Voter(f"http://127.0.0.1:{port}") as voter:
            await _ready(voter)
            yield process, voter
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _ready(voter: Voter) -> None:
    """The port is open before the application is: the first request waits for it."""
    async with asyncio.timeout(30):
        while True:
            try:
                await voter.call("GET", "/health")
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
            else:
                return


async def _enter(database_url: str, provider: FakeProvider) -> None:
    arenas = load_arenas()
    database = Database(database_url)
    entries = [
        CatalogueEntry(
            slug=model.removesuffix("-model"),
            name=model,
            endpoint=Endpoint(kind="openai", base_url=provider.base_url, model=model),
        )
        for model in provider.scenarios
    ]
    async with database.unit_of_work() as work:
        ids = await register_arenas(work.session, arenas, now())
        await set_lineup(work.session, entries, arenas, ids, now())
    await database.close()


async def stored(database_url: str, turn_id: str) -> None:
    """Waits until something of both sides' answers is in the database."""
    query = (
        "SELECT count(DISTINCT data::json->>'side') FROM stream_event WHERE turn_id = %s AND kind = 'delta'"
    )
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        async with asyncio.timeout(10):
            while True:
                row = await (await connection.execute(query, (turn_id,))).fetchone()
                if row is not None and row[0] == 2:
                    return
                await asyncio.sleep(0.02)


async def lapse_leases(database_url: str) -> None:
    """Lets the time pass that a dead process is believed to live."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute("UPDATE attempt SET lease_until = now() - interval '1 second'")
