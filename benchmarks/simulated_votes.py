"""Simulated votes with known ratings and effects of style, as a Parquet file: written by DuckDB, of any size.

Names and measures look like those of the public sets: strings of some length, token counts that are
log-normal, counts of headings, bold spans and list items that are mostly small.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from evenhand.ranking import Cells
from evenhand.ranking.slices import CRITERIA, LANGUAGES, OCCUPATIONS

CONTESTANTS = 200
EFFECTS = {"length": 0.25, "headers": 0.05, "bold": 0.03, "lists": 0.02}
"""Of a usual difference, in natural units."""
SPREAD = 90.0 * np.log(10.0) / 400.0
"""Standard deviation of the ratings: 90 points."""
_TIES = 0.345
"""The share of ties and both-bad of real votes."""

_MEASURES = {
    "length": "exp(5.6 + 0.5 * sin({who} * 12.9898) + 0.8 * {z})",
    "headers": "-2 * exp(0.5 * sin({who} * 78.233)) * ln({u})",
    "bold": "-5 * exp(0.5 * sin({who} * 37.719)) * ln({u})",
    "lists": "-4 * exp(0.5 * sin({who} * 93.989)) * ln({u})",
}
"""Every contestant has habits of its own, which ratings take for strength where style is not controlled."""


@dataclass(frozen=True)
class Truth:
    """What the votes were made from: θ (M), in the order of the names; β in the order of `EFFECTS`."""

    names: tuple[str, ...]
    theta: NDArray[np.float64]


def truth(contestants: int = CONTESTANTS) -> Truth:
    """So many contestants, the same in every file."""
    rng = np.random.default_rng(20_240_814)
    theta = rng.normal(0, SPREAD, contestants)
    names = tuple(
        sorted(
            f"vendor-{number % 17:02}-model-{number:03}-2026-0{number % 9 + 1}"
            for number in range(contestants)
        )
    )
    return Truth(names, theta - theta.mean())


def counted(votes: int, seed: int) -> Cells:
    """The sums of so many votes on pairs drawn evenly, without any file."""
    known, rng = truth(), np.random.default_rng(seed)
    first, second = np.triu_indices(CONTESTANTS, 1)
    p = 1.0 / (1.0 + np.exp(known.theta[second] - known.theta[first]))
    tied = _TIES * 2.0 * p * (1.0 - p)
    number = rng.multinomial(votes, np.full(len(p), 1.0 / len(p)))
    found = rng.multinomial(number, np.stack([p - tied, 1.0 - p - tied, tied, tied], axis=1))
    return Cells(known.names, first, second, np.stack([found] * 3).astype(np.float64))


def write_votes(path: Path, votes: int, contestants: int = CONTESTANTS, seed: float = 0.42) -> None:
    """Write so many votes; the same seed gives the same file."""
    known = truth(contestants)
    with duckdb.connect() as database:
        # The generator's numbers come in the order of the rows on one thread only.
        database.execute("SET threads = 1")
        database.execute(f"SELECT setseed({seed})")
        database.execute("CREATE TABLE contestant (id INTEGER, name VARCHAR, theta DOUBLE)")
        database.executemany(
            "INSERT INTO contestant VALUES (?, ?, ?)",
            [
                [number, name, float(theta)]
                for number, (name, theta) in enumerate(zip(known.names, known.theta, strict=True))
            ],
        )
        pilot = ", ".join(f"sqrt(avg(x_{name} * x_{name}))" for name in EFFECTS)
        scales = database.execute(
            f"SELECT {pilot} FROM ({_answers(min(votes, 2_000_000), contestants)})"
        ).fetchone()
        assert scales is not None
        tilt = " + ".join(
            f"{effect} * x_{name} / {scale}"
            for (name, effect), scale in zip(EFFECTS.items(), scales, strict=True)
        )
        measures = ", ".join(f"{name}_{side}" for name in EFFECTS for side in "ab")
        database.execute(f"SELECT setseed({seed})")
        database.execute(
            f"""COPY (
            WITH drawn AS (SELECT *, random() AS u, random() AS v FROM ({_answers(votes, contestants)})),
            told AS (
                SELECT a.name AS model_a, b.name AS model_b, u, v, {measures},
                    1 / (1 + exp(b.theta - a.theta - ({tilt}))) AS p
                FROM drawn JOIN contestant a ON a.id = drawn.a JOIN contestant b ON b.id = drawn.b)
            SELECT model_a, model_b,
                CASE WHEN u < p - {_TIES} * 2 * p * (1 - p) THEN 'model_a'
                    WHEN u < p + {_TIES} * 2 * p * (1 - p) THEN if(v < 0.5, 'tie', 'both_bad')
                    ELSE 'model_b' END AS winner, {measures}
            FROM told) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
        )


def write_slices(path: Path, source: Path) -> None:
    """Write the votes of a file again, with what tells the slices that they belong to."""
    some = "random() < .2"
    tags = {
        "criteria_v0.1": dict.fromkeys(CRITERIA, "random() < .75"),
        "expert_v0.1": {"expert": some},
        "math_v0.1": {"math": some},
        "creative_writing_v0.1": {"creative_writing": some},
        "if_v0.1": {"if": some, "score": "floor(6 * random())"},
    }
    categories = _struct({group: _struct(fields) for group, fields in tags.items()})
    occupations = _struct(dict.fromkeys((*OCCUPATIONS.values(), "sales_and_retail"), "random() < .1"))
    with duckdb.connect() as database:
        database.execute("SET threads = 1; SELECT setseed(.42)")
        database.execute(
            f"""COPY (SELECT *, {[*LANGUAGES]}[1 + floor({len(LANGUAGES)} * random())::INTEGER] AS language,
            {some} AS is_code, random() < .02 AS is_refusal,
            1 + floor(-ln(1 - random()))::INTEGER AS turn, {categories} AS category_tag,
            {occupations} AS occupational_tags,
            {{'sum_user_tokens': floor(exp(1 + 6 * random()))::INTEGER}} AS conv_metadata
            FROM '{source}') TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
        )


def _struct(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': {value}" for name, value in fields.items()) + "}"


def _answers(votes: int, contestants: int) -> str:
    """SELECT the contestants of so many votes, what their answers measure, and the covariates, not scaled."""
    columns = []
    for name, measure in _MEASURES.items():
        for side in "ab":
            z = "(sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))"
            value = measure.format(who=side, z=z, u="(1 - random())")
            columns.append(f"floor({value})::INTEGER AS {name}_{side}")
    contrasts = ", ".join(
        f"if({name}_a + {name}_b > 0, ({name}_a - {name}_b) / ({name}_a + {name}_b)::DOUBLE, 0) AS x_{name}"
        for name in EFFECTS
    )
    drawn = f"SELECT floor(random() * {contestants})::INTEGER AS a FROM range({votes})"
    other = f"(a + 1 + floor(random() * {contestants - 1})::INTEGER) % {contestants}"
    paired = f"SELECT a, {other} AS b FROM ({drawn})"
    return f"SELECT *, {contrasts} FROM (SELECT a, b, {', '.join(columns)} FROM ({paired}))"
