"""A back-up is whole, of one moment, and private; or it is not there."""

import asyncio
import resource
import tarfile
from pathlib import Path

import pytest

from evenhand.app.backup.making import back_up
from evenhand.app.backup.restoring import restore
from evenhand.core.errors import InputError, StartError
from tests.app.backup.rows import Use, rows
from tests.support.arena import Arena
from tests.support.fake_provider import Scenario


def test_it_is_a_tar_that_others_can_read_and_only_its_owner_may(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["database.pgdump", "manifest.json"]
        dump = tar.extractfile("database.pgdump")
        assert dump is not None
        assert dump.read().startswith(b"PGDMP")


async def test_what_is_backed_up_while_people_vote_is_of_one_moment(
    arena: Arena, database_url: str, empty_url: str, tmp_path: Path, use: Use
) -> None:
    answers = Scenario(text="one two")
    await arena.enter(arena.entry("swift", answers), arena.entry("calm", answers))
    voter = arena.voter()

    async def vote_on_and_on() -> None:
        while True:
            _, asked = await voter.battle()
            await voter.vote(asked["battle_id"])
            voted.set()

    voted = asyncio.Event()
    voting = asyncio.create_task(vote_on_and_on())
    await voted.wait()
    use(database_url)
    backed_up = await asyncio.to_thread(back_up, tmp_path / "arena.tar")
    assert not voting.done()
    voting.cancel()
    use(empty_url)
    restored = await asyncio.to_thread(restore, tmp_path / "arena.tar", replace=False)
    ((votes, revealed),) = rows(
        empty_url,
        "SELECT (SELECT count(*) FROM vote), (SELECT count(*) FROM battle WHERE status = 'revealed')",
    )
    assert votes == revealed >= 1
    assert backed_up.split()[2:8] == restored.split()[1:7] != ["0"]


def test_nothing_is_overwritten(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match=r"arena\.tar: is there already"):
        back_up(file)
    assert file.read_bytes() == before


def test_a_folder_gets_a_file_with_the_time_in_its_name(file: Path, tmp_path: Path) -> None:
    said = back_up(tmp_path)
    (made,) = tmp_path.glob("evenhand-????????T??????Z.tar")
    assert f"to {made} (" in said


def test_a_place_that_cannot_be_written_is_said(file: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"arena\.tar/again\.tar: cannot be written \(Not a directory\)"):
        back_up(file / "again.tar")
    with pytest.raises(InputError, match=r"none/again\.tar: cannot be written \(No such file or directory\)"):
        back_up(tmp_path / "none" / "again.tar")


def test_when_the_room_does_not_suffice_that_is_said_and_nothing_is_left(file: Path, tmp_path: Path) -> None:
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, kept[1]))
        with pytest.raises(StartError, match=r"\(File too large\): free some room or name a file on another"):
            back_up(tmp_path / "again.tar")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert list(tmp_path.iterdir()) == [file]


def programs(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: str, version: str = "99.1") -> None:
    """Puts a pg_dump that writes something and then `ends` in the place of the one that comes along."""
    folder.mkdir()
    (folder / "pg_dump").write_text(
        f'#!/bin/sh\ntest "$1" = --version && echo "pg_dump (PostgreSQL) {version}" && exit\n'
        f"echo half of it; {ends}\n"
    )
    (folder / "pg_dump").chmod(0o700)
    monkeypatch.setattr("evenhand.app.backup.programs.binaries", lambda: folder)


@pytest.mark.parametrize("ends", ["echo 'pg_dump: error: connection lost' >&2; exit 1", "kill -9 $$"])
def test_a_dump_that_breaks_off_leaves_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    programs(tmp_path / "bin", monkeypatch, ends)
    (tmp_path / "out").mkdir()
    with pytest.raises(
        StartError, match=r"This did not work \((pg_dump: error: connection lost|.+ with -9)\)"
    ):
        back_up(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_server_newer_than_all_programs_is_said_with_what_to_install(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs(tmp_path / "bin", monkeypatch, "exit 0", version="14.2")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StartError, match=r"needs pg_dump \d+ or newer, and there is only 14\.2: install"):
        back_up(tmp_path / "again.tar")


def test_a_database_without_an_arena_has_nothing_to_back_up(empty_url: str, tmp_path: Path, use: Use) -> None:
    use(empty_url)
    with pytest.raises(StartError, match="There is nothing to back up: no arena was ever started on the da"):
        back_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_data_directory_without_an_arena_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVENHAND_DATABASE_URL", raising=False)
    monkeypatch.setenv("EVENHAND_DATA", str(tmp_path / "data"))
    with pytest.raises(StartError, match=r"There is no arena in .+/data: set EVENHAND_DATA"):
        back_up(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_password_is_not_among_the_arguments_of_a_program(
    file: Path, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use: Use
) -> None:
    programs(tmp_path / "bin", monkeypatch, 'echo "$* $PGPASSWORD" > "$0.said"')
    use(database_url.replace("evenhand@", "evenhand:hunter2@"))
    back_up(tmp_path / "again.tar")
    arguments, _, password = (tmp_path / "bin" / "pg_dump.said").read_text().strip().rpartition(" ")
    assert "user=evenhand" in arguments
    assert "hunter2" not in arguments
    assert password == "hunter2"
