"""What stands in a database, and a few things put there, past the application."""

from collections.abc import Callable
from typing import Any

import psycopg

Use = Callable[[str], None]
"""Names the database that the commands are about from now on."""

ACCOUNTS = "SELECT id::text FROM account ORDER BY id"
GRANTS = """
SELECT table_name, privilege_type FROM information_schema.role_table_grants
WHERE grantee = 'evenhand_app' ORDER BY 1, 2"""


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def add_account(url: str) -> None:
    rows(url, "INSERT INTO account VALUES (gen_random_uuid(), 'guest', now())")


def start_arena(url: str) -> None:
    """Leaves what every start of an arena leaves."""
    rows(url, "INSERT INTO arena VALUES (gen_random_uuid(), 'text', now())")
