"""Under whose name the server's programs run.

PostgreSQL refuses to run as root. Started by root, its programs run as a system user of their own, which is
made when it is missing. No permission of anyone's folders is widened for that user: where the binaries or
the data lie behind a closed folder (such as /root), the programs get the capability to pass it instead.
"""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple

from evenhand.core.errors import StartError
from evenhand.storage.binaries import binaries

NAME = "evenhand"
_DAC_OVERRIDE, _DAC_READ_SEARCH, _SETPCAP = 1, 2, 8  # numbers in linux/capability.h


class Account(NamedTuple):
    """Who owns the cluster: ids, and what stands before a command to run it under them."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def server_account(cluster: Path) -> Account:
    """The account for a cluster: its owner where there is one, else the user who starts it.

    Raises `StartError` when this is root and no other user can be had.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    setpriv = shutil.which("setpriv")
    uid, gid = _owner(cluster) or _system_user() or (0, 0)
    if setpriv is None or uid == 0:
        raise StartError(
            "PostgreSQL does not run as root and no other user could be made: start Evenhand as a normal "
            f"user, or install util-linux and run `useradd --system {NAME}` once."
        )
    prefix = [setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    capability = _capability_to_reach(cluster)
    if capability is not None:
        # The programs ask access(2) for each other, which heeds capabilities only with this bit.
        prefix += ["--securebits=+no_setuid_fixup"]
        prefix += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
    return Account(uid, gid, tuple(prefix))


def _owner(cluster: Path) -> tuple[int, int] | None:
    if not cluster.exists():
        return None
    found = cluster.stat()
    return (found.st_uid, found.st_gid) if found.st_uid else None


def _system_user() -> tuple[int, int] | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(NAME)[2:4]
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    subprocess.run([useradd, *options, NAME], capture_output=True, check=False)
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(NAME)[2:4]
    return None


def _capability_to_reach(cluster: Path) -> str | None:
    """The smallest capability with which another user reaches binaries and cluster, if one is needed."""
    folders = {*binaries().parents, binaries(), *cluster.parents}
    passable = all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)
    runnable = (binaries() / "postgres").stat().st_mode & stat.S_IXOTH
    if passable and runnable:
        return None
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = int(next(line for line in status.splitlines() if line.startswith("CapEff:")).split()[1], 16)
    if held >> _SETPCAP & 1:
        if runnable and held >> _DAC_READ_SEARCH & 1:
            return "dac_read_search"
        if held >> _DAC_OVERRIDE & 1:
            return "dac_override"
    raise StartError(
        "PostgreSQL does not run as root, and no other user can enter the folders of its programs "
        f"({binaries()}) and its data ({cluster}): start Evenhand as a normal user, or open those folders."
    )
