"""`evenhand work`: the arena's jobs in a process of their own, which `evenhand serve` has as a child."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import uvloop
from rich.console import Console

from evenhand.app.child import end_with_parent, say_ready
from evenhand.app.ending import Ending
from evenhand.app.jobs import jobs
from evenhand.app.located import database_url
from evenhand.app.logging import configure_logging
from evenhand.app.migrations import upgrade
from evenhand.battles import reaper
from evenhand.battles.reaper import Reaper
from evenhand.core.clock import now
from evenhand.core.settings import load_settings
from evenhand.core.tasks import repeat, running
from evenhand.gateway import Gateway
from evenhand.storage.engine import Database
from evenhand.storage.signals import Signals
from evenhand.storage.streams import Streams


def run() -> None:
    """Do the jobs of an arena until a signal ends them. Raises `StartError` when it cannot be reached."""
    settings = load_settings()
    configure_logging(settings.log_level)
    url = database_url(settings)
    upgrade(url)
    console = Console(highlight=False)
    _until_a_signal(url, lambda: console.print("Working. Ctrl-C ends it."))
    console.print("Stopped.")


def main() -> None:
    """Do the jobs as a child of `evenhand serve`."""
    settings = load_settings()
    configure_logging(settings.log_level)
    assert settings.database_url is not None, "its parent says where the database is"
    end_with_parent()
    _until_a_signal(settings.database_url, say_ready)


def _until_a_signal(url: str, on_ready: Callable[[], None]) -> None:
    ending = Ending()
    with ending.by_signals():
        uvloop.run(_work(url, ending, on_ready))


async def _work(url: str, ending: Ending, on_ready: Callable[[], None]) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    ending.in_order = lambda: loop.call_soon_threadsafe(over.set)
    async with AsyncExitStack() as stack:
        database = Database(url, connections=4)
        stack.push_async_callback(database.close)
        signals = Signals(database)
        streams = Streams(database, signals)
        gateway = await stack.enter_async_context(Gateway())
        for part in (
            signals,
            streams,
            jobs(database, signals, streams, gateway, now),
            running(repeat(Reaper(database, streams, now).sweep, reaper.PAUSE)),
        ):
            await stack.enter_async_context(part)
        on_ready()
        await over.wait()
