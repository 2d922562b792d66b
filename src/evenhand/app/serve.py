"""`evenhand serve`: several web processes on one port, one for the jobs, watched and ended together."""

import asyncio
import contextlib
import os
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

import uvloop
from rich.console import Console

from evenhand.app.child import command
from evenhand.app.ending import Ending
from evenhand.app.entering import enter_lineup, enter_terms, import_known_board
from evenhand.app.logging import configure_logging
from evenhand.app.migrations import upgrade
from evenhand.app.starting import address_of, database, listening, say_what_starts, watch_database
from evenhand.arenas import load_arenas
from evenhand.arenas.service import register_arenas
from evenhand.arenas.suggestions import load_suggestions
from evenhand.consent.terms import Terms, load_terms
from evenhand.contestants.lineup import Lineup, find_lineup
from evenhand.core.clock import now
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings, load_settings
from evenhand.core.supervised import ChildError, Supervised
from evenhand.core.tasks import running
from evenhand.storage.engine import Database

_CLOSE_SECONDS = 15.0
"""Seconds that a process gets beyond the drain to write how its answers ended."""


def run(workers: int) -> None:
    """Serve with so many processes until a signal ends them. Raises `StartError`."""
    settings = load_settings().model_copy(update={"local_models": False})
    configure_logging(settings.log_level)
    ending = Ending()
    console = Console(highlight=False)
    with ending.by_signals():
        uvloop.run(_serve(settings, workers, console, ending))
    console.print("Stopped.")


async def _serve(settings: Settings, workers: int, console: Console, ending: Ending) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    ending.in_order = lambda: loop.call_soon_threadsafe(over.set)
    terms = load_terms(settings.terms)
    lineup = await find_lineup(settings, load_arenas(), os.environ)
    load_suggestions(settings.suggestions, load_arenas())  # what is wrong there is said once, and here
    with listening(settings) as listener, database(settings) as (url, postgres):
        await asyncio.to_thread(upgrade, url)
        await _enter(url, lineup, terms)
        address = address_of(settings, listener)
        say_what_starts(console, settings, lineup, address)
        web = partial(command, "evenhand.app.worker", str(listener.fileno()))
        commands = [web(str(number), str(workers)) for number in range(workers)]
        os.environ["EVENHAND_DATABASE_URL"] = url
        if settings.address_key is None:  # the processes count requesters together
            os.environ["EVENHAND_ADDRESS_KEY"] = secrets.token_urlsafe(32)
        children = [
            Supervised(
                started_by,
                None,
                pass_fds=[listener.fileno()],
                end_by=signal.SIGTERM,
                patience=settings.drain_seconds + _CLOSE_SECONDS,
            )
            for started_by in [*commands, command("evenhand.app.work")]
        ]
        ending.in_order = _interrupting(children, over)
        ending.at_once = lambda: _signal(children, signal.SIGKILL)
        ending.drain = lambda: loop.call_soon_threadsafe(over.set)
        watch = [] if postgres is None else [watch_database(postgres)]
        async with running(*watch), _running(children, over):
            if not over.is_set():
                console.print(f"Open {address} ({workers} processes)", style="bold", markup=False)
            await over.wait()


def _interrupting(children: Sequence[Supervised], over: asyncio.Event) -> Callable[[], object]:
    """Ends the children without waiting for their answers, whether they drain already or not."""
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        for child in children:
            child.end_by = signal.SIGINT
        if over.is_set():
            _signal(children, signal.SIGINT)
        loop.call_soon_threadsafe(over.set)

    return interrupt


def _signal(children: Sequence[Supervised], number: signal.Signals) -> None:
    for child in children:
        if child.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)


@contextlib.asynccontextmanager
async def _running(children: Sequence[Supervised], over: asyncio.Event) -> AsyncIterator[None]:
    """All children at once: none waits for another, neither at the start nor in the end."""

    async def keep(child: Supervised) -> None:
        async with child:
            ready.release()
            await over.wait()

    async def all_ready() -> None:
        for _ in children:
            await ready.acquire()

    ready = asyncio.Semaphore(0)
    try:
        async with asyncio.TaskGroup() as group:
            for child in children:
                group.create_task(keep(child))
            async with running(over.wait(), all_ready()) as tasks:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            yield
    except* ChildError as errors:
        raise StartError(f"A process failed: {errors.exceptions[0]}") from None


async def _enter(url: str, lineup: Lineup, terms: Terms) -> None:
    arenas = load_arenas()
    store = Database(url, connections=4)
    try:
        async with store.unit_of_work() as work:
            arena_ids = await register_arenas(work.session, arenas, now())
        await enter_terms(store, terms, now())
        await enter_lineup(store, lineup.entries, arenas, arena_ids, now())
        await import_known_board(store, now())
    finally:
        await store.close()
