"""One engine, one file, once: `python benchmarks/rankers.py ENGINE FILE [--style]`.

Each engine runs in a process and an environment of its own, from the Parquet file to ratings with intervals,
reading included and importing not, nor what each would import at the first file. Prints JSON: the seconds, MB
at the peak, how many ratings there are, and the effects of style in natural units of a usual difference, by
the engine's own scale.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

STYLE = ("length", "headers", "bold", "lists")
COLUMNS = ["model_a", "model_b", "winner"]
BOOTSTRAPS = 100

Result = tuple[int, list[float]]


def evenhand(style: bool) -> Callable[[str], Result]:
    import duckdb  # noqa: F401
    import nanoarrow.c_array_stream  # noqa: F401

    from evenhand import ranking

    def run(file: str) -> Result:
        board = ranking.rank(ranking.read_votes(file), style=style)
        return len(board.rows), [one.value for one in board.coefficients]

    return run


def arena_rank(style: bool) -> Callable[[str], Result]:
    import pandas
    import pyarrow.parquet  # noqa: F401
    from arena_rank.models.bradley_terry import BradleyTerry
    from arena_rank.models.contextual_bradley_terry import ContextualBradleyTerry
    from arena_rank.utils.data_utils import ContextualPairDataset, PairDataset

    def plain(file: str) -> Result:
        data = PairDataset.from_pandas(pandas.read_parquet(file, columns=COLUMNS))
        model = BradleyTerry(n_competitors=len(data.competitors))
        return len(model.compute_ratings_and_cis(data, significance_level=0.05)["ratings"]), []

    def styled(file: str) -> Result:
        frame = pandas.read_parquet(file)
        for name in STYLE:
            a, b = frame[f"{name}_a"], frame[f"{name}_b"]
            frame[name] = ((a - b) / (a + b)).fillna(0.0)
        data = ContextualPairDataset.from_pandas(frame, list(STYLE), reweighted=False)
        model = ContextualBradleyTerry(n_competitors=len(data.competitors), n_features=len(STYLE))
        results = model.compute_ratings_and_cis(data, significance_level=0.05)
        return len(results["ratings"]), [float(one) for one in model.params["coeffs"]]

    return styled if style else plain


def evalica(style: bool) -> Callable[[str], Result]:
    import evalica as library
    import pandas
    import pyarrow.parquet  # noqa: F401

    assert not style, "it has no style control"
    winners = {"model_a": int(library.Winner.X), "model_b": int(library.Winner.Y)}

    def run(file: str) -> Result:
        frame = pandas.read_parquet(file, columns=COLUMNS)
        outcomes = frame["winner"].map(winners).fillna(int(library.Winner.Draw)).to_numpy("uint8")
        result = library.bradley_terry(frame["model_a"], frame["model_b"], outcomes)
        return len(result.scores), []  # it has no intervals

    return run


def choix(style: bool) -> Callable[[str], Result]:
    import choix as library
    import numpy
    import pandas
    import pyarrow.parquet  # noqa: F401

    assert not style, "it has no style control"

    def run(file: str) -> Result:
        frame = pandas.read_parquet(file, columns=COLUMNS)
        codes, names = pandas.factorize(pandas.concat([frame["model_a"], frame["model_b"]]), sort=True)
        a, b = codes[: len(frame)], codes[len(frame) :]
        wins = numpy.zeros((len(names), len(names)))
        half = numpy.where(frame["winner"].isin(["model_a", "model_b"]), 1.0, 0.5)
        numpy.add.at(wins, (a, b), numpy.where(frame["winner"] == "model_b", 0.0, half))
        numpy.add.at(wins, (b, a), numpy.where(frame["winner"] == "model_a", 0.0, half))
        return len(library.ilsr_pairwise_dense(wins)), []  # it has no intervals

    return run


def bootstrap(style: bool) -> Callable[[str], Result]:
    """Arenas' former way: the votes drawn anew a hundred times, each fitted by L-BFGS."""
    import numpy
    import pandas
    import pyarrow.parquet  # noqa: F401
    from scipy.optimize import minimize
    from scipy.special import expit

    assert not style, "nobody had the patience"

    def run(file: str) -> Result:
        frame = pandas.read_parquet(file, columns=COLUMNS)
        codes, names = pandas.factorize(pandas.concat([frame["model_a"], frame["model_b"]]), sort=True)
        y = frame["winner"].map({"model_a": 1.0, "model_b": 0.0}).fillna(0.5)
        rows = numpy.column_stack([codes[: len(frame)], codes[len(frame) :], y])
        kinds, counts = numpy.unique(rows, axis=0, return_counts=True)
        a, b, y = kinds[:, 0].astype(int), kinds[:, 1].astype(int), kinds[:, 2]

        def loss(theta: Any, weight: Any) -> Any:
            z = theta[a] - theta[b]
            excess = weight * (expit(z) - y)
            gradient = numpy.bincount(a, excess, len(names)) - numpy.bincount(b, excess, len(names))
            return (weight * (numpy.logaddexp(0, z) - y * z)).sum(), gradient

        generator = numpy.random.default_rng(0)
        fits = [
            minimize(loss, numpy.zeros(len(names)), (drawn / len(frame),), "L-BFGS-B", jac=True).x
            for drawn in generator.multinomial(len(frame), counts / len(frame), BOOTSTRAPS)
        ]
        return len(numpy.quantile(fits, [0.025, 0.975], axis=0)[0]), []

    return run


ENGINES = {
    "evenhand": evenhand,
    "arena-rank": arena_rank,
    "evalica": evalica,
    "choix": choix,
    "bootstrap": bootstrap,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("engine", choices=ENGINES)
    options.add_argument("file")
    options.add_argument("--style", action="store_true")
    given = options.parse_args()
    run = ENGINES[given.engine](given.style)
    began = time.perf_counter()
    ratings, effects = run(given.file)
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"seconds": seconds, "memory": memory, "ratings": ratings, "effects": effects}))


if __name__ == "__main__":
    main()
