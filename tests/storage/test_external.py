import socket
import struct
import threading
from collections.abc import Iterator

import psycopg
import pytest

from evenhand.core.errors import StartError
from evenhand.storage.embedded import EmbeddedPostgres
from evenhand.storage.external import check

SSL_REQUEST, GSS_REQUEST = 80877103, 80877104


def refusal(url: str) -> str:
    with pytest.raises(StartError) as refused:
        check(url)
    said = str(refused.value)
    assert "EVENHAND_DATABASE_URL" in said
    assert "hunter" not in said
    return said


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of a server whose user `ann` must say the password `hunter2`."""
    folder = tmp_path_factory.mktemp("locked")
    with EmbeddedPostgres.start(folder) as server, psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE ann LOGIN PASSWORD 'hunter2'")
    rules = folder / "postgresql" / "pg_hba.conf"
    rules.write_text("local all ann scram-sha-256\n" + rules.read_text())
    with EmbeddedPostgres.start(folder):
        yield str(folder / "postgresql")


def test_a_database_that_can_be_used_passes(locked: str) -> None:
    check(f"postgresql://ann:hunter2@/evenhand?host={locked}")


def test_a_wrong_password_is_said_without_any_password(locked: str) -> None:
    said = refusal(f"postgresql://ann:hunter3@/evenhand?host={locked}")
    assert said.startswith(
        f"Cannot reach the database at {locked}:5432/evenhand (EVENHAND_DATABASE_URL): user or "
    )


def test_a_missing_database_is_said(locked: str) -> None:
    said = refusal(f"postgresql://ann:hunter2@/none?host={locked}")
    assert f"{locked}:5432/none (EVENHAND_DATABASE_URL): there is no such database. Create it," in said


def test_a_refused_connection_names_host_port_and_database() -> None:
    assert refusal("postgresql://ann:hunter2@127.0.0.1:1/arena") == (
        "Cannot reach the database at 127.0.0.1:1/arena (EVENHAND_DATABASE_URL): connection refused. Start "
        "PostgreSQL, or unset EVENHAND_DATABASE_URL to use the PostgreSQL that comes along."
    )


def test_a_host_that_nobody_knows_is_said() -> None:
    said = refusal("postgresql://ann:hunter2@nowhere.invalid/arena")
    assert "nowhere.invalid:5432/arena (EVENHAND_DATABASE_URL): there is no such host." in said


@pytest.fixture
def old_server() -> Iterator[int]:
    """The port of a server that lets everybody in and says that it is PostgreSQL 14.9."""

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while True:
                (size,) = struct.unpack("!i", connection.recv(4, socket.MSG_WAITALL))
                (kind,) = struct.unpack("!i", connection.recv(size - 4, socket.MSG_WAITALL)[:4])
                if kind not in (SSL_REQUEST, GSS_REQUEST):
                    break
                connection.sendall(b"N")
            version = b"server_version\x0014.9\x00"
            for name, body in ((b"R", b"\0\0\0\0"), (b"S", version), (b"Z", b"I")):
                connection.sendall(name + struct.pack("!i", len(body) + 4) + body)
            while connection.recv(1024):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


def test_a_server_that_is_too_old_is_said_with_its_version(old_server: int) -> None:
    said = refusal(f"postgresql://ann:hunter2@127.0.0.1:{old_server}/arena")
    assert "is PostgreSQL 14.9, which is too old: update it to 15 or newer" in said


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:hun@hunter2@127.0.0.1/arena",
        "postgresql://ann:hun/hunter2@127.0.0.1/arena",
        "postgresql://ann:hun#hunter2@127.0.0.1/arena",
        "postgresql://ann:hunter2@127.0.0.1:first/arena",
        "postgresql://ann:hunter2@127.0.0.1/arena?colour=red",
        "mysql://ann:hunter2@127.0.0.1/arena",
    ],
)
def test_an_address_that_cannot_be_read_is_never_shown(address: str) -> None:
    assert "postgresql://" in refusal(address)
