"""Whether the answer shown as A is preferred for standing there."""

import math
from dataclasses import replace

import numpy as np

from evenhand.ranking.audit.finding import Finding
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import NARROW, chance, percent, points
from evenhand.ranking.board import SCALE
from evenhand.ranking.bradley_terry import PairSums
from evenhand.ranking.clusters import clustered_covariance
from evenhand.ranking.intervals import normal_quantile
from evenhand.ranking.joint import fit_joint
from evenhand.ranking.rows import SCORES
from evenhand.ranking.student import as_normal, t_quantiles
from evenhand.ranking.style import POSITION


def position(subject: Subject, alpha: float, seed: int) -> Finding:
    """Fit the effect γ of being shown as A, together with ratings and style: z = θ_a - θ_b + xᵀβ + γ.

    The interval is the sandwich's, over voters where they are known; the p value is two-sided for γ = 0. In
    points γ is as on the board, and s(γ) is the expected score of A between equals (ties half).

    Raises:
        CannotTell: only counts per pair are known.
        RankingError: who is shown as A is tied to who it is.
    """
    rows = subject.single("which answer was shown as A is not known")
    features = np.concatenate([rows.features, np.ones((1, len(rows)), dtype=np.float32)])
    rows = replace(rows, features=features)
    fit = fit_joint(rows, PairSums.of(subject.cells))
    covariance, freedom = fit.covariance, None
    if rows.cluster is not None and len(np.unique(rows.cluster)) > 1:
        covariance, freedom = clustered_covariance(rows, fit.theta, fit.beta, fit.bread)
    effect, sd = float(fit.beta[-1]), math.sqrt(max(float(covariance[-1, -1]), 0.0))
    quantile, z = normal_quantile(alpha), effect / sd if sd > 0 else 0.0
    if freedom is not None:
        quantile, z = (
            float(t_quantiles(quantile, freedom[-1:])[0]),
            float(as_normal(np.array(z), freedom[-1:])[0]),
        )
    reach = quantile * sd
    lower, upper = effect - reach, effect + reach
    p_value = math.erfc(abs(z) / math.sqrt(2.0))
    shares = [1.0 / (1.0 + math.exp(-one)) for one in (effect, lower, upper)]
    level = f"{100 * (1 - alpha):g}{NARROW}%"
    answer = (
        f"Between two equals the answer shown as A gets {percent(shares[0])} of the score "
        f"({level} interval {percent(shares[1])} to {percent(shares[2])}), "
        f"as if it were {points(abs(SCALE * effect))} points {'better' if effect >= 0 else 'worse'}."
    )
    raw = float(np.mean(SCORES[rows.outcome]))
    return Finding(
        key="position_bias",
        question="Does it help to be shown as A?",
        answer=answer,
        figures={
            "covariate": POSITION,
            "points": SCALE * effect,
            "points_lower": SCALE * lower,
            "points_upper": SCALE * upper,
            "share_of_a": shares[0],
            "share_of_a_lower": shares[1],
            "share_of_a_upper": shares[2],
            "score_of_a_in_all_votes": raw,
        },
        details=[
            f"The effect is {points(SCALE * effect, sign=True)} points "
            f"({points(SCALE * lower, sign=True)} to "
            f"{points(SCALE * upper, sign=True)}; {chance(p_value)}). "
            + (
                "An interval that holds 0 points is what no preference for a side looks like."
                if lower <= 0 <= upper
                else "Where sides are drawn by lot this moves no rating, but each vote tells a little less."
            )
        ],
        p_value=p_value,
    )
