"""The arena of `evenhand up` once its port, its database and its lineup are there: served until it ends."""

import socket

from rich.console import Console

from evenhand.app.application import Parts, create_app
from evenhand.app.ending import Ending
from evenhand.app.entering import enter_terms, import_known_board
from evenhand.app.residents import Residents
from evenhand.app.server import ArenaServer
from evenhand.app.starting import address_of, say_what_starts
from evenhand.contestants.console_report import ConsoleReport
from evenhand.contestants.lineup import Lineup
from evenhand.core.clock import now
from evenhand.core.settings import Settings
from evenhand.storage.embedded import EmbeddedPostgres
from evenhand.storage.engine import Database


async def open_arena(
    settings: Settings,
    lineup: Lineup,
    listener: socket.socket,
    url: str,
    postgres: EmbeddedPostgres | None,
    console: Console,
    ending: Ending,
) -> None:
    """Say what starts and, once the page answers, where it is. `url` is that of a migrated database."""
    residents = Residents(settings, lineup, postgres, ConsoleReport(console))
    parts = Parts(beside=residents.beside, bring_boards=import_known_board)
    app = create_app(settings, url, parts)
    database = Database(url, connections=2)
    try:
        await enter_terms(database, app.state.terms, now())
    finally:
        await database.close()
    address = address_of(settings, listener)
    say_what_starts(console, settings, lineup, address)
    server = ArenaServer(app, ending, lambda: console.print(f"Open {address}", style="bold", markup=False))
    await server.serve([listener])
