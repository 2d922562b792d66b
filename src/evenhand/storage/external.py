"""A PostgreSQL of the operator's own: looked at before it is used, so that what is wrong is said plainly."""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict

from evenhand.core.errors import StartError
from evenhand.storage.engine import psycopg_url
from evenhand.storage.lines import limits

OLDEST = 15
"""The oldest major version that is taken."""
_VARIABLE = "EVENHAND_DATABASE_URL"
# A password with a bare @, / or # would be taken for a host, a port or a database, and be shown.
_ADDRESS = re.compile(r"postgresql://([^@/?#]*@)?[^@]*")
_OTHERWISE = f"or unset {_VARIABLE} to use the PostgreSQL that comes along"

_CAUSES = (
    (r"Connection refused|No such file", "connection refused", f"Start PostgreSQL, {_OTHERWISE}"),
    (r"resolve host|translate host", "there is no such host", f"Correct the host, {_OTHERWISE}"),
    (r"timeout|timed out", "it does not answer", f"See whether the host can be reached, {_OTHERWISE}"),
    (
        r"password",
        "user or password is refused",
        f"Correct them (in the address, @ is written %40, : %3A and / %2F), {_OTHERWISE}",
    ),
    (r'database ".*" does not exist', "there is no such database", f"Create it, {_OTHERWISE}"),
)
"""What psycopg or the server says, what that means, and what helps."""


def check(url: str) -> None:
    """See whether the database at an address can be used. The password is never shown.

    Raises `StartError` when the address is none, nobody answers there, the answer is no, or the server is
    too old.
    """
    address, place = _read(url)
    try:
        with psycopg.connect(address, **limits(address)) as connection:
            version = connection.info.server_version
            shown = connection.info.parameter_status("server_version")
    except psycopg.OperationalError as error:
        cause, help_ = _meaning(str(error))
        raise StartError(f"Cannot reach the database at {place} ({_VARIABLE}): {cause}. {help_}.") from None
    if version < OLDEST * 10_000:
        raise StartError(
            f"The database at {place} ({_VARIABLE}) is PostgreSQL {shown}, which is too old: update it to "
            f"{OLDEST} or newer, {_OTHERWISE}."
        )


def _read(url: str) -> tuple[str, str]:
    """The address as libpq wants it, and the part of it that may be shown."""
    address = psycopg_url(url).replace("+psycopg", "", 1)
    try:
        about = conninfo_to_dict(address)
        port = int(str(about.get("port", 5432)))
    except (psycopg.ProgrammingError, ValueError):
        port = 0
    if port == 0 or not _ADDRESS.fullmatch(address):
        raise StartError(
            f"{_VARIABLE} cannot be read: write postgresql://user:password@host:5432/database, and in user "
            "and password %40 for @, %2F for /, %3A for : and %23 for #."
        )
    host = str(about.get("host") or "localhost")
    host = f"[{host}]" if ":" in host else host
    return address, f"{host}:{port}/{about.get('dbname') or about.get('user') or ''}"


def _meaning(said: str) -> tuple[str, str]:
    for pattern, cause, help_ in _CAUSES:
        if re.search(pattern, said):
            return cause, help_
    reason = re.split(r"failed: |FATAL:\s*", said.splitlines()[0])[-1]
    return reason.rstrip("."), f"Put that right, {_OTHERWISE}"
