import csv
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from evenhand.cli import main

VOTES = "model_a,model_b,winner\n" + "x,[bold]y,a\n" * 30 + "x,[bold]y,b\n" * 20 + "x,[bold]y,tie\n" * 10


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Evenhand = Callable[..., Done]


@pytest.fixture
def evenhand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Evenhand:
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["evenhand", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, *capsys.readouterr())

    return run


@pytest.fixture
def votes(tmp_path: Path) -> str:
    path = tmp_path / "votes.csv"
    path.write_text(VOTES)
    return str(path)


def test_the_board_is_a_table_that_says_what_it_rests_on(evenhand: Evenhand, votes: str) -> None:
    done = evenhand("rank", votes)
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert "95 % interval" in lines[0]
    assert lines[1].split()[:4] == ["1–2", "x", "1029.2", "988.6"]
    assert "[bold]y" in lines[2]
    assert lines[-1] == "60 votes; established board."


def test_json_holds_the_contestants_and_the_method(evenhand: Evenhand, votes: str) -> None:
    done = evenhand("rank", votes, "--format", "json")
    board = json.loads(done.out)
    first = board["contestants"][0]
    assert {"name", "rating", "lower", "upper", "rank", "rank_best", "rank_worst", "votes"} <= first.keys()
    assert (first["name"], first["rank"], first["votes"]) == ("x", 1, 60)
    assert board["method"]["model"] == "bradley-terry"


def test_csv_has_one_line_a_contestant(evenhand: Evenhand, votes: str) -> None:
    lines = list(csv.DictReader(evenhand("rank", votes, "--format", "csv").out.splitlines()))
    assert [line["name"] for line in lines] == ["x", "[bold]y"]
    assert lines[0]["wins"] == "30"


def test_a_contestant_can_be_pinned_to_a_rating_even_with_an_equals_sign_in_its_name(
    evenhand: Evenhand, tmp_path: Path
) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner\nk=3,y,a\n")
    done = evenhand("rank", str(path), "--anchor", "k=3=1200", "--format", "json")
    assert json.loads(done.out)["contestants"][0]["rating"] == 1200


def test_the_mean_can_be_another(evenhand: Evenhand, votes: str) -> None:
    board = json.loads(evenhand("rank", votes, "--anchor", "1200", "--format", "json").out)
    assert sum(one["rating"] for one in board["contestants"]) == pytest.approx(2400)


