"""Whether one number for each contestant explains the votes of all pairs."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.chi_squared import survival
from evenhand.ranking.audit.finding import CannotTell, Finding, Table
from evenhand.ranking.audit.subject import LEAST_VARIANCE, Subject
from evenhand.ranking.audit.words import chance, name, of, percent, percentage_points
from evenhand.ranking.bradley_terry import Matrix, Vector

LEAST_VOTES = 30
LEAST_EXPECTED = 5.0
"""A pair counts with so many votes, of which each side is expected to have won so many: fewer are far from
normal."""
SHOWN = 8


@dataclass(frozen=True)
class PairTable:
    """Per pair (P) of `sums`: r = Σ w (y - p), its variance Σ w² (p q - t/4), and h = Σ w p q."""

    residual: Vector
    variance: Vector
    curvature: Vector


def pair_table(subject: Subject) -> PairTable:
    """Return what each pair's votes make beside what the fit expects."""
    sums, number = subject.sums, len(subject.sums.first)
    if subject.style and subject.rows is not None:
        table = np.zeros((3, number))
        for chunk, r, h, v in subject.votes():
            sign = np.where(chunk.first < chunk.second, 1.0, -1.0)[chunk.pair]
            pair = subject.pair_of[chunk.pair]
            for row, values in zip(table, (sign * r, v, h), strict=True):
                row += np.bincount(pair, values, number)
        return PairTable(*table)
    p, q = sums.expected(subject.theta)
    squares = sums.squares.sum(axis=1)
    variance = squares * np.maximum(p * q - subject.tie_share / 4.0, LEAST_VARIANCE * p * q)
    return PairTable(sums.wins_first - sums.totals * p, variance, sums.totals * p * q)


def degrees_of_freedom(subject: Subject, table: PairTable, used: NDArray[np.bool_]) -> float:
    """Return what Σ r²/Var over the used pairs is expected to be where the model holds.

    The fit has drawn each r towards 0. To first order r = ε - h dᵀ H⁺ Σ d ε, with Cov(ε) = diag(v), so that E
    r² = v - 2 h v dᵀH⁺d + h² dᵀ(H⁺ (Σ v d dᵀ) H⁺)d. With h = v, votes without ties and all pairs used, the
    sum is the textbook's: pairs - (contestants - 1). What the covariates take is left out: it is at most K of
    it.
    """
    sums, size = subject.sums, subject.size
    bread = subject.bread[:size, :size]
    spread = bread @ sums.laplacian(table.variance) @ bread

    def across(matrix: Matrix) -> Vector:
        spread = np.diag(matrix)
        i, j = sums.first[used], sums.second[used]
        return np.asarray(spread[i] + spread[j] - 2 * matrix[i, j])

    h, v = table.curvature[used], table.variance[used]
    return float((1.0 - 2.0 * h * across(bread) + h * h * across(spread) / v).sum())


def agreement(subject: Subject, alpha: float, seed: int) -> Finding:
    """Test the fit: χ² = Σ r²/Var(r) over pairs with enough votes, on `degrees_of_freedom`.

    Pearson's statistic for a table of scores: the variance is the model's, less what a tie takes from it. The
    misfit is the standard deviation of a pair's true expected score around the fit's, by moments: the excess
    of r² over what chance makes of it, Σ (r² - E r²) / Σ n². Votes are taken for independent.

    Raises:
        CannotTell: too few pairs have enough votes.
    """
    table, sums = pair_table(subject), subject.sums
    p, q = sums.expected(subject.theta)
    votes = subject.effective
    used = (votes >= LEAST_VOTES) & (votes * np.minimum(p, q) >= LEAST_EXPECTED) & (table.variance > 0)
    df = degrees_of_freedom(subject, table, used) if used.any() else 0.0
    if df < 0.5:
        raise CannotTell(
            f"There are too few pairs with {LEAST_VOTES} votes to see whether they agree with the ratings."
        )
    z = np.zeros(len(votes))
    z[used] = table.residual[used] / np.sqrt(table.variance[used])
    statistic = float(z @ z)
    p_value = survival(statistic, df)
    excess = (table.residual**2 - table.variance * df / used.sum())[used].sum() / (
        sums.totals[used] ** 2
    ).sum()
    misfit = math.sqrt(max(float(excess), 0.0))
    details = [
        f"χ² = {statistic:,.1f} on {df:,.1f} degrees of freedom over "
        f"{of(int(used.sum()), 'pair')} with at least "
        f"{LEAST_VOTES} votes; {chance(p_value)}."
    ]
    if p_value < alpha:
        answer = (
            "Some pairs come out otherwise than the two ratings say: beyond chance, the share "
            "of a pair's score is "
            f"typically off by {percentage_points(misfit)}."
        )
        details.append(
            "The order stays a fair summary; for a single pair look at that pair's own votes, too."
        )
    else:
        answer = "The pairs come out as the ratings say, up to chance."
    worst = np.argsort(-np.abs(z), kind="stable")[:SHOWN]
    rows = [
        (
            name(subject.names[sums.first[one]]),
            name(subject.names[sums.second[one]]),
            f"{votes[one]:,.0f}",
            percent(float(sums.wins_first[one] / sums.totals[one])),
            percent(float((sums.wins_first[one] - table.residual[one]) / sums.totals[one])),
            f"{z[one]:+.1f}".replace("-", "−"),
        )
        for one in worst
        if used[one]
    ]
    return Finding(
        key="agreement",
        question="Do the pairs agree with the ratings?",
        answer=answer,
        figures={
            "chi_squared": statistic,
            "degrees_of_freedom": df,
            "p_value": p_value,
            "pairs": int(used.sum()),
            "misfit": misfit,
            "farthest_z": float(z[worst[0]]),
        },
        details=details,
        tables=[
            Table(
                "The pairs that are farthest off",
                ("Contestant", "Against", "Votes", "Score", "Expected", "z"),
                rows,
                (False, False, True, True, True, True),
            )
        ],
        p_value=p_value,
    )
