"""Migrations of the database, run at every start under an advisory lock."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import NullPool, create_engine, text
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
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    engine = create_engine(psycopg_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            current = MigrationContext.configure(connection).get_current_revision()
            if current is not None and current not in {entry.revision for entry in script.walk_revisions()}:
                raise StartError(
                    f"The database has schema {current}, which is newer than this version of Evenhand; "
                    "update Evenhand and start it again."
                )
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
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
