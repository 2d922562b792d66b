"""How many more votes until two contestants are told apart.

They are told apart when z, the difference of their ratings over its standard deviation, exceeds the
two-sided critical value of the level α. That is for one pair chosen, and one number of votes fixed,
beforehand: who looks after every vote and stops at the first z that is large enough errs more often than α.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.board import SCALE
from evenhand.ranking.cells import Cells
from evenhand.ranking.course import Course, Need, fit_pool, pairs_of
from evenhand.ranking.errors import RankingError
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.intervals import EQUAL
from evenhand.ranking.rows import VoteRows
from evenhand.ranking.sample import clusters_of, rows_by
from evenhand.ranking.sampling import PairDraw

FARTHEST = 4000.0
"""The largest difference, in points, that is planned for: odds of ten to the tenth."""

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Plan:
    """What is known of the order of two contestants, and what it takes to know it; differences in points."""

    first: str
    second: str
    difference: float | None
    """Today's estimate, first minus second; None while no chain of comparisons joins the two."""
    sd: float | None
    """Its standard deviation."""
    z: float | None
    """The one over the other."""
    order_probability: float
    """That the one ahead today is the better one, whatever was known before the votes; ½ where nothing is."""
    told_apart: bool
    """Whether |z| exceeds the critical value already: of few clusters that of Student's t."""
    assumed: float
    """The difference that the plan takes for true."""
    alpha: float
    power: float
    direct: Need
    """If all further votes are between the two."""
    drawn: Need
    """If they are drawn among all contestants; counts all of them."""

    @property
    def statement(self) -> str:
        """The plan in words."""
        return _in_words(self)


@one_blas_thread()
def plan(
    votes: Given,
    first: str,
    second: str,
    *,
    draw: PairDraw | None = None,
    difference: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    rows: VoteRows | None = None,
) -> Plan:
    """Say how many more votes tell two contestants apart.

    Args:
        votes: the votes at hand
        first: a contestant
        second: another
        draw: how further votes are drawn; None for in the shares that the pairs have had until now. Votes on
            contestants that no comparison joins with these two are counted, and taken to tell nothing.
        difference: the true difference to plan for, in points, the one ahead today being the better one (the
            first, if neither is); None for today's estimate
        alpha: the level, two-sided
        power: the probability of telling them apart, from ½
        rows: the same votes in clusters, if they depend on each other; None for by voter where they are
            known, and for the clusters that votes one by one have

    Raises:
        RankingError: a number makes no sense, a contestant is unknown, no chain of comparisons joins the two
            and no difference is stated, or nothing tells how sure the difference is.
    """
    cells = cells_of(votes)
    i, j = _indices(cells, first, second)
    _check(alpha, power, difference)
    if rows is None and (column := clusters_of(votes, True)) is not None:
        rows = rows_by(votes, column)
    pool = fit_pool(cells, i, j, rows)
    critical = pool.critical(alpha)
    gap, sd, z = None, None, None
    if pool.joined:
        gap = float(pool.contrast @ pool.theta)
        gap = 0.0 if abs(gap) <= EQUAL else gap
        sd = math.sqrt(max(float(pool.contrast @ pool.covariance @ pool.contrast), 0.0))
        if sd <= EQUAL:
            raise RankingError("Nothing tells how sure the difference is: the votes have too few clusters.")
        z = gap / sd
    elif difference is None:
        raise RankingError(
            f"No chain of comparisons joins {first!r} and {second!r}: state a difference to plan for."
        )
    sign = -1.0 if gap is not None and gap < 0 else 1.0
    assumed = gap if difference is None and gap is not None else sign * (difference or 0.0) / SCALE
    told_apart = z is not None and abs(z) > critical
    if told_apart:
        direct = drawn = Need(0)
    elif assumed == 0.0:
        direct = drawn = Need(None, "no_difference")
    else:
        course = Course(pool, assumed, critical, _NORMAL.inv_cdf(power))
        direct = course.need(np.array([[pool.i, pool.j]]), np.ones(1))
        drawn = course.need(*pairs_of(pool, cells, draw))
    return Plan(
        first=first,
        second=second,
        difference=None if gap is None else SCALE * gap,
        sd=None if sd is None else SCALE * sd,
        z=z,
        order_probability=0.5 if z is None else pool.chance(abs(z)),
        told_apart=told_apart,
        assumed=SCALE * assumed,
        alpha=alpha,
        power=power,
        direct=direct,
        drawn=drawn,
    )


def _indices(cells: Cells, first: str, second: str) -> tuple[int, int]:
    for name in (first, second):
        if name not in cells.contestants:
            raise RankingError(f"{name!r} is not among the contestants.")
    if first == second:
        raise RankingError(f"{first!r} cannot be told apart from itself.")
    return cells.contestants.index(first), cells.contestants.index(second)


def _check(alpha: float, power: float, difference: float | None) -> None:
    if not 0 < alpha < 1:
        raise RankingError(f"alpha is {alpha}; it must lie between 0 and 1.")
    if not 0.5 <= power < 1:
        raise RankingError(f"power is {power}; it must be ½ or more, and less than 1.")
    if difference is not None and not 0 <= difference <= FARTHEST:
        raise RankingError(
            f"The difference is {difference}; it must be 0 or more points, and {FARTHEST:.0f} at most."
        )


def _in_words(plan: Plan) -> str:
    level = f"{100 * (1 - plan.alpha):g} %"
    if plan.difference is None or plan.z is None:
        today = f"No chain of comparisons joins {plan.first} and {plan.second} yet."
    elif plan.difference == 0:
        today = f"{plan.first} and {plan.second} are level today."
    else:
        ahead, behind = (plan.first, plan.second) if plan.difference > 0 else (plan.second, plan.first)
        today = (
            f"{ahead} is {abs(plan.difference):.1f} points ahead of {behind} (z = {abs(plan.z):.2f}); "
            f"that it is the better one has a probability of {_percent(plan.order_probability)}."
        )
    if plan.told_apart:
        return (
            f"{today} At {level}, as one pair chosen beforehand, the two are told apart already: no more "
            "votes are needed."
        )
    if plan.direct.never == "no_difference":
        return (
            f"{today} If there is no difference, no number of votes tells them apart: state the least "
            "difference that matters."
        )
    return (
        f"{today} If the difference is {abs(plan.assumed):.1f} points, then with a probability of "
        f"{_percent(plan.power)} they are told apart at {level} after {_votes(plan.direct)} between the two, "
        f"or {_votes(plan.drawn)} as votes are drawn.{_doubt(plan)}"
    )


def _votes(need: Need) -> str:
    if need.votes is None:
        return "no number of votes"
    return "1 more vote" if need.votes == 1 else f"{need.votes:,} more votes"


def _doubt(plan: Plan) -> str:
    if plan.direct.assurance is None:
        return ""
    return (
        " That takes the difference for true. Allowing for the doubt in it, so many votes between the two "
        f"tell them apart, in this order, with a probability of {_percent(plan.direct.assurance)}."
    )


def _percent(probability: float) -> str:
    """Never 100 % of what is not certain."""
    return "more than 99.9 %" if probability > 0.999 else f"{100 * probability:.3g} %"
