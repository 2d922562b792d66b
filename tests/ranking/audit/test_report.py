"""The audit as a whole: what it says, what it leaves open, and how often it cries wolf."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evenhand.ranking import Cells, RankingError, Votes, read_votes
from evenhand.ranking.audit import Audit, audit
from evenhand.ranking.audit import cycles as cycles_module
from evenhand.ranking.audit.charts import Bar, Bars, Line, Panels, Point, Timeline
from evenhand.ranking.audit.report import QUESTIONS
from evenhand.ranking.audit.svg import drawn, ticks
from evenhand.ranking.audit.words import name, percent
from evenhand.ranking.look import STYLE
from tests.ranking.audit.worlds import spread, world
from tests.ranking.worlds import cells, tournament

KEYS = {key for key, _, _ in QUESTIONS}


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speed only: p values stay exact, on a coarser grid."""
    monkeypatch.setattr(cycles_module, "WORLDS", 199)


def full() -> Audit:
    return audit(world(4_000, spread(6), days=60, voters=80, position=0.3, drift={1: (30, 0.6)}, seed=2))


def test_clean_votes_raise_an_alarm_in_about_one_of_twenty_audits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles_module, "WORLDS", 119)
    runs = 60
    loud = sum(
        bool(audit(world(1_500, spread(5), days=40, ties=0.2, seed=seed)).alarms) for seed in range(runs)
    )
    # 3 expected; more than 8 has a chance of .4 %.
    assert loud <= 8


def test_what_is_planted_is_said_first() -> None:
    result = full()
    assert {"position_bias", "drift"} <= set(result.alarms)
    assert [one.key for one in result.findings[: len(result.alarms)]] == list(result.alarms)
    assert result["position_bias"].alarm
    assert result["position_bias"].answer in result.to_text().replace("\n", " ").replace("  ", " ")


def test_every_question_is_answered_or_said_to_be_open() -> None:
    for votes in (world(900, spread(4), days=20, voters=30), world(900, spread(4)).cells, cells([])):
        result = audit(votes)
        answered, left = {one.key for one in result.findings}, {one.key for one in result.unanswered}
        assert answered | left == KEYS | {"coverage"}
        assert not answered & left
        assert all(one.reason.endswith(".") for one in result.unanswered)


def test_counts_per_pair_say_why_they_do_not_tell_of_voters_sides_and_time() -> None:
    result = audit(world(900, spread(4)).cells)
    reasons = {one.key: one.reason for one in result.unanswered}
    assert set(reasons) == {"voters", "position_bias", "drift", "prompt_mix"}
    assert all(reason.startswith("These are counts per pair") for reason in reasons.values())
    assert reasons["voters"] in result.to_html()


def test_the_keys_and_questions_are_those_of_the_findings() -> None:
    result = full()
    asked = {key: question for key, question, _ in QUESTIONS}
    for one in result.findings:
        assert asked.get(one.key, one.question) == one.question
    with pytest.raises(KeyError):
        result["colour"]


def test_it_is_the_same_for_the_same_votes_and_seed() -> None:
    assert full().as_dict() == full().as_dict()
    assert full().to_html() == full().to_html()


def test_style_is_held_fixed() -> None:
    result = audit(world(3_000, spread(4), style=0.5, days=20, voters=50), style="x")
    assert result.as_dict()["style"] == ["x"]
    assert "with x held fixed" in result.to_text()
    assert KEYS - {one.key for one in result.unanswered} >= {
        "dropping_votes",
        "drift",
        "position_bias",
        "voters",
    }


DEGENERATE: dict[str, Cells] = {
    "no votes": cells([]),
    "one vote": cells([("x", "y", "a")]),
    "one contestant": cells([], also=("x",)),
    "all wins": tournament(("x", "y", 5, 0, 0), ("y", "z", 5, 0, 0)),
    "two islands": tournament(("a", "b", 3, 3, 0), ("c", "d", 3, 3, 0)),
    "all ties": tournament(("x", "y", 0, 0, 5), ("y", "z", 0, 0, 5)),
    "both bad only": cells([("x", "y", "both_bad")] * 3),
    "no weight": cells([("x", "y", "a"), ("y", "x", "a")], [0.0, 0.0]),
    "two": tournament(("x", "y", 2, 1, 0)),
    "equals": tournament(("x", "y", 2, 2, 0)),
    "odd names": tournament(
        ("", "<b>&\"'", 2, 1, 0), ("", "\u202e🙋" * 3000, 2, 2, 0), ("", "a\nb\x00", 1, 1, 1)
    ),
}


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [one for part in value.values() for one in numbers(part)]
    if isinstance(value, list | tuple):
        return [one for part in value for one in numbers(part)]
    return [float(value)] if isinstance(value, int | float) else []


@pytest.mark.parametrize("votes", DEGENERATE.values(), ids=DEGENERATE)
def test_votes_that_say_little_have_an_audit_without_infinite_numbers(votes: Cells) -> None:
    result = audit(votes)
    written = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert all(np.isfinite(numbers(written)))
    assert result.to_text()
    Page().feed(result.to_html())


class Page(HTMLParser):
    """Checks that tags are closed and that nothing is fetched or run."""

    EMPTY = ("meta", "line", "polyline", "polygon", "circle", "rect", "br")

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe", "object", "b")
        for key, value in attrs:
            assert not key.startswith("on")
            assert key not in ("src", "href")
            assert "url(" not in (value or "")
        if tag not in self.EMPTY:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.EMPTY

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.stack:
            self.text += data


