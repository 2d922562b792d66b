"""`evenhand retention`: the same figures for whoever has a shell."""

import csv
import io
import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from evenhand.app import figures
from evenhand.cli import app
from tests.operations.histories import History, ago
from tests.support.watch import NOON


@pytest.fixture
def run(database_url: str, monkeypatch: pytest.MonkeyPatch) -> "Run":
    monkeypatch.setenv("EVENHAND_DATABASE_URL", database_url)
    monkeypatch.setattr(figures, "now", lambda: NOON)
    return Run()


class Run:
    def __call__(self, *words: str) -> str:
        done = CliRunner().invoke(app, ["retention", *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout


@pytest.fixture
def some(past: History) -> None:
    """Ten who first voted 40 days ago, a Friday; four returned the day after, and six yesterday."""
    people = past.people(10, ago(40))
    past.vote(people[:4], ago(40) + timedelta(days=1))
    past.vote(people[:6], ago(1), times=2)


@pytest.mark.usefixtures("some")
def test_it_says_what_there_is_as_tables(run: Run) -> None:
    said = run()
    assert "90 days from 2026-08-27 to 2026-11-24 (UTC)" in said
    rows = [line.split() for line in said.splitlines()]
    assert ["on", "2026-11-24", "6", "0", "6"] in rows
    assert ["in", "the", "last", "30", "days", "6", "0", "6"] in rows
    none = ["0%", "(0–28%)", "of", "10"]
    assert ["2026-10-12", "10", "40%", "(17–69%)", "of", "10", *none, *none] in rows
    assert ["asked", "for", "another", "battle", "after", "that", "6"] in rows
    assert ["median", "3"] in rows


@pytest.mark.usefixtures("some")
def test_it_says_the_same_as_json_and_as_csv(run: Run) -> None:
    told = json.loads(run("--format", "json", "--days", "7"))
    assert (told["days"], told["funnel"]) == (7, {"asked": 6, "answered": 6, "voted": 6, "again": 0})
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "--days", "50"))))
    found = {(row["figure"], row["of"], row["measure"]): row for row in rows}
    assert found["daily voters", "2026-11-24", "people"]["value"] == "6"
    assert found["daily voters", "2026-11-23", "new"]["value"] == ""
    day_1 = found["cohort", "2026-10-12", "D1"]
    assert (day_1["value"], day_1["lower"][:5], day_1["upper"][:5]) == ("0.4", "0.168", "0.687")
    assert found["cohort", "all", "D1 of"]["value"] == "10"
    assert found["votes per voter", "2–4", "people"]["value"] == "6"


@pytest.mark.parametrize("days", ["0", "1001", "many"])
def test_it_takes_no_other_number_of_days(days: str) -> None:
    assert CliRunner().invoke(app, ["retention", "--days", days]).exit_code == 2
