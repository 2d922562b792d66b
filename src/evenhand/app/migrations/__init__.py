"""Migrations of the database, run at every start under an advisory lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from psycopg.errors import DeadlockDetected, InsufficientPrivilege, LockNotAvailable
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from evenhand.core.errors import StartError
from evenhand.storage.engine import ROLE, psycopg_url
from evenhand.storage.lines import limits

# Any number would do, as long as every version of the program uses the same one.
_LOCK = 0x45564E48

_PATIENCE = "20s"

_HERE = Path(__file__).parent


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
    engine = create_engine(psycopg_url(url), poolclass=NullPool, connect_args=limits(url))
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
    except (DeadlockDetected, LockNotAvailable):
        raise StartError(
            "Another Evenhand uses this database, whose schema is to be changed: stop it, and start again."
        ) from None
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[-1]
        raise StartError(f"The database cannot be reached: {reason}") from None
    finally:
        engine.dispose()


def upgrade_within(connection: Connection) -> None:
    """Bring the database to the newest schema. Raises `StartError` when a newer version wrote it."""
    current = _current(connection)
    if current == max(known()):
        return
    if current is not None and current not in known():
        raise StartError(
            f"The database has schema {current}, which is newer than this version of Evenhand; "
            "update Evenhand and start it again."
        )
    # What waits for a lock on a table that is in use keeps all others waiting behind it.
    connection.execute(text(f"SET LOCAL lock_timeout = '{_PATIENCE}'"))
    # Not at the top: Alembic takes long to load, and hardly any start has something to migrate.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@cache
def known() -> frozenset[str]:
    """The revisions that this version can bring to the newest, by the names of their files."""
    return frozenset(file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py"))


def _current(connection: Connection) -> str | None:
    """The revision of the database; None when it is empty."""
    if not connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
