"""The examples of the guide run as they stand there, in order, on votes that have what they name."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from evenhand.ranking import compare_models, rank, read_votes
from tests.ranking.test_published_board import carried

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("ranking.md", "ranking-votes.md", "ranking-parts.md", "ranking-methods.md")
BLOCK = re.compile(r"^(?:<!-- needs (\w+) -->\n)?```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""An example, and the package beside Evenhand's own that it needs, as a comment above it names it."""
STRENGTHS = {"ada": 0.9, "bell": 0.4, "curie": 0.33, "darwin": -0.3, "euler": -1.2}
LANGUAGES = ("English", "French", "German")


def blocks(guide: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the examples of a guide, on the lines where they stand there, and what each needs."""
    text = (DOCS / guide).read_text(encoding="utf-8")
    return [
        ("\n" * text.count("\n", 0, found.start(2)) + found[2], tuple((found[1] or "").split()))
        for found in BLOCK.finditer(text)
    ]


def metadata(rng: np.random.Generator, length: np.ndarray) -> dict[str, Any]:
    measures: dict[str, Any] = {"sum_user_tokens": int(rng.integers(2, 900))}
    for side, tokens in zip("ab", length.tolist(), strict=True):
        headers = {f"h{number}": int(rng.integers(0, 2)) for number in range(1, 7)}
        measures |= {
            f"sum_assistant_{side}_tokens": int(tokens),
            f"header_count_{side}": headers,
            f"bold_count_{side}": {"**": int(rng.integers(0, 4)), "__": 0},
            f"list_count_{side}": {"ordered": int(rng.integers(0, 3)), "unordered": int(rng.integers(0, 5))},
        }
    return measures


def votes(number: int) -> list[dict[str, Any]]:
    """Simulate votes for the better one, the longer answer and a little for A."""
    rng = np.random.default_rng(1)
    names = list(STRENGTHS)
    rows = []
    for row in range(number):
        a, b = rng.choice(len(names), 2, replace=False)
        length = rng.integers(50, 900, 2)
        gap = STRENGTHS[names[a]] - STRENGTHS[names[b]] + 0.4 * (length[0] - length[1]) / length.sum() + 0.05
        p = 1 / (1 + np.exp(-gap))
        tied = 1.2 * p * (1 - p)
        said = ("model_a", "tie", "both_bad", "model_b")
        chances = [p - tied / 2, 0.7 * tied, 0.3 * tied, 1 - p - tied / 2]
        rows.append(
            {
                "model_a": names[a],
                "model_b": names[b],
                "winner": said[rng.choice(4, p=chances)],
                "voter": f"v{rng.integers(0, 200)}",
                "evaluation_session_id": f"s{rng.integers(0, 900)}",
                "timestamp": f"2026-03-{1 + row * 28 // number:02}T12:00:00Z",
                "anony": row % 50 != 0,
                "language": LANGUAGES[rng.choice(3, p=[0.6, 0.25, 0.15])],
                "is_code": bool(rng.random() < 0.3),
                "turn": int(rng.integers(1, 4)),
                "conv_metadata": metadata(rng, length),
                "emoji_a": int(rng.integers(0, 4)),
                "emoji_b": int(rng.integers(0, 4)),
                "probability": float(rng.choice([0.05, 0.15])),
            }
        )
    return rows


def write_files(folder: Path) -> None:
    """Write the files that the examples read."""
    rows = votes(4000)
    lines = folder / "votes.jsonl"
    lines.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    duckdb.execute(f"COPY (FROM '{lines}') TO '{folder / 'votes.parquet'}'")
    head = "model_a,model_b,winner\n"
    plain = [f"{one['model_a']},{one['model_b']},{one['winner']}\n" for one in rows]
    (folder / "monday.csv").write_text(head + "".join(plain[:500]), encoding="utf-8")
    (folder / "tuesday.csv").write_text(head + "".join(plain[500:1000]), encoding="utf-8")
    (folder / "scraped.csv").write_text(head + "".join(plain[:100]) + "ada,bell,maybe\n", encoding="utf-8")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guide")
    write_files(folder)
    return folder


def run(guide: str, package: str | None = None) -> None:
    """Run the examples in order, those left out that need a package other than this one."""
    names: dict[str, Any] = {"__name__": "guide"}
    for source, needs in blocks(guide):
        if needs in ((), (package,)):
            exec(compile(source, str(DOCS / guide), "exec"), names)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_examples_run(guide: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    run(guide)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("guide", "package"),
    sorted({(guide, one) for guide in GUIDES for _, needs in blocks(guide) for one in needs}),
)
def test_the_examples_run_that_need_a_package_beside(
    guide: str, package: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    run(guide, package)


def test_every_example_is_one_that_is_run() -> None:
    for guide in GUIDES:
        assert (DOCS / guide).read_text(encoding="utf-8").count("```python") == len(blocks(guide)) > 0


def test_the_json_of_the_guide_has_the_fields_that_a_board_has(files: Path) -> None:
    (shown,) = re.findall(
        r"^```json\n(.*?)^```$", (DOCS / "ranking.md").read_text(), re.MULTILINE | re.DOTALL
    )
    document = json.loads(shown)
    board = rank(read_votes(files / "votes.parquet"), style=True).as_dict()
    assert document.keys() == board.keys() | {"slices"}
    assert document["method"].keys() == board["method"].keys()
    for part in ("contestants", "coefficients"):
        assert document[part][0].keys() == board[part][0].keys()


def test_links_within_the_guide_lead_somewhere() -> None:
    for guide in GUIDES:
        for page, heading in re.findall(r"\]\(([\w.-]*\.md)?(?:#([\w-]+))?\)", (DOCS / guide).read_text()):
            target = (DOCS / (page or guide)).read_text(encoding="utf-8")
            headings = [
                re.sub(r"[^\w -]", "", one).lower() for one in re.findall(r"^#+ (.*)$", target, re.MULTILINE)
            ]
            assert not heading or heading in [one.replace(" ", "-") for one in headings]


def test_the_held_out_losses_of_the_guide_are_those_of_the_real_votes() -> None:
    text = (DOCS / "ranking-methods.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| ([\w-]+) \| (1\.\d+) \| (\.\d+)? ?\| (\.\d+)? ?\|$", text, re.MULTILINE)
    found = compare_models(read_votes(carried())).models
    assert [one.model for one in found] == [name.lower() for name, *_ in shown]
    for one, (_, loss, behind, error) in zip(found, shown, strict=True):
        assert one.loss == pytest.approx(float(loss), abs=1e-6)
        assert one.behind == pytest.approx(float(behind or 0), abs=1e-6)
        assert one.behind_se == pytest.approx(float(error or 0), abs=1e-6)
