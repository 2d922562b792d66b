import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from evenhand.boards import imported
from evenhand.boards.imported import imported_board
from evenhand.ranking import rank


def test_the_votes_that_the_package_carries_make_a_board_without_importing_it() -> None:
    board = imported_board()
    assert board is not None
    assert board.slug == "chatbot-arena-2024-08"
    assert int(board.cells.votes.sum()) == 1_670_250
    assert len(board.cells.contestants) == 129
    assert board.source.date == "2024-08-14"
    assert rank(board.cells).rows[0].contestant == "chatgpt-4o-latest"
    assert "leaderbot" not in sys.modules


def test_its_source_names_both_licences() -> None:
    board = imported_board()
    assert board is not None
    assert "BSD 3-Clause" in board.source.note
    assert "names no licence" in board.source.note


def test_without_the_package_there_is_no_imported_board(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(imported, "distribution", missing)
    assert imported_board() is None


def test_a_package_without_the_file_is_no_imported_board(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(imported, "FILE", "leaderbot/data/of_another_version.json")
    assert imported_board() is None
