"""What every start of an arena begins with: the port, the database, and what is said of both."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Iterator

import structlog
from rich.console import Console

from evenhand.accounts.ways import Way, email_way
from evenhand.app.version import VERSION
from evenhand.contestants.lineup import Lineup
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings
from evenhand.storage import external
from evenhand.storage.embedded import EmbeddedPostgres

_log = structlog.get_logger()

_LOOK_SECONDS = 2.0
_SIGN_IN: dict[Way, str] = {
    "mail": "Sign-in links are sent by mail.",
    "console": "Sign-in links are written here; with EVENHAND_SMTP_HOST they are sent by mail.",
    "off": "Nobody can sign in: that takes a mail server (EVENHAND_SMTP_HOST, docs/sign-in.md).",
}


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
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
def database(settings: Settings) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    """The address of the database; the embedded server is started, and stopped at the end."""
    if settings.database_url is not None:
        external.check(settings.database_url)
        yield settings.database_url, None
        return
    with EmbeddedPostgres.start(settings.data) as postgres:
        yield postgres.url, postgres


async def watch_database(postgres: EmbeddedPostgres) -> None:
    """Start the embedded server again whenever it has died."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            if await asyncio.to_thread(postgres.ensure_running):
                _log.warning("postgres_restarted")
        except StartError as error:
            _log.error("postgres_down", reason=str(error))


def address_of(settings: Settings, listener: socket.socket) -> str:
    """The address that people open."""
    if settings.public_url is not None:
        return settings.public_url
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


def say_what_starts(console: Console, settings: Settings, lineup: Lineup, address: str) -> None:
    """Say who competes, and what may cost money."""

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
    say(_SIGN_IN[email_way(settings)])
    if lineup.wants_demo_models:
        say("  Small demo models are added as soon as they are there (EVENHAND_LOCAL_MODELS=0: never).")
