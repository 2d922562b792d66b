import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from evenhand.app import migrations
from evenhand.app.migrations import upgrade
from evenhand.core.errors import StartError


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_what_is_known_by_the_names_of_files_is_what_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    scripts = ScriptDirectory.from_config(config)
    assert migrations.known() == {script.revision for script in scripts.walk_revisions()}
    assert max(migrations.known()) == scripts.get_current_head()


def test_a_database_that_is_up_to_date_is_left_without_loading_alembic(database_url: str) -> None:
    program = (
        "import sys; sys.modules['alembic'] = None\n"
        "from evenhand.app.migrations import upgrade; upgrade(sys.argv[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, database_url], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StartError, match=r"schema 9999, which is newer than .+; update Evenhand"):
        upgrade(database_url)


@pytest.fixture
def guest_url(postgres_url: str) -> Iterator[str]:
    """The address of an empty database for its owner, who may not create roles."""
    execute(postgres_url, "CREATE ROLE guest LOGIN", "CREATE DATABASE guests OWNER guest")
    parts = urlsplit(postgres_url)
    yield parts._replace(netloc="guest@", path="/guests").geturl()
    execute(postgres_url, "DROP DATABASE guests", "DROP OWNED BY guest", "DROP ROLE guest")


def test_a_user_who_may_do_too_little_is_told_what_is_needed(database_url: str, guest_url: str) -> None:
    # `database_url`, migrated already, has brought the application's role to the server.
    with pytest.raises(StartError, match=r"must own the database, and .+ the role evenhand_app"):
        upgrade(guest_url)


def test_a_user_who_has_the_application_s_role_need_not_be_allowed_to_give_it(
    postgres_url: str, database_url: str, guest_url: str
) -> None:
    execute(postgres_url, "GRANT evenhand_app TO guest")
    upgrade(guest_url)
    with psycopg.connect(guest_url, options="-c role=evenhand_app") as connection:
        assert connection.execute("SELECT count(*) FROM vote").fetchone() == (0,)


@pytest.fixture
def older_url(postgres_url: str) -> Iterator[str]:
    """The address of a database as an older version left it."""
    execute(postgres_url, "CREATE DATABASE older")
    url = urlsplit(postgres_url)._replace(path="/older").geturl()
    with migrations.alone(url) as connection:
        config = Config()
        config.set_main_option("script_location", migrations.__path__[0])
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
    yield url
    execute(postgres_url, "DROP DATABASE older")


def test_a_schema_that_is_in_use_is_not_changed_and_the_start_says_so(
    older_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_PATIENCE", "100ms")
    with psycopg.connect(older_url) as running:
        running.execute("SELECT FROM session")
        with pytest.raises(StartError, match="uses this database, whose schema is to be changed"):
            upgrade(older_url)
    upgrade(older_url)
