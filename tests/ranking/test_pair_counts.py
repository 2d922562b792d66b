import json
from pathlib import Path
from typing import Any

import pytest

from evenhand.ranking import RankingError, read_votes
from tests.ranking.worlds import cells


def written(folder: Path, content: Any) -> Path:
    path = folder / "counts.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return path


def test_counts_per_pair_are_read_whichever_contestant_comes_first(tmp_path: Path) -> None:
    path = written(
        tmp_path, {"models": ["y", "x", "z"], "X": [[0, 1], [2, 1]], "Y": [[2, 1, 0, 1], [0, 0, 1, 0]]}
    )
    votes = [("y", "x", "a"), ("y", "x", "a"), ("y", "x", "b"), ("y", "x", "both_bad"), ("z", "x", "tie")]
    assert read_votes(path).cells == cells(votes)


def test_a_model_without_counts_is_a_contestant_without_votes(tmp_path: Path) -> None:
    path = written(tmp_path, {"models": ["x"], "X": [], "Y": []})
    assert read_votes(path).cells == cells([], also=["x"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"models": ["x", "y"], "X": [[0, 2]], "Y": [[1, 0, 0, 0]]}, r"X, row 1: \[0, 2\] is no pair"),
        ({"models": ["x", "y"], "X": [[0, -1]], "Y": [[1, 0, 0, 0]]}, r"X, row 1: \[0, -1\] is no pair"),
        ({"models": ["x", "y"], "X": [[1, 1]], "Y": [[1, 0, 0, 0]]}, "X, row 1: 'y' is compared with itself"),
        ({"models": ["x", "y"], "X": [[0, 1]], "Y": [[1, 0, -2, 0]]}, "Y, row 1: .* is not four counts"),
        ({"models": ["x", "y"], "X": [[0, 1]], "Y": [[1, 0, 0.5, 0]]}, "Y, row 1: .* is not four counts"),
        ({"models": ["x", "y"], "X": [[0, 1]], "Y": [[1, 0, True, 0]]}, "Y, row 1: .* is not four counts"),
        ({"models": ["x", "y"], "X": [[0, 1]], "Y": []}, "X has 1 rows and Y 0"),
        ({"models": ["x", "x"], "X": [], "Y": []}, "models, row 2: 'x'"),
        ({"models": ["x", "\ud800"], "X": [], "Y": []}, "models, row 2"),
        ({"models": ["x", ""], "X": [], "Y": []}, "models, row 2: ''"),
        ({"models": ["x"], "Y": []}, "has no list 'X'"),
        ('{"models": ["x"],\n "X": [', "is not JSON"),
    ],
)
def test_counts_that_make_no_sense_are_named(tmp_path: Path, content: Any, says: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(RankingError, match=says) as caught:
        read_votes(path)
    assert str(caught.value).startswith(f"{path}: ")
