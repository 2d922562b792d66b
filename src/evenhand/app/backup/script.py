"""A script that pg_restore has written, carried out within a transaction.

pg_restore and psql would carry it out as well, each in a transaction of its own; here it is one with what
comes before and after it, so that a restore that fails at any point has changed nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

_FOR_PSQL = (rb"\restrict ", rb"\unrestrict ")
_END_OF_ROWS = b"\\.\n"
_NEW_SETTING = b"SET transaction_timeout = 0;\n"
_KNOWS_IT = 17_00_00


def run(connection: psycopg.Connection[Any], lines: Iterable[bytes]) -> None:
    """Carry out all statements, and put in all rows that come between them."""
    # The script is written for the server that the back-up comes from.
    ignored = _FOR_PSQL if connection.info.server_version >= _KNOWS_IT else (*_FOR_PSQL, _NEW_SETTING)
    script = iter(lines)
    statements: list[bytes] = []
    for line in script:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            connection.execute(b"".join(statements))
            statements.clear()
            with connection.cursor().copy(line) as copy:
                for row in _rows(script):
                    copy.write(row)
        elif not line.startswith(ignored):
            statements.append(line)
    connection.execute(b"".join(statements))


def _rows(script: Iterator[bytes]) -> Iterator[bytes]:
    for line in script:
        if line == _END_OF_ROWS:
            return
        yield line