def test_a_young_board_says_that_it_is_preliminary(evenhand: Evenhand, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner\nx,y,a\nv,w,a\n")
    out = evenhand("rank", str(path)).out
    assert "group 2, preliminary" in out
    assert "no joint order" in out
    assert "penalised fit" in " ".join(out.split())


def test_no_votes_are_said_in_words(evenhand: Evenhand, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner\n")
    assert "No votes yet." in evenhand("rank", str(path)).out


def test_a_name_cannot_steer_the_terminal(evenhand: Evenhand, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("model_a,model_b,winner\nx\x1b[2Jx,y,a\n")
    out = evenhand("rank", str(path)).out
    assert "\x1b" not in out
    assert "x\N{REPLACEMENT CHARACTER}[2Jx" in out


STYLED = (
    "model_a,model_b,winner,language,judge,"
    "length_a,length_b,headers_a,headers_b,bold_a,bold_b,lists_a,lists_b\n"
)


@pytest.fixture
def styled(tmp_path: Path) -> str:
    """Votes with languages, voters, and all measures of style."""
    chance = random.Random(3)
    names = ["x", "y", "z"]
    lines = []
    for number in range(600):
        a, b = chance.sample(names, 2)
        measures = [chance.randint(0, 9) for _ in range(8)]
        winner = chance.choice(["model_a", "model_b", "tie"])
        row = [a, b, winner, chance.choice(["en", "zh"]), f"v{number % 150}", *measures]
        lines.append(",".join(map(str, row)))
    path = tmp_path / "styled.csv"
    path.write_text(STYLED + "\n".join(lines) + "\n")
    return str(path)


def test_style_is_held_fixed_and_what_it_is_worth_is_told(evenhand: Evenhand, styled: str) -> None:
    board = json.loads(evenhand("rank", styled, "--style", "--format", "json").out)
    assert [one["name"] for one in board["coefficients"]] == ["length", "headers", "bold", "lists"]
    assert board["method"]["clusters"] == "judge"
    out = evenhand("rank", styled, "--style").out
    assert "A usual difference in" in out
    assert "length, headers, bold, lists held fixed" in " ".join(out.split())


def test_several_slices_stand_under_their_names(evenhand: Evenhand, styled: str) -> None:
    board = json.loads(
        evenhand("rank", styled, "--slice", "overall", "--slice", "chinese", "--format", "json").out
    )
    assert list(board["slices"]) == ["overall", "chinese"]
    assert board["slices"]["chinese"]["votes"] < board["slices"]["overall"]["votes"] == board["votes"]
    told = json.loads(evenhand("rank", styled, "--all-slices", "--format", "json").out)["slices"]
    assert {"overall", "exclude_ties", "english", "chinese"} <= told.keys()
    assert "coding" not in told


def test_slices_without_votes_are_left_out_of_all_slices(evenhand: Evenhand, styled: str) -> None:
    told = json.loads(evenhand("rank", styled, "--all-slices", "--format", "json").out)["slices"]
    assert "german" not in told
    assert all(board["votes"] for board in told.values())
    asked = json.loads(evenhand("rank", styled, "--slice", "german", "--format", "json").out)
    assert asked["status"] == "empty"


def test_bounds_can_be_asked_for_at_another_level_and_jointly(evenhand: Evenhand, votes: str) -> None:
    done = evenhand("rank", votes, "--alpha", ".01", "--ranks", "joint", "--format", "json")
    method = json.loads(done.out)["method"]
    assert (method["alpha"], method["ranks"]) == (0.01, "joint")
    assert "99 % interval" in evenhand("rank", votes, "--alpha", ".01").out


def test_clusters_can_be_switched_off(evenhand: Evenhand, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    lines = [f"x,y,{'a' if n % 3 else 'b'},v{n % 20}" for n in range(200)]
    path.write_text("model_a,model_b,winner,voter\n" + "\n".join(lines))
    by_voter = json.loads(evenhand("rank", str(path), "--format", "json").out)["method"]["clusters"]
    apart = evenhand("rank", str(path), "--no-cluster", "--format", "json").out
    assert (by_voter, json.loads(apart)["method"]["clusters"]) == ("voter", None)


def test_json_tells_the_effects_of_style_in_points_as_well(evenhand: Evenhand, styled: str) -> None:
    done = json.loads(evenhand("rank", styled, "--style", "--format", "json").out)
    for one in done["coefficients"]:
        assert one["points"] == pytest.approx(173.7178 * one["value"], rel=1e-6)


def test_two_files_are_one_set_of_votes(evenhand: Evenhand, votes: str, styled: str) -> None:
    board = json.loads(evenhand("rank", votes, styled, "--format", "json").out)
    assert board["votes"] == 660


@pytest.mark.parametrize("ties", ["drop", "rao-kupper", "davidson"])
def test_ties_can_be_something_else_than_half_a_win(evenhand: Evenhand, styled: str, ties: str) -> None:
    board = json.loads(evenhand("rank", styled, "--ties", ties, "--format", "json").out)
    assert board["method"]["ties"] == ties


def test_the_page_shows_the_board_and_needs_nothing_else(evenhand: Evenhand, styled: str) -> None:
    page = evenhand("rank", styled, "--style", "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "<svg" in page
    assert "What a usual difference in style is worth" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_bad_rows_are_skipped_and_told_beside_the_board(evenhand: Evenhand, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(VOTES + "x,x,a\n")
    done = evenhand("rank", str(path), "--skip-bad-rows")
    assert "1 row skipped: against itself." in done.err
    assert "60 votes" in done.out


def test_an_audit_is_a_report_of_what_the_votes_bear(evenhand: Evenhand, styled: str) -> None:
    text = evenhand("audit", styled).out
    assert "HOW FEW VOTES HOLD UP THE ORDER?" in text.upper()
    content = json.loads(evenhand("audit", styled, "--format", "json").out)
    assert content["votes"] == 600
    assert evenhand("audit", styled, "--format", "html").out.startswith("<!doctype html>")


def test_a_plan_says_how_many_more_votes_it_takes(evenhand: Evenhand, styled: str) -> None:
    done = evenhand("plan", styled, "--pair", "x", "y", "--difference", "20")
    assert done.code == 0, done.err
    assert "If the difference is 20.0 points" in done.out
    content = json.loads(evenhand("plan", styled, "--pair", "x", "y", "--format", "json").out)
    assert {"first", "second", "direct", "drawn", "statement"} <= content.keys()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plan", "{votes}", "--pair", "x", "nobody"], "'nobody' is not among the contestants"),
        (["plan", "{votes}", "--pair", "x", "x"], "cannot be told apart from itself"),
        (["audit", "none.csv"], "there is no such file"),
        (["rank", "{votes}", "--z-score"], "give --style, too"),
        (["rank", "{votes}", "--style"], "nothing to tell 'length' by"),
        (["rank", "{votes}", "--slice", "korean"], "do not tell which of them belong to the slice 'korean'"),
        (["rank", "{votes}", "--slice", "nonsense"], "'nonsense' is no slice"),
        (["rank", "{votes}", "--slice", "overall", "--all-slices"], "exclude each other"),
        (["rank", "{votes}", "--cluster", "voter", "--no-cluster"], "exclude each other"),
        (["rank", "{votes}", "--alpha", "1.5"], "alpha is 1.5"),
        (["rank", "{votes}", "--cluster", "voter"], "no column 'voter' to cluster by"),
        (
            ["rank", "{votes}", "--ties", "davidson", "--cluster", "winner"],
            "takes neither style nor clusters",
        ),
    ],
)
def test_what_the_votes_cannot_give_is_one_sentence_and_exit_code_2(
    evenhand: Evenhand, votes: str, arguments: list[str], says: str
) -> None:
    done = evenhand(*(argument.format(votes=votes) for argument in arguments))
    assert (done.code, done.out) == (2, "")
    assert says in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.csv"], "evenhand: none.csv: there is no such file."),
        (["{votes}", "--anchor", "x"], "is not of the form NAME=RATING"),
        (["{votes}", "--anchor", "x=high"], "is not of the form NAME=RATING"),
        (["{votes}", "--anchor", "nobody=1000"], "'nobody' is not among the contestants"),
        (["{votes}", "--format", "xml"], "xml"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    evenhand: Evenhand, votes: str, arguments: list[str], says: str
) -> None:
    done = evenhand("rank", *(argument.format(votes=votes) for argument in arguments))
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_the_command_needs_nothing_beyond_the_bare_package() -> None:
    server = [
        "fastapi",
        "sqlalchemy",
        "psycopg",
        "structlog",
        "msgspec",
        "aiohttp",
        "yaml",
        "pydantic_settings",
    ]
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({server!r}))\n"
        "from evenhand.cli import main; sys.argv = ['evenhand', 'rank', '--help']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "--anchor" in done.stdout
