"""Migrations of the database, run at every start under an advisory lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from evenhand.core.errors import StartError
from evenhand.storage.engine import ROLE, psycopg_url

# Any number would do, as long as every version of the program uses the same one.
_LOCK = 0x45564E48


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest schema; several processes may call this at once.

    Raises `StartError` when the database cannot be reached, lets its user do too little, or was written by a
    newer version.
    """
    with alone(url) as connection:
        upgrade_within(connection)


@contextmanager
def alone(url: str) -> Iterator[Connection]:
    """A transaction during which nobody else migrates: an arena that starts waits for its end.

    Raises `StartError` when the database cannot be reached or lets its user do too little.
    """
    engine = create_engine(psycopg_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
    except (ProgrammingError, InsufficientPrivilege) as error:
        refusal = error.orig if isinstance(error, ProgrammingError) else error
        if not isinstance(refusal, InsufficientPrivilege):
            raise
        raise StartError(
            f"The database's user may not set it up ({refusal.diag.message_primary}): it must own the "
            f"database, and either create roles or have been granted the role {ROLE}."
        ) from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        raise StartError(f"The database cannot be reached: {reason}") from None
    finally:
        engine.dispose()


def upgrade_within(connection: Connection) -> None:
    """Bring the database to the newest schema. Raises `StartError` when a newer version wrote it."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known():
        raise StartError(
            f"The database has schema {current}, which is newer than this version of Evenhand; "
            "update Evenhand and start it again."
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def known() -> frozenset[str]:
    """The revisions that this version can bring to the newest."""
    return frozenset(entry.revision for entry in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
