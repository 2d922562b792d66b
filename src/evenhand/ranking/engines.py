"""The two passes over votes as queries of Ibis, for votes that live in a database or on a cluster.

Whatever Ibis speaks to (DuckDB, Spark, BigQuery, Snowflake, PostgreSQL and more) groups and sums; only sums
per pair come here. `count_cells` is the pass of the plain fit, `IbisPasses` the one that each step of a fit
with covariates makes; `fit_elsewhere` does both.

Ibis is not among Evenhand's own dependencies: pip install 'ibis-framework[duckdb]'.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.ballots import SPELLINGS
from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.cells import OUTCOMES, Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.joint import JointFit, climb
from evenhand.ranking.passes import FARTHEST, Moments, PassSums
from evenhand.ranking.rows import SCORES

if TYPE_CHECKING:
    import ibis

_INDEX = {word: number for number, outcome in enumerate(OUTCOMES) for word in SPELLINGS[outcome]}


def count_cells(votes: "ibis.Table") -> Cells:
    """Count votes with the columns `model_a`, `model_b`, `winner` and, where there is one, `weight`.

    Raises:
        RankingError: an outcome is unknown, a name is missing, or a contestant meets itself.
    """
    weighed = votes.mutate(w=_weight(votes))
    sums = weighed.group_by("model_a", "model_b", "winner").aggregate(
        votes=weighed.count(), weight=weighed.w.sum(), square=(weighed.w * weighed.w).sum()
    )
    lines = []
    for a, b, said, *numbers in sums.to_pandas().itertuples(index=False):
        outcome = _INDEX.get(str(said).strip().lower())
        if outcome is None:
            raise RankingError(f"winner: {said!r} is no known outcome; known are {', '.join(_INDEX)}.")
        if not isinstance(a, str) or not isinstance(b, str) or not a or not b:
            raise RankingError("model_a, model_b: a vote names two contestants, and one is empty.")
        lines.append((a, b, OUTCOMES[outcome], *numbers))
    return Cells.from_sums(lines)


class IbisPasses:
    """Passes over votes where they live.

    covariates: for each name the expression of x, from the columns of `votes`, scaled already. `first` and
    `second` are the pairs (P), in both orders, that the sums are of.
    """

    def __init__(
        self, votes: "ibis.Table", cells: Cells, covariates: "Mapping[str, ibis.expr.types.NumericValue]"
    ) -> None:
        import ibis

        low, high = cells.pairs.T
        self.first: NDArray[np.int64] = np.concatenate([low, high])
        self.second: NDArray[np.int64] = np.concatenate([high, low])
        self._place = {pair: number for number, pair in enumerate(zip(*self._names(cells), strict=True))}
        self._names_of_pairs = list(self._place)
        said = votes.winner.strip().lower()
        score = ibis.cases(*((said == word, float(SCORES[index])) for word, index in _INDEX.items()))
        self._votes = votes.select(
            "model_a",
            "model_b",
            y=score,
            w=_weight(votes),
            **{f"x{k}": x.cast("float64") for k, x in enumerate(covariates.values())},
        )
        self._covariates = len(covariates)

    def _names(self, cells: Cells) -> tuple[list[str], list[str]]:
        names = np.array(cells.contestants, dtype=object)
        return list(names[self.first]), list(names[self.second])

    def __call__(self, theta: Vector, beta: Vector, *, meat: bool = False) -> PassSums:
        """Make a pass at θ (size) and β (K): one query."""
        import ibis

        gaps = ibis.memtable(
            {
                "model_a": [a for a, _ in self._names_of_pairs],
                "model_b": [b for _, b in self._names_of_pairs],
                "gap": theta[self.first] - theta[self.second],
            }
        )
        joined = self._votes.join(gaps, ["model_a", "model_b"])
        xs = [joined[f"x{k}"] for k in range(self._covariates)]
        apart = joined.gap
        for factor, x in zip(beta, xs, strict=True):
            apart = apart + x * float(factor)
        told = joined.mutate(z=apart.clip(-FARTHEST, FARTHEST))
        told = told.mutate(p=1.0 / (1.0 + (-told.z).exp()))
        told = told.mutate(
            r=told.w * (told.y - told.p),
            h=told.w * told.p * (1.0 - told.p),
            loss=told.w * ((1.0 + (-told.z).exp()).ln() + (1.0 - told.y) * told.z),
        )
        sums = {"loss": told.loss.sum(), "r": told.r.sum()}
        sums |= {f"r_{k}": (told.r * told[f"x{k}"]).sum() for k in range(self._covariates)}
        sums |= self._moments(told, "h", told.h)
        if meat:
            sums |= self._moments(told, "m", told.r * told.r)
        found = told.group_by("model_a", "model_b").aggregate(**sums).to_pandas()
        place = np.array([self._place[pair] for pair in zip(found.model_a, found.model_b, strict=True)])
        return PassSums(
            float(found.loss.sum()),
            self._spread(place, found.r),
            np.array([float(found[f"r_{k}"].sum()) for k in range(self._covariates)]),
            self._gathered(place, found, "h"),
            self._gathered(place, found, "m") if meat else None,
        )

    def _moments(self, told: "ibis.Table", name: str, v: Any) -> dict[str, Any]:
        xs = [told[f"x{k}"] for k in range(self._covariates)]
        sums = {name: v.sum()}
        sums |= {f"{name}_{k}": (v * x).sum() for k, x in enumerate(xs)}
        sums |= {f"{name}_{k}_{j}": (v * xs[k] * xs[j]).sum() for k in range(len(xs)) for j in range(k + 1)}
        return sums

    def _spread(self, place: NDArray[np.int64], values: Any) -> Vector:
        column = np.zeros(len(self.first))
        column[place] = values
        return column

    def _gathered(self, place: NDArray[np.int64], found: Any, name: str) -> Moments:
        tilted = np.zeros((len(self.first), self._covariates))
        spread: Matrix = np.zeros((self._covariates, self._covariates))
        for k in range(self._covariates):
            tilted[:, k] = self._spread(place, found[f"{name}_{k}"])
            for j in range(k + 1):
                spread[k, j] = spread[j, k] = float(found[f"{name}_{k}_{j}"].sum())
        return Moments(self._spread(place, found[name]), tilted, spread)


def fit_elsewhere(
    votes: "ibis.Table", covariates: "Mapping[str, ibis.expr.types.NumericValue]"
) -> tuple[Cells, JointFit]:
    """Count votes and fit them with covariates, which are brought to their root mean square first."""
    cells = count_cells(votes)
    squares = votes.aggregate(**{f"s{k}": (x * x).mean() for k, x in enumerate(covariates.values())})
    scales = np.sqrt(squares.to_pandas().iloc[0].to_numpy(dtype=np.float64))
    scaled = {name: x / float(scale) for (name, x), scale in zip(covariates.items(), scales, strict=True)}
    passes = IbisPasses(votes, cells, scaled)
    start = np.zeros(len(cells.contestants)), np.zeros(len(scaled))
    return cells, climb(passes, passes.first, passes.second, start)


def _weight(votes: "ibis.Table") -> Any:
    import ibis

    return votes.weight.cast("float64") if "weight" in votes.columns else ibis.literal(1.0)
