import csv
import json
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
