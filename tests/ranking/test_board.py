"""What a board can be turned into: a file and back, a data frame, a picture."""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.ranking import Board, RankingError, rank, read_votes
from evenhand.ranking.plot import ticks
from tests.ranking.test_published_board import carried
from tests.ranking.worlds import Vote, cells, tournament, vote_lists

OLD = tournament(("a", "b", 40, 20, 10), ("b", "c", 35, 25, 5), ("a", "c", 45, 15, 10))
SVG = "{http://www.w3.org/2000/svg}"


def same(one: Board, other: Board) -> bool:
    """Equal in everything, the fit included, to the last digit."""
    return one == other and all(
        x.contestants == y.contestants
        and np.array_equal(x.theta, y.theta)
        and np.array_equal(x.covariance, y.covariance)
        for x, y in zip(one.fitted, other.fitted, strict=True)
    )


@given(vote_lists())
@settings(max_examples=25, deadline=None)
def test_a_saved_board_comes_back_as_it_was(votes: list[Vote]) -> None:
    board = rank(cells(votes, also=["z"]), ranks="joint", alpha=0.1, seed=3)
    with TemporaryDirectory() as folder:
        board.save(Path(folder) / "board.json")
        assert same(Board.load(Path(folder) / "board.json"), board)


def test_the_real_board_comes_back_and_answers_as_before(tmp_path: Path) -> None:
    board = rank(read_votes(carried()), anchor=("mixtral-8x7b-instruct-v0.1", 1114.0))
    board.save(tmp_path / "board.json")
    loaded = Board.load(str(tmp_path / "board.json"))
    assert same(loaded, board)
    assert loaded.probability_of_top(3) == board.probability_of_top(3)
    assert (tmp_path / "board.json").stat().st_size < 400_000


def test_a_name_may_hold_anything_that_a_string_can(tmp_path: Path) -> None:
    names = ["", "\ud800", "🙂" * 2500, '"\\\n\x00']
    pairs = [(one, other) for one in names for other in names if one < other]
    board = rank(cells([(a, b, outcome) for a, b in pairs for outcome in ("a", "b", "tie")]))
    board.save(tmp_path / "board.json")
    assert same(Board.load(tmp_path / "board.json"), board)
    ET.fromstring(board.plot().svg.encode())


def test_a_saved_board_holds_all_that_the_commands_print(tmp_path: Path) -> None:
    board = rank(OLD)
    board.save(tmp_path / "board.json")
    document = json.loads((tmp_path / "board.json").read_text())
    assert (document["format"], document["version"]) == ("evenhand-board", 1)
    assert {key: document[key] for key in board.as_dict()} == board.as_dict()


def test_the_fit_is_not_part_of_what_makes_boards_equal_nor_of_what_they_print() -> None:
    board = rank(OLD)
    assert "fitted" not in board.as_dict()
    assert "fitted" not in repr(board)
    assert hash(board) == hash(rank(OLD))
    assert board == rank(OLD)
    assert board != rank(OLD, alpha=0.1)


def test_saving_replaces_a_file_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "board.json"
    path.write_text("what was there")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", _full)
        with pytest.raises(RankingError, match=r"board\.json: cannot be written: No space"):
            rank(OLD).save(path)
    assert path.read_text() == "what was there"
    with path.open() as earlier:
        rank(OLD).save(path)
        assert earlier.read() == "what was there"  # another file took its name
    assert [one.name for one in tmp_path.iterdir()] == ["board.json"]
    assert Board.load(path) == rank(OLD)


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_folder_that_is_not_there_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(RankingError, match=r"nowhere.board\.json: cannot be written: No such file"):
        rank(OLD).save(tmp_path / "nowhere" / "board.json")
    with pytest.raises(RankingError, match="cannot be read: No such file"):
        Board.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no saved board"),
        ('{"contestants": []}', "is no saved board"),
        ('{"format": "evenhand-board", "version": 2}', "has version 2; this release reads version 1"),
        ('{"format": "evenhand-board", "version": 1}', "is damaged: KeyError 'method'"),
    ],
)
def test_what_is_no_board_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "board.json"
    path.write_text(content)
    with pytest.raises(RankingError, match=says):
        Board.load(path)


@pytest.mark.parametrize("part", ["theta", "covariance", "contestants"])
def test_a_board_with_a_part_of_its_fit_missing_is_refused(tmp_path: Path, part: str) -> None:
    path = tmp_path / "board.json"
    rank(OLD).save(path)
    document = json.loads(path.read_text())
    document["fitted"][0][part].pop()
    path.write_text(json.dumps(document))
    with pytest.raises(RankingError, match="is damaged: ValueError the fit is incomplete"):
        Board.load(path)


