"""The same digits wherever the votes live: counted and fitted by Ibis on DuckDB, and on a local Spark."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import numpy as np
import pytest

from evenhand.ranking import RankingError, read_votes
from evenhand.ranking.engines import count_cells, fit_elsewhere
from evenhand.ranking.joint import JointFit, fit_joint

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


STYLE = ("length", "bold")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Votes of known style."""
    path = tmp_path_factory.mktemp("votes") / "votes.parquet"
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        database.execute("SELECT setseed(0.5)")
        database.execute(
            "COPY (SELECT 'm' || a AS model_a, "
            "'m' || ((a + 1 + floor(random() * 4)::INTEGER) % 5) AS model_b, "
            "['model_a', 'model_b', 'tie', 'both_bad'][1 + floor(random() * 4)::INTEGER] AS winner, "
            "0.5 + random() AS weight, floor(random() * 500) AS length_a, floor(random() * 400) AS length_b, "
            "floor(random() * 3) AS bold_a, floor(random() * 4) AS bold_b "
            f"FROM (SELECT floor(random() * 5)::INTEGER AS a FROM range(3000))) TO '{path}'"
        )
    return path


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark of this machine's."""
    from pyspark import sql

    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()


def contrast(votes: Any, name: str) -> Any:
    a, b = votes[f"{name}_a"], votes[f"{name}_b"]
    return ibis.ifelse(a + b > 0, (a - b) / (a + b), 0.0)


def agree(fit: JointFit, other: JointFit) -> None:
    np.testing.assert_allclose(fit.theta, other.theta, atol=1e-9)
    np.testing.assert_allclose(fit.beta, other.beta, atol=1e-9)
    np.testing.assert_allclose(fit.covariance, other.covariance, atol=1e-9)


def test_duckdb_by_way_of_ibis_gives_the_same_cells_and_the_same_fit(file: Path) -> None:
    votes = ibis.duckdb.connect().read_parquet(file)
    cells, fit = fit_elsewhere(votes, {name: contrast(votes, name) for name in STYLE})
    ours = read_votes(file)
    assert cells.contestants == ours.contestants
    np.testing.assert_array_equal(cells.votes, ours.cells.votes)
    np.testing.assert_allclose(cells.weights, ours.cells.weights)
    exact = fit_joint(ours.rows(style=STYLE))
    # Ours keeps covariates in single precision.
    np.testing.assert_allclose(fit.theta, exact.theta, atol=1e-6)
    np.testing.assert_allclose(fit.beta, exact.beta, atol=1e-6)
    np.testing.assert_allclose(fit.covariance, exact.covariance, atol=1e-6)


@pytest.mark.spark
def test_spark_gives_the_digits_that_duckdb_gives(file: Path, spark: Any) -> None:
    fits = []
    for engine in (ibis.duckdb.connect(), spark):
        votes = engine.read_parquet(str(file))
        fits.append(fit_elsewhere(votes, {name: contrast(votes, name) for name in STYLE}))
    (cells, fit), (other_cells, other) = fits
    np.testing.assert_array_equal(cells.votes, other_cells.votes)
    agree(fit, other)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("x", "y", "huh"), "'huh' is no known outcome"),
        (("x", None, "tie"), "one is empty"),
        (("x", "x", "tie"), "compared with itself"),
    ],
)
def test_a_bad_vote_is_refused_there_too(row: tuple[str, str | None, str], says: str) -> None:
    columns = {name: [value] for name, value in zip(("model_a", "model_b", "winner"), row, strict=True)}
    with pytest.raises(RankingError, match=says):
        count_cells(ibis.memtable(columns, schema=dict.fromkeys(columns, "string")))
