"""What many tests share: one PostgreSQL for the run, and a fresh migrated database for each test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import hypothesis
import psycopg
import pytest
import structlog

from evenhand.app.migrations import upgrade
from evenhand.storage.embedded import EmbeddedPostgres
from tests.support.arena import Arena, running_arena
from tests.support.house import House, housed
from tests.support.watch import Watch

_numbers = count(1)

_MEMORY = Path("/dev/shm")
_ENOUGH = 2 << 30
"""Bytes that have to be free there for the run's own server, which takes a tenth of it."""

# The same examples in every run: what one run finds, the next one finds too.
hypothesis.settings.register_profile("seeded", derandomize=True)
hypothesis.settings.load_profile("seeded")


def _address(server_url: str, database: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{database}").geturl()


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(autouse=True)
def _plain_log() -> None:
    """Errors are logged with a plain traceback: structlog's own draws every variable, for seconds."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )


@pytest.fixture(scope="session")
def _server_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the run's own server keeps its files: in memory, if there is room."""
    # To copy the three hundred files of a database takes a tenth of a second and more on a disk, .01 s there.
    if not _MEMORY.is_dir() or shutil.disk_usage(_MEMORY).free < _ENOUGH:
        yield tmp_path_factory.mktemp("data")
        return
    with TemporaryDirectory(prefix="evenhand-tests-", dir=_MEMORY) as name:
        folder = Path(name)
        folder.chmod(0o711)  # as root the server runs as another user, who has to get through
        yield folder / "data"


@pytest.fixture(scope="session")
def postgres_url(_server_folder: Path) -> Iterator[str]:
    """The address of this run's own server, with an empty database; a crash of the machine may harm it."""
    # Making and dropping a database goes through all buffers: 128 MB were three quarters of what a test cost.
    fast = {
        "fsync": "off",
        "full_page_writes": "off",
        "max_connections": "300",
        "shared_buffers": "16MB",
        "max_wal_size": "128MB",
    }
    with EmbeddedPostgres.start(_server_folder, options=fast) as server:
        yield server.url


@pytest.fixture(scope="session")
def _template(postgres_url: str) -> str:
    name = "template_migrated"
    _execute(postgres_url, f"CREATE DATABASE {name}")
    upgrade(_address(postgres_url, name))
    return name


@pytest.fixture
def database_url(postgres_url: str, _template: str) -> Iterator[str]:
    """The address of a database with all migrations and no rows, for one test."""
    name = f"test_{next(_numbers)}"
    _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE {_template} STRATEGY FILE_COPY")
    yield _address(postgres_url, name)
    _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def arena(database_url: str) -> AsyncIterator[Arena]:
    """A running arena without contestants."""
    async with running_arena(database_url) as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    """A clock that the test moves."""
    return Watch()


@pytest.fixture
async def timed(database_url: str, watch: Watch) -> AsyncIterator[Arena]:
    """A running arena with two contestants, whose time is the test's."""
    async with running_arena(database_url, clock=watch) as running:
        await running.enter(running.entry("swift"), running.entry("calm"))
        yield running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A data directory and a catalogue for `evenhand` as people run it."""
    async with housed(tmp_path) as house:
        yield house
