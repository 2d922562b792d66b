"""Whether few people gave many of the votes."""

import math

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.charts import Curve
from evenhand.ranking.audit.finding import CannotTell, Finding
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import of, percent
from evenhand.ranking.bradley_terry import Vector
from evenhand.ranking.clusters import clustered_covariance

KNOTS = 120
"""The Lorenz curve is drawn by so many points."""


def voters(subject: Subject, alpha: float, seed: int) -> Finding:
    """Measure how the votes are shared out among voters, and what this does to the intervals.

    The Gini coefficient is 0 where all gave as many votes and near 1 where one gave nearly all; the effective
    number of voters is (Σ n)²/Σ n², n being the votes of each. The widening is the median over contestants of
    the standard deviation of a rating (from the mean) with votes clustered by voter, over that with votes
    taken for independent.

    Raises:
        CannotTell: it is not known who voted.
    """
    rows = subject.single("who gave how many is not known")
    if rows.cluster is None:
        raise CannotTell("No column says who voted.")
    number = np.sort(np.unique(rows.cluster, return_counts=True)[1])[::-1]
    count, total = len(number), int(number.sum())
    top = {key: float(number[:most].sum() / total) for key, most in _tops(count).items()}
    effective = total**2 / float((number.astype(np.float64) ** 2).sum())
    widening = None if count < 2 else _widening(subject)
    hundredth = _tops(count)["top_1_percent"]
    answer = (
        f"{of(count, 'voter')} gave {of(total, 'vote')}: the busiest one "
        f"{percent(top['top_1'])}, the ten busiest "
        f"{percent(top['top_10'])}, the busiest hundredth ({hundredth:,}) {percent(top['top_1_percent'])}."
    )
    details = [
        f"They count for as much as {effective:,.0f} voters with equally many votes each would "
        f"(Gini coefficient {gini(number):.2f})."
    ]
    if widening is not None:
        details.append(_of_widening(widening))
    return Finding(
        key="voters",
        question="Who gave the votes?",
        answer=answer,
        figures={
            "voters": count,
            "votes": total,
            "shares": top,
            "most_votes": int(number[0]),
            "gini": gini(number),
            "effective_voters": effective,
            "interval_widening": widening,
        },
        details=details,
        charts=[
            Curve(
                "Votes by voter, from the busiest",
                "voters",
                "their votes",
                lorenz(number),
                "if all gave as many",
            )
        ],
    )


def _tops(count: int) -> dict[str, int]:
    return {"top_1": 1, "top_10": 10, "top_1_percent": max(1, math.ceil(count / 100))}


def gini(number: NDArray[np.int64]) -> float:
    """Return the Gini coefficient of how many votes each gave, given from the most to the fewest."""
    rank = np.arange(len(number), 0, -1)
    return float(2 * (rank * number).sum() / (len(number) * number.sum()) - (len(number) + 1) / len(number))


def lorenz(number: NDArray[np.int64]) -> list[tuple[float, float]]:
    """Return points of the curve that the busiest voters' share of the votes makes, from (0, 0) to (1, 1)."""
    reached = np.concatenate([[0], np.cumsum(number)]) / number.sum()
    # The curve bends where the few are: there stand more of the points.
    at = np.unique(np.rint(np.linspace(0, 1, KNOTS) ** 2 * len(number)).astype(np.int64))
    return [(float(one / len(number)), float(reached[one])) for one in at]


def _widening(subject: Subject) -> float:
    assert subject.rows is not None, "there are voters"
    covariance, _ = clustered_covariance(subject.rows, subject.theta, subject.beta, subject.bread)
    clustered = _spread(covariance, subject.size)
    independent = _spread(subject.covariance, subject.size)
    return float(np.median(np.sqrt(np.maximum(clustered, 0.0) / independent)))


def _spread(covariance: NDArray[np.float64], size: int) -> Vector:
    return np.asarray(np.diag(covariance)[:size], dtype=np.float64)


def _of_widening(widening: float) -> str:
    if widening < 1.02:
        return (
            f"Intervals that allow for votes of one person going together are {widening:.2f} "
            "times as wide as "
            "others: the votes are as good as independent."
        )
    return (
        f"Votes of one person go together: intervals that allow for it are {widening:.2f} "
        "times as wide. A board "
        f"that took the votes for independent would promise as much as {widening**2:.1f} times the votes."
    )
