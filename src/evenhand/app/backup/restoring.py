"""`evenhand restore`: an arena as it was when a back-up was made.

Everything that the database is to be happens in one transaction: what it held is dropped, the dump is
carried out, the migrations are run. Whatever goes wrong, the database is as it was before.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from evenhand.app import migrations
from evenhand.app.backup import script
from evenhand.app.backup.container import DATABASE, BackupReader, opened
from evenhand.app.backup.holdings import holdings, place, revision
from evenhand.app.backup.programs import Program, find, major_of, output
from evenhand.app.backup.progress import bar
from evenhand.app.starting import database
from evenhand.app.version import VERSION
from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings
from evenhand.storage.engine import APPLICATION

LOCK_TIMEOUT = "10s"
"""How long to wait for somebody else's transaction, in PostgreSQL's words."""
_LINES = 10_000
"""Lines of a script between two looks at how far it is."""

# What belongs to a server and not to an arena stays behind, and all is owned by whoever restores.
_ARENA_ONLY = (
    "--no-owner",
    "--no-comments",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
)

_RUNNING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"""

_EMPTY = """
DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE statement;
    END LOOP;
END $$"""

# Readers may come back with numbers that were given after the back-up. No event gets such a number again, or
# they would be told what follows it and miss what came before.
_LEAVE_A_GAP = """
SELECT setval(pg_get_serial_sequence('stream_event', 'seq'), (last_value / 1000000000 + 1) * 1000000000)
FROM stream_event_seq_seq"""


def restore(file: Path, *, replace: bool) -> str:
    """Make the arena of the settings what a back-up holds; a line that says what that is.

    `replace` lets go of what the database holds already. Raises `InputError` when the file is none or is
    damaged; `StartError` when it is too new, an arena runs, the database is in use or cannot take it.
    """
    settings = load_settings()
    whose = place(settings)
    with opened(file) as backup:
        origin = backup.manifest.origin
        if origin.schema not in migrations.known():
            raise StartError(
                f"{file} has schema {origin.schema}, of Evenhand {origin.evenhand}, which is newer than this "
                f"Evenhand {VERSION} knows: update Evenhand, and restore it then."
            )
        with bar("Checking", backup.size) as progress:
            backup.check(progress)
        program = find("pg_restore", major_of(origin.pg_dump))
        with database(settings) as (url, _), migrations.alone(url) as alone:
            connection = alone.connection.driver_connection
            assert isinstance(connection, psycopg.Connection)
            with _said_plainly(whose):
                _refuse_what_is_in_use(connection, whose, replace=replace)
                migrations.upgrade_within(alone)  # makes the role that the dump's grants are for
                connection.execute(_EMPTY)
                _carry_out(connection, program, backup)
                connection.execute("RESET ALL")
                connection.execute(_LEAVE_A_GAP)
                migrations.upgrade_within(alone)
                said = holdings(connection)
    return f"Restored {said}, as of {origin.made_at:%Y-%m-%d %H:%M:%S} UTC, to {whose}."


def _refuse_what_is_in_use(connection: psycopg.Connection[Any], whose: str, *, replace: bool) -> None:
    running = connection.execute(_RUNNING, (APPLICATION,)).fetchone()
    if running is not None and running[0]:
        raise StartError(f"An arena runs on {whose}: stop it, and restore then.")
    connection.execute("SELECT set_config('lock_timeout', %s, false)", (LOCK_TIMEOUT,))
    if revision(connection) is None:
        foreign = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()
        if foreign is not None:
            raise StartError(f"In {whose} are tables that are not Evenhand's: take a database of its own.")
    elif not replace and connection.execute("SELECT 1 FROM arena LIMIT 1").fetchone():
        raise StartError(
            f"There is an arena in {whose} already, and {holdings(connection)} would be lost: restore to "
            "another place, or add --replace to lose them."
        )


def _carry_out(connection: psycopg.Connection[Any], program: Program, backup: BackupReader) -> None:
    """Carry out the dump. Raises `StartError` when pg_restore cannot read it to its end."""
    descriptor = backup.descriptor(DATABASE)
    start = os.lseek(descriptor, 0, os.SEEK_CUR)
    command = [program.path, *_ARENA_ONLY, "--file=-"]
    with bar("Restoring", backup.size) as progress, output(command, stdin=descriptor) as written:

        def lines() -> Iterator[bytes]:
            for number, line in enumerate(written):
                if number % _LINES == 0:
                    # The program reads through the same open file, so its place is known here.
                    progress(os.lseek(descriptor, 0, os.SEEK_CUR) - start)
                yield line

        script.run(connection, lines())


@contextmanager
def _said_plainly(whose: str) -> Iterator[None]:
    """What the database says when it does not take the back-up, as one sentence."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege:
        raise  # said with what is needed where the migrations are
    except psycopg.errors.DiskFull:
        raise StartError(f"The disk of {whose} is full: free some room. The database is as it was.") from None
    except psycopg.errors.LockNotAvailable:
        raise StartError(f"Somebody else is at work in {whose}: wait for them, and try again.") from None
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(
            f"The back-up could not be restored ({reason}): the database is as it was."
        ) from None