def test_a_data_frame_has_a_row_a_contestant_and_the_columns_of_the_json() -> None:
    board = rank(OLD + cells([], also=["idle"]))
    frame = board.to_dataframe()
    assert list(frame["name"]) == ["a", "b", "c", "idle"]
    assert list(frame.columns) == list(board.as_dict()["contestants"][0])  # type: ignore[index]
    assert frame["rank"].tolist()[:3] == [1, 2, 3]
    assert str(frame["rank"].dtype) == "Int64"
    assert frame["rating"].isna().tolist() == [False, False, False, True]
    assert len(rank(cells([])).to_dataframe()) == 0


def test_without_pandas_an_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(RankingError, match="pip install pandas"):
        rank(OLD).to_dataframe()


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_plot_shows_rank_name_and_rating_of_each_row() -> None:
    board = rank(OLD)
    plot = board.plot()
    for r in board.rows:
        assert r.contestant in texts(plot.svg)
        assert f"{r.rating:.1f}" in texts(plot.svg)
    assert (
        "205 votes; points with their 95 % intervals; bounds of the rank at 95 %, each row for itself"
        in texts(plot.svg)
    )
    assert "currentColor" in plot.svg


def test_dots_and_bars_are_drawn_to_scale() -> None:
    board = rank(OLD)
    root = ET.fromstring(board.plot().svg)
    grid = root.findall(f"{SVG}line")
    labels = [one for one in root.findall(f"{SVG}text") if one.get("text-anchor") == "middle"][::2]
    points = [float((one.text or "").replace("−", "-")) for one in labels]
    places = [float(one.get("x1") or 0) for one in grid]
    slope, start = np.polyfit(places, points, 1)
    for r, group in zip(board.rows, root.findall(f"{SVG}g"), strict=True):
        dot, bar = group.find(f"{SVG}circle"), group.find(f"{SVG}line")
        assert dot is not None
        assert bar is not None
        ends = [float(bar.get("x1") or 0), float(dot.get("cx") or 0), float(bar.get("x2") or 0)]
        assert [start + slope * x for x in ends] == pytest.approx([r.lower, r.rating, r.upper], abs=0.5)


def test_a_plot_of_two_rows_says_how_many_it_leaves_out() -> None:
    drawn = rank(OLD).plot(rows=2)
    assert "c" not in texts(drawn.svg)
    assert any(text.startswith("1 more not shown") for text in texts(drawn.svg))
    assert any("a line between two rows" in text for text in texts(drawn.svg))
    assert not any("a line between two rows" in text for text in texts(rank(OLD).plot(rows=1).svg))
    with pytest.raises(RankingError, match="ask for 1 or more"):
        rank(OLD).plot(0)


def test_names_are_text_and_never_markup() -> None:
    name = '<script>alert("1")</script>&amp;'
    plot = rank(tournament((name, "\u202eb\n", 40, 20, 10))).plot()
    assert "<script" not in plot.svg
    assert name in texts(plot.svg)
    assert "\ufffdb\ufffd" in texts(plot.svg)
    assert name in ET.fromstring(plot.svg).findall(f"{SVG}g/{SVG}title")[0].text  # type: ignore[operator]


def test_boards_of_nothing_of_islands_and_of_newcomers_can_be_drawn() -> None:
    assert "No votes yet." in texts(rank(cells([])).plot().svg)
    islands = texts(rank(OLD + tournament(("x", "y", 40, 30, 0)) + cells([], also=["idle"])).plot().svg)
    assert {"group 1", "group 2", "no votes"} <= set(islands)
    assert any("no joint order" in text for text in islands)
    assert any("first guess" in text for text in texts(rank(cells([("x", "y", "a")])).plot().svg))
    anchored = rank(OLD + tournament(("x", "y", 40, 30, 0)), anchor=("x", 1200))
    assert "not comparable with the others" in texts(anchored.plot().svg)


def test_a_picture_is_saved_and_shown_on_a_ground_of_its_own(tmp_path: Path) -> None:
    plot = rank(OLD).plot()
    plot.save(tmp_path / "board.svg")
    saved = (tmp_path / "board.svg").read_text(encoding="utf-8")
    assert saved == plot._repr_svg_() + "\n"
    assert "background: Canvas" in saved
    assert "background" not in plot.svg
    ET.fromstring(saved)


@given(st.floats(-5000, 5000), st.floats(0, 3000))
def test_ticks_are_round_and_enclose_the_range(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    assert marks[0] <= low + 1e-6 * max(1.0, abs(low))
    assert marks[-1] >= low + span - 1e-6 * max(1.0, abs(low + span))
    assert 2 <= len(marks) <= 9
    step = marks[1] - marks[0]
    assert round(step / 10 ** np.floor(np.log10(step * 1.001)), 6) in (1, 2, 5)


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [(1009, 1316, [1000, 1050, 1100, 1150, 1200, 1250, 1300, 1350]), (0, 3, [0, 0.5, 1, 1.5, 2, 2.5, 3])],
)
def test_ticks_are_those_one_would_write(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(marks)
