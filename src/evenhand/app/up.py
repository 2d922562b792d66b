"""`evenhand up`: everything an arena needs, started in order, watched, and ended together."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop
from rich.console import Console

from evenhand.app.ending import Ending
from evenhand.app.logging import configure_logging
from evenhand.app.migrations import upgrade
from evenhand.app.starting import database, listening
from evenhand.arenas import load_arenas
from evenhand.contestants.lineup import find_lineup
from evenhand.core.loading import loading
from evenhand.core.settings import Settings, load_settings


def run() -> None:
    """Start the arena and run it until a signal ends it. Raises `StartError`."""
    settings = load_settings()
    configure_logging(settings.log_level)
    console = Console(highlight=False)
    ending = Ending()
    with ending.by_signals(), contextlib.suppress(asyncio.CancelledError):
        uvloop.run(_up(settings, console, ending))
    kept = "the database of EVENHAND_DATABASE_URL" if settings.database_url else str(settings.data)
    console.print(
        f"Stopped. Your data is in {kept}; start it again with the same command to go on.",
        markup=False,
        soft_wrap=True,
    )


async def _up(settings: Settings, console: Console, ending: Ending) -> None:
    ending.in_order = _cancel_this_task()
    arena = asyncio.create_task(asyncio.to_thread(_loaded))
    lineup = await find_lineup(settings, load_arenas(), os.environ)
    with listening(settings) as listener, database(settings) as (url, postgres):
        if postgres is not None:
            # It would go on without this process, in a session of its own.
            ending.at_once = lambda: os.kill(postgres.process_id, signal.SIGINT)
        open_arena = await arena
        await asyncio.to_thread(upgrade, url)
        await open_arena(settings, lineup, listener, url, postgres, console, ending)


def _loaded() -> Callable[..., Coroutine[Any, Any, None]]:
    """What serves the arena. Loading it takes longer than all else, which goes on meanwhile."""
    with loading():
        from evenhand.app.opening import open_arena
    return open_arena


def _cancel_this_task() -> Callable[[], object]:
    """What a signal handler can call to cancel the running task."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None, "this is called in a task"
    return lambda: loop.call_soon_threadsafe(task.cancel)
