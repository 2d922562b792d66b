"""Which database it is and what it holds, in a person's words."""

from typing import Any

import psycopg

from evenhand.core.settings import Settings

_COUNTS = """
SELECT (SELECT count(*) FROM conversation), (SELECT count(*) FROM battle), (SELECT count(*) FROM vote)"""


def place(settings: Settings) -> str:
    """What an arena's database is called; never its address, which may hold a password."""
    return "the database of EVENHAND_DATABASE_URL" if settings.database_url else str(settings.data)


def revision(connection: psycopg.Connection[Any]) -> str | None:
    """The revision of an arena's database; None where no arena has ever been started on it."""
    there = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    if there is None or there[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def holdings(connection: psycopg.Connection[Any]) -> str:
    """How many conversations, battles and votes there are."""
    counts = connection.execute(_COUNTS).fetchone()
    assert counts is not None
    words = [
        f"{count:,} {word}{'' if count == 1 else 's'}"
        for count, word in zip(counts, ("conversation", "battle", "vote"), strict=True)
    ]
    return f"{words[0]}, {words[1]} and {words[2]}"
