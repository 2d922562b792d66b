"""Ratings and covariates fitted together, vote by vote: style control.

P(a beats b) = s(θ_a - θ_b + xᵀβ), x being what the two answers differ in beside their authors (see
`style`). A tie, and a vote that both are bad, is half a win for each. The estimate is the exact maximum of
the likelihood: whatever keeps β small leaves in the ratings what it is there to take out of them.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, fit, information
from evenhand.ranking.errors import RankingError
from evenhand.ranking.passes import Moments, Passes, PassSums, scattered
from evenhand.ranking.rows import VoteRows

TOLERANCE = 1e-5
"""The last step moves no parameter by more; one of Newton's leaves about the square of itself to go."""
NEAR = 0.05
"""After so small a step the next pass is likely the last, and gathers the meat of the sandwich, too."""
ARRIVED = 1e-3
"""An approach ends with so small a step, and the step after it moves no parameter by more: each pass over
many votes takes long, and what is left is below 10⁻⁶.
"""
APPROACHES = 8
STEPS = 50
HALVINGS = 30
SUBSAMPLE = 20
"""Where there are many votes, every so manieth is enough to know about what the covariates do."""
MANY = 400_000
ALIKE = "The votes do not tell the covariates apart: leave one of them out."
UNDETERMINED = (
    "With these covariates the votes leave the ratings undetermined: they can be told so well that no finite "
    "ratings fit them best. Leave a covariate out, or rank more votes."
)
SINGULAR = 1e12
"""A condition number beyond which a matrix has no inverse in double precision."""


class Pass(Protocol):
    """Makes a pass over the votes."""

    def __call__(self, theta: Vector, beta: Vector, *, meat: bool = False) -> PassSums:
        """Return the sums at θ and β."""


@dataclass(frozen=True)
class JointFit:
    """θ (size), which sums to 0, β (K), and their covariances.

    bread: (size + K) squared, the inverse of the information H; covariance: the sandwich, of the same
    shape. In both the rows of the θ-block sum to 0. curvature and meat: the moments that they were made of.
    """

    theta: Vector
    beta: Vector
    bread: Matrix
    covariance: Matrix
    curvature: Moments
    meat: Moments


def fit_joint(rows: VoteRows, sums: PairSums | None = None) -> JointFit:
    """Fit votes whose win graph is strongly connected; `sums` are those of the same votes, if they are known.

    Many votes are approached first, from the ratings that their sums give, by passes that look at the score
    alone. Only the last step needs a whole pass.

    Raises:
        RankingError: the covariates are not told apart by the votes, or no ratings fit them best.
    """
    passes = Passes(rows)
    start = np.zeros(rows.size), np.zeros(len(rows.features))
    if sums is None or len(rows) <= MANY:
        return climb(passes, rows.first, rows.second, start)
    start = _approach(passes, sums, start[1])
    return climb(passes, rows.first, rows.second, start, tolerance=ARRIVED)


def _approach(passes: Passes, sums: PairSums, none: Vector) -> tuple[Vector, Vector]:
    """Step from the fit without covariates, where all β are 0, towards that with them.

    The steps divide by the curvature there. What it is between ratings the sums tell, and of the covariates
    a share of the votes.
    """
    rows, size, theta = passes.rows, sums.size, fit(sums)
    some = rows.take(np.arange(0, len(rows), SUBSAMPLE))
    curvature = Passes(some)(theta, none).curvature.laplacian(size, rows.first, rows.second)
    curvature *= len(rows) / len(some)
    curvature[:size, :size] = information(sums, theta)
    try:
        bread = inverse(curvature, size)
    except RankingError:  # a covariate is so rare that the share has nothing of it
        return theta, none
    at, last = np.concatenate([theta, none]), np.inf
    for _ in range(APPROACHES):
        move = bread @ passes.score(at[:size], at[size:])
        length = float(np.abs(move).max())
        if length > last:  # the share misleads
            return theta, none
        at, last = at + move, length
        if length <= ARRIVED:
            break
    return at[:size], at[size:]


def climb(
    make_pass: Pass,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    start: tuple[Vector, Vector],
    *,
    tolerance: float = TOLERANCE,
) -> JointFit:
    """Take Newton's steps from θ and β until they are within the tolerance, halving what leads down."""
    theta, beta = start
    size = len(theta)
    # From somewhere else than nothing the first pass may be the last.
    move, height = np.full(size + len(beta), 0.0 if np.any(theta) else np.inf), -np.inf
    for step in range(STEPS):
        sums = make_pass(theta, beta, meat=bool(np.abs(move).max() <= NEAR))
        for _ in range(HALVINGS):
            # Near the top a step changes the height by less than its rounding.
            if -sums.loss >= height - 1e-9 * (1.0 + abs(height)):
                break
            move = move / 2
            theta, beta = theta - move[:size], beta - move[size:]
            sums = make_pass(theta, beta)
        height = -sums.loss
        try:
            bread = inverse(sums.curvature.laplacian(size, first, second), size)
        except RankingError as error:
            # What the covariates are is seen at the first step; later it is votes that are told for certain.
            raise RankingError(UNDETERMINED if step else str(error)) from None
        score = np.concatenate([scattered(size, first, second, sums.residual), sums.slope])
        move = bread @ score
        theta, beta = theta + move[:size], beta + move[size:]
        if sums.meat is not None and np.abs(move).max() <= tolerance:
            covariance = bread @ sums.meat.laplacian(size, first, second) @ bread
            return JointFit(theta - theta.mean(), beta, bread, covariance, sums.curvature, sums.meat)
    raise RankingError(UNDETERMINED)


def inverse(matrix: Matrix, size: int) -> Matrix:
    """Return the inverse of the information across the shift of all ratings (size of them), which nothing
    tells.

    Raises:
        RankingError: a covariate has no effect of its own.
    """
    level = float(np.trace(matrix[:size, :size])) / size
    full = matrix.copy()
    full[:size, :size] += level / size
    # Covariates stand on a scale of their own.
    scale = np.sqrt(np.diag(full))
    if not (scale > 0).all():
        raise RankingError("A covariate is the same for both answers in every vote: leave it out.")
    scaled = full / np.outer(scale, scale)
    try:
        inverted = np.linalg.inv(scaled)
    except np.linalg.LinAlgError:
        raise RankingError(ALIKE) from None
    if np.linalg.norm(scaled, 1) * np.linalg.norm(inverted, 1) > SINGULAR:
        raise RankingError(ALIKE)
    result: Matrix = inverted / np.outer(scale, scale)
    result[:size, :size] -= 1.0 / (level * size)
    return result
