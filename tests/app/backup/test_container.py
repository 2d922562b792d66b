"""What is not a whole back-up, or not one of this version, is refused before anything is touched."""

import io
import tarfile
from pathlib import Path

import msgspec
import pytest

from evenhand.app.backup.container import BackupWriter, Origin
from evenhand.app.backup.newfile import new_file
from evenhand.app.backup.restoring import restore
from evenhand.core.errors import InputError, StartError
from tests.app.backup.rows import ACCOUNTS, rows
from tests.support.watch import NOON


def refusal(file: Path) -> str:
    with pytest.raises(InputError) as refused:
        restore(file, replace=True)
    return str(refused.value)


def empty_backup(file: Path, *, schema: str = "0002", pg_dump: str = "18.6") -> Path:
    with new_file(file) as stream:
        BackupWriter(stream, NOON).finish(Origin(NOON, "9.1", schema, "18.6", pg_dump))
    return file


def test_a_damaged_file_is_refused_by_the_member_that_is_damaged(file: Path, database_url: str) -> None:
    before = rows(database_url, ACCOUNTS)
    content = bytearray(file.read_bytes())
    content[20_000] ^= 1
    file.write_bytes(content)
    assert refusal(file) == (
        f"{file}: is damaged (database.pgdump is not what was backed up): take another back-up."
    )
    assert rows(database_url, ACCOUNTS) == before


def test_a_file_without_its_end_is_refused_wherever_it_was_cut(file: Path) -> None:
    content = file.read_bytes()
    for size in (0, 511, 512, 600, len(content) // 2, len(content) - 2_048, len(content) - 1_500):
        file.write_bytes(content[:size])
        assert refusal(file) == f"{file}: is no back-up of Evenhand, or only a part of one."


def test_a_member_that_is_missing_is_damage(file: Path, tmp_path: Path) -> None:
    with tarfile.open(file) as whole, tarfile.open(tmp_path / "part.tar", "w") as part:
        part.addfile(whole.getmember("manifest.json"), whole.extractfile("manifest.json"))
    assert "part.tar: is damaged (database.pgdump is not" in refusal(tmp_path / "part.tar")


@pytest.mark.parametrize("content", [b"", b"model_a,model_b,winner\n", bytes(10_240)])
def test_what_is_no_back_up_is_refused(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "votes.csv"
    other.write_bytes(content)
    assert refusal(other) == f"{other}: is no back-up of Evenhand, or only a part of one."


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.tar") == f"{tmp_path}/none.tar: there is no such file."
    assert refusal(tmp_path) == f"{tmp_path}: cannot be read (Is a directory)."


def test_the_schema_of_a_newer_version_is_refused_by_its_number(tmp_path: Path) -> None:
    newer = empty_backup(tmp_path / "newer.tar", schema="0099")
    with pytest.raises(StartError, match=r"has schema 0099, of Evenhand 9\.1, which is newer than this Even"):
        restore(newer, replace=False)


def test_a_newer_form_of_the_file_is_refused_by_its_number(tmp_path: Path) -> None:
    text = msgspec.json.encode({"format": 2, "contents": []})
    with tarfile.open(tmp_path / "newer.tar", "w") as tar:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    with pytest.raises(StartError, match=r"is a back-up of format 2, .+: update Evenhand"):
        restore(tmp_path / "newer.tar", replace=False)


def test_a_dump_of_newer_programs_needs_newer_ones(tmp_path: Path) -> None:
    newer = empty_backup(tmp_path / "newer.tar", pg_dump="99beta1")
    with pytest.raises(StartError, match=r"This needs pg_restore 99 or newer, and there is only 18\.\d"):
        restore(newer, replace=False)
