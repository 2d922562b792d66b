"""The files of the embedded server: a PostgreSQL cluster, made once and checked before every start."""

import os
import shutil
import subprocess
from pathlib import Path

from evenhand.core.errors import StartError
from evenhand.storage.binaries import binaries, environment, major_version
from evenhand.storage.system_user import Account

SUPERUSER = "evenhand"

# The builtin locale sorts by code point and knows Unicode's letters, the same on every system.
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth=trust",  # the socket lies in a folder that only its owner may enter
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def directory(data_dir: Path) -> Path:
    """Where the cluster of an arena's data directory lies."""
    return data_dir / "postgresql"


def ensure(path: Path, account: Account) -> None:
    """Make the cluster when there is none, and see to it that this version of PostgreSQL can read it.

    Raises `StartError` when it cannot be made or belongs to another major version.
    """
    if not path.exists():
        _make(path, account)
    try:
        major = (path / "PG_VERSION").read_text(encoding="ascii").strip()
        if path.stat().st_uid != account.uid:
            _give(path, account)
    except OSError as error:
        raise StartError(
            f"The database in {path} cannot be read ({error.strerror}): start Evenhand as the user who made "
            "it, or set EVENHAND_DATA to another folder."
        ) from None
    if major != major_version():
        raise StartError(
            f"The database in {path} was made by PostgreSQL {major} and this is {major_version()}: carry it "
            "over with pg_dump of the old version, or set EVENHAND_DATA to another folder."
        )


def _make(path: Path, account: Account) -> None:
    """Made beside its place and moved there when it is whole: a set-up cut off half-way leaves no trace."""
    unfinished = path.with_name(path.name + ".new")
    try:
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, account.uid, account.gid)
        made = subprocess.run(
            [*account.prefix, str(binaries() / "initdb"), *_INITDB, f"--pgdata={unfinished}"],
            capture_output=True,
            check=False,
            cwd="/",
            env=environment(),
        )
        if made.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise _not_made(path, made.stderr.decode(errors="replace"))
        unfinished.rename(path)
    except OSError as error:
        raise _not_made(path, error.strerror or str(error)) from None


def _not_made(path: Path, output: str) -> StartError:
    if "No space left on device" in output:
        return StartError(
            f"The disk is full, so the database could not be set up in {path}: free at least 100 MB, or set "
            "EVENHAND_DATA to a folder on another disk."
        )
    reasons = [line for line in output.splitlines() if "error:" in line or "FATAL:" in line]
    reason = reasons[0] if reasons else output.strip()
    return StartError(
        f"The database could not be set up in {path} ({reason}): set EVENHAND_DATA to another folder, or "
        "EVENHAND_DATABASE_URL to a PostgreSQL of yours."
    )


def _give(path: Path, account: Account) -> None:
    """Hand the cluster to the account: a copy that root made, from a backup say, belongs to root."""
    os.chown(path, account.uid, account.gid)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(folder) / name, account.uid, account.gid, follow_symlinks=False)
