"""The programs of PostgreSQL that write and read a dump: those that come along, or the system's own."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any, Literal, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from evenhand.core.errors import StartError
from evenhand.storage.binaries import binaries


class Program(NamedTuple):
    """Where it is, and its version, such as 18.6."""

    path: str
    version: str

    @property
    def major(self) -> int:
        """PostgreSQL's major version."""
        return major_of(self.version)


def major_of(version: str) -> int:
    """PostgreSQL's major version in a full one, such as 18 in 18.6 and 19 in 19beta1."""
    found = re.match(r"\d+", version)
    return int(found[0]) if found else 0


def find(name: Literal["pg_dump", "pg_restore"], major: int, *, encrypted: bool = False) -> Program:
    """A program of at least this major version; `encrypted`, one that can speak TLS.

    Raises `StartError` when none fits.
    """
    # Those that come along are built without TLS, and would go on in the clear where the server lets them.
    own = None if encrypted else _own(name)
    programs = [program for path in (own, shutil.which(name)) if path and (program := _program(path))]
    for program in programs:
        if program.major >= major:
            return program
    there = " and ".join(program.version for program in programs)
    raise StartError(
        f"This needs {name} {major} or newer{' with TLS' if encrypted else ''}, and there is "
        f"{f'only {there}' if there else 'none'}: install the client programs of PostgreSQL {major} and have "
        "them on the PATH."
    )


def access(address: str, connection: psycopg.Connection[Any]) -> tuple[str, dict[str, str]]:
    """How a program gets to where a connection made by an address leads.

    An argument, and an environment that holds the password: arguments can be read by the whole machine.
    """
    info = connection.info
    about = conninfo_to_dict(address)
    # An address may name several servers or none, and not all libraries have the same default.
    about |= {"password": None, "host": info.host, "hostaddr": info.hostaddr or None, "port": info.port}
    return make_conninfo("", **about), {**os.environ, "PGPASSWORD": info.password}


@contextmanager
def output(
    command: Sequence[str], *, stdin: int = subprocess.DEVNULL, environment: Mapping[str, str] | None = None
) -> Iterator[IO[bytes]]:
    """What a program writes, to be read to its end. Raises `StartError` when the program fails."""
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            command,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**(environment or os.environ), "LC_ALL": "C"},
        ) as process:
            assert process.stdout is not None
            yield process.stdout
        if process.returncode != 0:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip()
            reason = said.splitlines()[0] if said else f"{command[0]} ended with {process.returncode}"
            raise StartError(f"This did not work ({reason}): put that right and try again.")


def _own(name: str) -> str | None:
    with suppress(StartError):
        return str(binaries() / name)
    return None


def _program(path: str) -> Program | None:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\S+)", said)
    return Program(path, found[1]) if found else None