def test_the_page_is_whole_runs_nothing_and_fetches_nothing() -> None:
    written = full().to_html()
    page = Page()
    page.feed(written)
    assert page.stack == []
    assert not re.search(r"https?://|@import|url\(", written)
    assert "prefers-color-scheme:dark" in written
    assert "default-src 'none'" in written
    assert written.count("<svg") >= 4
    assert "nan" not in re.sub(r"<style>.*?</style>", "", written, flags=re.S).lower().replace("finance", "")


def test_the_style_sheet_is_whole() -> None:
    # A text that is not closed on its line makes a browser drop the rule around it, without a word.
    assert all(line.count('"') % 2 == 0 for line in STYLE.splitlines())
    assert STYLE.count("{") == STYLE.count("}")
    for used in set(re.findall(r'class="?([\w ]+)', full().to_html())):
        assert all(f".{one}" in STYLE for one in used.split())


def test_names_are_written_as_text() -> None:
    odd = "<script>alert('1')</script>"
    page = Page()
    result = audit(
        tournament((odd, "y", 20, 11, 3), ("y", "z\u202ex", 12, 11, 2), (odd, "z\u202ex", 9, 8, 1))
    )
    page.feed(result.to_html())
    assert odd in page.text
    assert "\u202e" not in page.text + result.to_text()


def test_text_keeps_to_its_width_but_for_tables() -> None:
    for line in full().to_text().splitlines():
        assert len(line) <= 88 or line.startswith("  ")


def test_votes_that_do_not_count_are_said() -> None:
    votes = Votes(world(900, spread(4)).cells, excluded={"not_blind": 12}, skipped={"bad weight": 3})
    result = audit(votes)
    assert "Votes that do not count: 12 (not blind), 3 (bad weight)." in result.to_text()
    assert result.as_dict()["excluded"] == {"not_blind": 12, "bad weight": 3}


def test_a_young_board_is_said_to_be_one() -> None:
    assert audit(tournament(("x", "y", 5, 4, 0), ("y", "z", 60, 40, 0))).young
    assert not audit(tournament(("x", "y", 20, 10, 0), ("y", "z", 60, 40, 0))).young
    assert "fewer than 30 votes" in audit(tournament(("x", "y", 5, 4, 0))).to_html()


def test_alpha_outside_its_range_is_refused() -> None:
    with pytest.raises(RankingError, match="alpha is 1"):
        audit(cells([]), alpha=1)


def test_style_without_single_votes_is_refused() -> None:
    with pytest.raises(RankingError, match="Counts per pair hold no single votes"):
        audit(Votes(tournament(("x", "y", 3, 2, 1))), style=True)


def test_a_file_with_all_its_columns_answers_everything(tmp_path: Path) -> None:
    simulated = world(3_000, spread(5), days=30, voters=60, seed=1)
    rows = simulated.rows()
    assert rows.day is not None
    assert rows.cluster is not None
    said = ("model_a", "model_b", "tie", "tie (bothbad)")
    lines = ["model_a,model_b,winner,judge,tstamp,language"]
    for n in range(len(rows)):
        a, b = (simulated.contestants[side[rows.pair[n]]] for side in (rows.first, rows.second))
        language = "English" if rows.slices["english"][n] else "Chinese"
        time = int(rows.day[n]) * 86_400 + n
        lines.append(f"{a},{b},{said[rows.outcome[n]]},judge {rows.cluster[n]},{time},{language}")
    path = tmp_path / "votes.csv"
    path.write_text("\n".join(lines))
    result, expected = audit(read_votes(path)), audit(simulated)
    assert result.unanswered == ()
    assert set(result["prompt_mix"].figures["slices"]) == {"english", "chinese"}  # type: ignore[call-overload]
    for key in ("dropping_votes", "voters", "agreement", "cycles", "ties", "coverage"):
        assert result[key].answer == expected[key].answer
    assert result["drift"].p_value == pytest.approx(expected["drift"].p_value)
    assert result["position_bias"].p_value == pytest.approx(expected["position_bias"].p_value)


# Drawing and words


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0, 10) == [0, 2, 4, 6, 8, 10]
    assert ticks(-0.3, 0.3, 3) == pytest.approx([-0.2, 0, 0.2])
    assert ticks(5, 5) == [5]


@pytest.mark.parametrize(
    "chart",
    [
        Bars("t", "votes", [Bar("x", None, "none found"), Bar("y", 1, "1"), Bar("z", 123456, "123,456")]),
        Timeline("t", "points", [Line("one point", [Point(5.0, 1.0)]), Line("none", [])]),
        Panels("t", "points", [Line("flat", [Point(5.0, 1.0, 1.0, 1.0), Point(9.0, 1.0)], 1.0)]),
        Timeline("t", "points", []),
    ],
)
def test_plots_of_little_are_drawn_inside_their_box(chart: Any) -> None:
    svg = drawn(chart)
    Page().feed(svg)
    width, height = (float(one) for one in re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())  # type: ignore[union-attr]
    for key, value in re.findall(r'\b([cxy]{1,2}[12]?)="([-\d.]+)"', svg):
        assert 0 <= float(value) <= (width if "x" in key else height)


def test_small_shares_keep_a_figure_that_says_something() -> None:
    assert [percent(one).replace("\u00a0", " ") for one in (0.5, 0.00029, 0.0000011, 0.0)] == [
        "50.0 %",
        "0.029 %",
        "0.00011 %",
        "0.0 %",
    ]


def test_names_are_cut_and_stay_on_their_line() -> None:
    assert name("a\nb\u202ec") == "a b c"
    assert len(name("x" * 10_000)) == 40
    assert name(" \x00") == "(no name)"
