"""`evenhand up`: everything an arena needs, started in order, watched, and ended together."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
import uvloop
from fastapi import FastAPI
from rich.console import Console

from evenhand.app.application import Parts, create_app
from evenhand.app.ending import Ending
from evenhand.app.logging import configure_logging
from evenhand.app.migrations import upgrade
from evenhand.app.residents import Residents
from evenhand.app.version import VERSION
from evenhand.arenas import load_arenas
from evenhand.contestants.console_report import ConsoleReport
from evenhand.contestants.lineup import Lineup, find_lineup
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings, load_settings
from evenhand.storage import external
from evenhand.storage.embedded import EmbeddedPostgres

_CLOSE_SECONDS = 5


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
    lineup = await find_lineup(settings, load_arenas(), os.environ)
    with _listening(settings) as listener, _database(settings) as (url, postgres):
        if postgres is not None:
            # It would go on without this process, in a session of its own.
            ending.at_once = lambda: os.kill(postgres.process_id, signal.SIGINT)
        await asyncio.to_thread(upgrade, url)
        residents = Residents(settings, lineup, postgres, ConsoleReport(console))
        app = create_app(settings, url, Parts(beside=residents.beside))
        address = _address(settings, listener)
        _say_what_starts(console, settings, lineup, address)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_CLOSE_SECONDS,
            server_header=False,
        )
        server = _Server(config, app, f"Open {address}", console)
        ending.in_order = server.end
        ending.drain = server.drain
        await server.serve([listener])


def _cancel_this_task() -> Callable[[], object]:
    """What a signal handler can call to cancel the running task."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None, "this is called in a task"
    return lambda: loop.call_soon_threadsafe(task.cancel)


class _Server(uvicorn.Server):
    """Says when it can be used, and lets readers go at once when it is to end."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, ready: str, console: Console) -> None:
        super().__init__(config)
        self._arena = app
        self._ready = ready
        self._console = console
        self._loop = asyncio.get_running_loop()
        self._draining: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._console.print(self._ready, style="bold", markup=False)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are not its own to take: there is a database to be stopped after it."""
        yield

    def end(self) -> None:
        """End soon, interrupting what runs; may be called in a signal handler."""
        self.should_exit = True

    def drain(self) -> None:
        """End once what runs has ended; may be called in a signal handler."""
        self._loop.call_soon_threadsafe(self._begin_to_drain)

    def _begin_to_drain(self) -> None:
        if not self.started:
            self.end()
        elif self._draining is None:
            self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        seconds = self._arena.state.settings.drain_seconds
        await self._arena.state.runner.drain(seconds)
        self.end()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Connections are closed in the same breath: no reader comes back to this process.
        self._arena.state.streams.let_readers_go()
        await super().shutdown(sockets)


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything else is started."""
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        help_ = (
            "end what uses it, or set EVENHAND_PORT"
            if error.errno == errno.EADDRINUSE
            else "set EVENHAND_HOST to an address of this machine and EVENHAND_PORT to a port you may use"
        )
        raise StartError(
            f"Port {settings.port} on {settings.host} cannot be used ({reason}): {help_}."
        ) from None
    with listener:
        yield listener


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    """The address of the database; the embedded server is started, and stopped at the end."""
    if settings.database_url is not None:
        external.check(settings.database_url)
        yield settings.database_url, None
        return
    with EmbeddedPostgres.start(settings.data) as postgres:
        yield postgres.url, postgres


def _address(settings: Settings, listener: socket.socket) -> str:
    if settings.public_url is not None:
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


def _say_what_starts(console: Console, settings: Settings, lineup: Lineup, address: str) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, soft_wrap=True)

    say(f"Evenhand {VERSION} on {address}")
    say(f"Database: {(settings.database_url and 'EVENHAND_DATABASE_URL') or settings.data}")
    for one in lineup.found:
        cost = "may cost money" if one.may_cost else "free"
        say(f"  {one.entry.name} ({one.entry.slug}), from {one.origin}: {cost}")
    if not lineup.found:
        say("  No contestants were found; docs/contestants.md says how to add some.")
    for note in lineup.notes:
        say(f"  {note}")
    if any(one.may_cost for one in lineup.found):
        say(
            f"At most {settings.daily_budget_usd:g} USD a day are spent (EVENHAND_DAILY_BUDGET_USD); "
            f"a guest may ask {settings.guest_turns_per_hour} questions an hour. "
            "`evenhand pause` stops all spending."
        )
    if lineup.wants_demo_models:
        say("  Small demo models are added as soon as they are there (EVENHAND_LOCAL_MODELS=0: never).")
