"""Cells of slices and days: one pass, sums, differences, and files."""

import random
from pathlib import Path

import duckdb
import pytest

from evenhand.ranking import RankingError, Votes, read_votes
from evenhand.ranking.sliced import NO_DAY, SlicedCells, count_slices
from tests.ranking.worlds import cells

HEADER = "model_a,model_b,winner,language,is_code,weight,day\n"
NAMES = ["overall", "coding", "english", "exclude_ties"]


def written(path: Path, seed: int, votes: int = 200, days: int = 3) -> Votes:
    """Votes of some days, with names that only some files have."""
    chance = random.Random(seed)
    names = ["x", "y", "z", f"only in {seed}"]
    lines = []
    for _ in range(votes):
        a, b = chance.sample(names, 2)
        winner = chance.choice(["model_a", "model_b", "tie", "both_bad"])
        day = f"2026-11-{10 + chance.randrange(days)}"
        row = [
            a,
            b,
            winner,
            chance.choice(["en", "zh"]),
            chance.choice(["true", "false"]),
            chance.choice([1, 2]),
            day,
        ]
        lines.append(",".join(map(str, row)))
    path.write_text(HEADER + "\n".join(lines) + "\n")
    return read_votes(path)


@pytest.mark.parametrize("days", [False, True])
def test_every_slice_is_counted_as_if_it_were_alone(tmp_path: Path, days: bool) -> None:
    votes = written(tmp_path / "votes.csv", 1)
    counted = count_slices(votes, NAMES, days=days)
    rows = votes.rows(slices=NAMES[1:])
    assert counted["overall"] == votes.cells
    for name in NAMES[1:]:
        assert counted[name] == rows.within(name).cells(votes.contestants)
    assert (counted.days.tolist() == [NO_DAY]) == (not days)


def test_days_add_up_to_the_whole(tmp_path: Path) -> None:
    counted = count_slices(written(tmp_path / "votes.csv", 1), NAMES, days=True)
    for name in NAMES:
        first, second, third = (counted.of(name, day, day) for day in counted.days)
        assert first + second + third == counted[name]
        assert counted.of(name, int(counted.days[1])) == second + third


def test_all_slices_that_the_votes_tell_of_are_counted(tmp_path: Path) -> None:
    counted = count_slices(written(tmp_path / "votes.csv", 1))
    assert {"overall", "exclude_ties", "coding", "english", "chinese"} <= set(counted)
    assert "math" not in counted


def test_two_sets_of_votes_add_up_and_one_can_be_taken_away_again(tmp_path: Path) -> None:
    one, other = (written(tmp_path / f"{seed}.csv", seed) for seed in (1, 2))
    counted = [count_slices(votes, NAMES, days=True) for votes in (one, other)]
    both = counted[0] + counted[1]
    together = count_slices(read_votes(tmp_path / "1.csv", tmp_path / "2.csv"), NAMES, days=True)
    assert both == together
    left = both - counted[1]
    for name in NAMES:
        assert left[name] == counted[0][name] + cells([], also=["only in 2"])


def test_more_votes_than_there_are_cannot_be_taken_away(tmp_path: Path) -> None:
    one, other = (count_slices(written(tmp_path / f"{seed}.csv", seed), NAMES) for seed in (1, 2))
    with pytest.raises(RankingError, match="More votes are taken away"):
        one - other


def test_a_slice_that_one_summand_does_not_tell_of_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "plain.csv").write_text("model_a,model_b,winner\nx,y,a\n")
    plain = count_slices(read_votes(tmp_path / "plain.csv"))
    rich = count_slices(written(tmp_path / "votes.csv", 1))
    assert set(plain + rich) == {"overall", "exclude_ties"}


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    counted = count_slices(written(tmp_path / "votes.csv", 1), days=True)
    counted.save(tmp_path / "it's.parquet")
    loaded = SlicedCells.load(tmp_path / "it's.parquet")
    assert loaded == counted
    assert (list(loaded), loaded.contestants) == (list(counted), counted.contestants)
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_no_votes_are_counted_and_saved_as_none(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("model_a,model_b,winner\n")
    counted = count_slices(read_votes(tmp_path / "votes.csv"))
    counted.save(tmp_path / "cells.parquet")
    assert SlicedCells.load(tmp_path / "cells.parquet")["overall"] == cells([])


def test_what_cannot_be_counted_saved_or_loaded_is_said(tmp_path: Path) -> None:
    votes = written(tmp_path / "votes.csv", 1)
    with pytest.raises(RankingError, match="do not tell which of them belong to the slice 'math'"):
        count_slices(votes, ["math"])
    with pytest.raises(RankingError, match="cannot be written"):
        count_slices(votes).save(tmp_path / "nowhere" / "cells.parquet")
    with pytest.raises(RankingError, match="cannot be read"):
        SlicedCells.load(tmp_path / "votes.csv")
    duckdb.execute(f"COPY (SELECT 1 AS one) TO '{tmp_path}/other.parquet'")
    with pytest.raises(RankingError, match="is no file of cells"):
        SlicedCells.load(tmp_path / "other.parquet")
    with pytest.raises(KeyError):
        count_slices(votes)["math"]
