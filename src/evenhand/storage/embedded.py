"""The PostgreSQL that comes with Evenhand: set up, started, found again and stopped by the arena itself.

Inside the arena's data directory lie `postgresql/` (the cluster), `postgresql.log` and `arena.lock`. Whoever
holds the lock owns the server. A server whose owner was killed goes on, and the next owner adopts it, so
that nothing has to be replayed; one that was killed itself is started anew and recovers from its log.
"""

import fcntl
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self, TextIO

import psycopg

from evenhand.core.errors import StartError
from evenhand.storage import cluster, postmaster
from evenhand.storage.postmaster import Postmaster
from evenhand.storage.system_user import server_account

DATABASE = "evenhand"


class EmbeddedPostgres:
    """A running server of which this process is the only owner. Use it as a context manager."""

    def __init__(self, data_dir: Path, lock: TextIO, options: Mapping[str, str]) -> None:
        self._cluster = cluster.directory(data_dir)
        self._lock = lock
        self._options = dict(options)
        self._changing = threading.Lock()
        self._stopped = False
        self._server = self._adopt() or self._launch()

    @classmethod
    def start(cls, data_dir: Path, *, options: Mapping[str, str] | None = None) -> Self:
        """Take the data directory, set it up when it is new, and have a server on it.

        `options` are PostgreSQL settings that replace the defaults.
        Raises `StartError` when the directory cannot be used, is another arena's, or the server fails.
        """
        data_dir = _usable(data_dir)
        lock = _own(data_dir)
        try:
            embedded = cls(data_dir, lock, options or {})
            _ensure_database(embedded._server)
        except BaseException:
            lock.close()
            raise
        return embedded

    @property
    def url(self) -> str:
        """Where the database is, as a `postgresql://` address."""
        return self._server.url(DATABASE)

    @property
    def process_id(self) -> int:
        """The process id of the server."""
        return self._server.process.pid

    def ensure_running(self) -> bool:
        """Start the server again when it has died; whether that was necessary. May be called by any thread.

        Raises `StartError` when it does not start.
        """
        with self._changing:
            if self._stopped or postmaster.find(self._cluster) is not None:
                return False
            self._server = self._launch()
            return True

    def stop(self) -> None:
        """Stop the server (transactions in progress are rolled back) and give up the data directory."""
        with self._changing:
            self._stopped = True
            self._server.stop()
            self._lock.close()

    def _adopt(self) -> Postmaster | None:
        running = postmaster.find(self._cluster)
        if running is None or running.runs(self._command()):
            return running
        running.stop()  # of another installation, an earlier version, or with other settings
        return None

    def _launch(self) -> Postmaster:
        account = server_account(self._cluster)
        cluster.ensure(self._cluster, account)
        return postmaster.launch(self._cluster, account, self._command())

    def _command(self) -> list[str]:
        return postmaster.command(self._cluster, self._options)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def attach(data_dir: Path) -> str | None:
    """The address of the database that runs on this data directory; None when none does."""
    running = postmaster.find(cluster.directory(data_dir.expanduser().resolve()))
    return None if running is None else running.url(DATABASE)


def _usable(data_dir: Path) -> Path:
    """The directory as an absolute path, made when it is missing and open to others only as far as needed."""
    path = data_dir.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise StartError(f"The data directory {path} is a file: set EVENHAND_DATA to a folder.")
    try:
        # As root the server runs as another user, who has to get through but need not look around.
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        path = path.resolve()
        (path / "arena.lock").touch(mode=0o600)
    except OSError as error:
        raise StartError(
            f"The data directory {path} cannot be written ({error.strerror}): "
            "allow it, or set EVENHAND_DATA to another folder."
        ) from None
    return path


def _own(data_dir: Path) -> TextIO:
    """The lock of the data directory; the kernel frees it when this process ends, however it ends."""
    lock = (data_dir / "arena.lock").open("r+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = lock.read().strip()
        lock.close()
        raise StartError(
            f"An arena runs on {data_dir} already (process {owner or 'unknown'}): "
            "stop it, or set EVENHAND_DATA to another folder."
        ) from None
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _ensure_database(server: Postmaster) -> None:
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
    except psycopg.Error as error:
        raise StartError(f"The database runs but cannot be used: {str(error).strip()}.") from error
