"""The pause switch: a row that every process reads before it spends anything."""

import psycopg

from evenhand.app.located import database_url
from evenhand.core.errors import StartError
from evenhand.core.settings import load_settings


def pause() -> str:
    """Pause the arena; one line that says so."""
    _execute("INSERT INTO pause (since) VALUES (now()) ON CONFLICT DO NOTHING")
    return "Paused: no questions are taken until `evenhand resume`. Answers under way go on."


def resume() -> str:
    """Take questions again; one line that says so."""
    _execute("DELETE FROM pause")
    return "Resumed: questions are taken again."


def _execute(statement: str) -> None:
    try:
        with psycopg.connect(database_url(load_settings())) as connection:
            connection.execute(statement)
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise StartError(
            f"The arena's database cannot be used ({reason}): see that an arena runs on it."
        ) from None
