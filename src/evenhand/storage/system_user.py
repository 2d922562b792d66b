"""Under whose name the server's programs run.

PostgreSQL refuses to run as root. Started by root, its programs run as a system user of their own, which is
made when it is missing. No permission of anyone's folders is widened for that user: where the binaries or
the data lie behind a closed folder (such as /root), the programs get the capability to pass it instead.
"""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

from evenhand.core.errors import StartError
from evenhand.storage.binaries import BINARIES

NAME = "evenhand"


class Account(NamedTuple):
    """Who owns the cluster: ids, and what stands before a command to run it under them."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def server_account(directory: Path) -> Account:
    """The account for a cluster in `directory`.

    Raises `StartError` when this is root and no other user can be had.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    setpriv = shutil.which("setpriv")
    entry = _system_user()
    if setpriv is None or entry is None:
        raise StartError(
            "PostgreSQL does not run as root and no other user could be made: start Evenhand as a normal "
            f"user, or install util-linux and run `useradd --system {NAME}` once."
        )
    prefix = [setpriv, f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]
    if not (_open_to_others(BINARIES) and _open_to_others(directory)):
        capability = _passing_capability()
        prefix += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
    return Account(entry.pw_uid, entry.pw_gid, tuple(prefix))


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    made = subprocess.run(command, capture_output=True, check=False)
    return pwd.getpwnam(NAME) if made.returncode == 0 else None


def _open_to_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents if folder.exists())


def _passing_capability() -> str:
    """The smallest capability this process has that lets a program through closed folders."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = int(next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1], 16)
    for bit, name in ((2, "dac_read_search"), (1, "dac_override")):
        if held >> bit & 1:
            return name
    raise StartError(
        "PostgreSQL cannot reach its data behind a closed folder: start Evenhand as a normal user, "
        "or set EVENHAND_DATA to a folder that other users can enter."
    )
