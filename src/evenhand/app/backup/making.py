"""`evenhand backup`: what an arena holds at one moment, in one file. The arena may run, and goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from evenhand.app.backup.container import DATABASE, BackupWriter, Origin
from evenhand.app.backup.holdings import holdings, place, revision
from evenhand.app.backup.newfile import new_file
from evenhand.app.backup.programs import access, find, output
from evenhand.app.backup.progress import bar, pieces
from evenhand.app.starting import database
from evenhand.app.version import VERSION
from evenhand.core.clock import now
from evenhand.core.errors import StartError
from evenhand.core.settings import Settings, load_settings
from evenhand.storage import cluster, embedded
from evenhand.storage.engine import psycopg_url


def back_up(file: Path | None) -> str:
    """Back up the arena of the settings to a new file; a line that says what is in it.

    A folder, or None for the one that this runs in, gets a file named after the time.
    Raises `InputError` for a file that is there already or cannot be written, `StartError` when there is no
    arena, its database cannot be read, or the disk is full.
    """
    settings = load_settings()
    moment = now()
    if file is None or file.is_dir():
        file = (file or Path()) / f"evenhand-{moment:%Y%m%dT%H%M%SZ}.tar"
    with _database(settings) as url, new_file(file) as stream:
        said = _write(BackupWriter(stream, moment), url, place(settings), moment)
    return f"Backed up {said} of {place(settings)} to {file} ({file.stat().st_size / 1e6:,.1f} MB)."


def _write(writer: BackupWriter, url: str, whose: str, made_at: datetime) -> str:
    """Write the back-up; what is in it."""
    address = psycopg_url(url).replace("+psycopg", "", 1)
    try:
        with psycopg.connect(address) as connection:
            # What is said of the dump, and the dump itself, are of the same moment.
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            schema = revision(connection)
            if schema is None:
                raise StartError(f"There is nothing to back up: no arena was ever started on {whose}.")
            said = holdings(connection)
            server = connection.info
            program = find(
                "pg_dump", server.server_version // 10_000, encrypted=bool(connection.pgconn.ssl_in_use)
            )
            reached, environment = access(address, connection)
            command = [
                program.path,
                "--format=custom",
                f"--snapshot={_snapshot(connection)}",
                f"--dbname={reached}",
            ]
            with bar("Backing up") as progress, output(command, environment=environment) as dump:
                writer.add(DATABASE, pieces(dump, progress))
            version = server.parameter_status("server_version") or ""
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"The database cannot be backed up ({reason}): see that it can be used.") from None
    writer.finish(Origin(made_at, VERSION, schema, version, program.version))
    return said


def _snapshot(connection: psycopg.Connection[Any]) -> str:
    """What lets another connection see the database as this transaction does."""
    row = connection.execute("SELECT pg_export_snapshot()").fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The address of the arena's database, which is started where no arena runs."""
    if settings.database_url is None:
        running = embedded.attach(settings.data)
        if running is not None:
            yield running
            return
        if not cluster.directory(settings.data.expanduser()).exists():
            raise StartError(
                f"There is no arena in {settings.data}: set EVENHAND_DATA to the folder of the one that is "
                "to be backed up."
            )
    with database(settings) as (url, _):
        yield url
