"""The codes of docs/commands.md. What `evenhand up` ends with is tested where it is started."""

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("evenhand")


def run(folder: Path, *words: str, **settings: str) -> tuple[int, str]:
    """The exit code of a command and what it says on standard error; nothing but that is printed."""
    done = subprocess.run(
        [COMMAND, *words],
        cwd=folder,
        env={"PATH": "", "HOME": str(folder), "EVENHAND_DATA": str(folder / "data"), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        ("pause", {"EVENHAND_PORT": "x"}, "EVENHAND_PORT must be a whole number"),
        ("contestants list", {"EVENHAND_CATALOGUE": "none.yaml"}, "none.yaml: there is no such file"),
        (
            "contestants check",
            {"EVENHAND_CATALOGUE": "wrong.yaml"},
            "wrong.yaml, line 1, contestants: must be",
        ),
        ("resume", {}, "No arena runs on"),
        ("import votes.csv", {}, "No arena runs on"),
        (
            "pause",
            {"EVENHAND_DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/arena"},
            "Cannot reach the database at 127.0.0.1:1/arena",
        ),
        (
            "import votes.csv",
            {"EVENHAND_DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/arena"},
            "Cannot reach the database at 127.0.0.1:1/arena",
        ),
    ],
)
def test_what_cannot_be_done_here_is_one_sentence_and_exit_code_1(
    tmp_path: Path, words: str, settings: dict[str, str], said: str
) -> None:
    (tmp_path / "wrong.yaml").write_text("contestants: 3\n")
    (tmp_path / "votes.csv").write_text("model_a,model_b,winner\nx,y,a\n")
    code, error = run(tmp_path, *words.split(), **settings)
    assert (code, error.count("\n")) == (1, 1), error
    assert error.startswith(f"evenhand: {said}")
    assert "hunter2" not in error


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("import none.csv", "evenhand: none.csv: there is no such file."),
        ("import wrong.csv", "evenhand: wrong.csv"),
        ("import votes.csv --name text", "evenhand: An arena is called text"),
        (
            "import votes.csv --name chatbot-arena-2024-08",
            "evenhand: The board chatbot-arena-2024-08 comes with",
        ),
        ("rank wrong.csv", "evenhand: wrong.csv"),
        ("contestants check nobody", 'evenhand: "nobody" does not compete'),
        ("contestants fetch nobody", 'evenhand: there is no demo model "nobody"'),
        ("contestants add --model m --base-url ftp://x", "evenhand: --base-url: must begin with"),
        ("openapi none/openapi.json", "evenhand: none/openapi.json: cannot be written"),
        ("up --loud", "No such option: --loud"),
        ("down", "No such command 'down'"),
        ("import", "Missing argument 'FILE'"),
    ],
)
def test_wrong_input_is_exit_code_2(tmp_path: Path, words: str, said: str) -> None:
    (tmp_path / "wrong.csv").write_text("model_a,model_b,winner\nx,y,maybe\n")
    (tmp_path / "votes.csv").write_text("model_a,model_b,winner\nx,y,a\n")
    code, error = run(tmp_path, *words.split())
    assert code == 2, error
    assert said in error
    assert "Traceback" not in error
