"""What a command does not need it does not load: half a second of every command would go into it."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["contestants", "--help"]])
def test_help_is_there_without_numerics_server_or_colours(words: list[str]) -> None:
    heavy = ["numpy", "duckdb", "rich", "sqlalchemy", "fastapi", "aiohttp"]
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({heavy!r}))\n"
        f"from evenhand.cli import main; sys.argv = ['evenhand', *{words!r}]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: evenhand" in done.stdout
