from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from evenhand.app.backup.making import back_up
from tests.app.backup.rows import Use, add_account, rows


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Names the database that the commands are about from now on."""
    return lambda url: monkeypatch.setenv("EVENHAND_DATABASE_URL", url)


@pytest.fixture
def empty_url(postgres_url: str) -> Iterator[str]:
    """The address of a database with nothing in it."""
    rows(postgres_url, "CREATE DATABASE restored")
    yield urlsplit(postgres_url)._replace(path="/restored").geturl()
    rows(postgres_url, "DROP DATABASE restored WITH (FORCE)")


@pytest.fixture
def file(database_url: str, tmp_path: Path, use: Use) -> Path:
    """A back-up of `database_url`, which has one account and stays what the commands are about."""
    add_account(database_url)
    use(database_url)
    back_up(tmp_path / "arena.tar")
    return tmp_path / "arena.tar"
