"""Ratings by models that know of ties: Rao-Kupper, Davidson, and grounded Rao-Kupper (see `tie_models`).

Bradley-Terry counts a tie as half a win and predicts none. These models predict every outcome, and take of a
tie what it tells: that two are close. The fit is the exact maximum of the likelihood, the covariance a
sandwich, on the same sums as Bradley-Terry.

θ of the first two sums to 0: a shift of all changes nothing. The grounded model has a zero of its own, the
*line* θ = 0. A contestant at the line, against one whose answers are never any good (θ → -∞), wins every
other time, and the other times both are called bad; in general it wins s(θ) of such battles. Among any two,
P(not both bad) : P(both bad) = exp θ_a + exp θ_b, so two at the line are both called bad in a third of their
battles. The line is where these voters draw it, for these prompts: harder prompts move all below it, and
ratings above and below the line compare only within one mix of prompts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.blas import one_blas_thread
from evenhand.ranking.bradley_terry import Matrix, PairSums, Vector, climb, fit
from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.existence import check_bounded
from evenhand.ranking.given import Given, cells_of
from evenhand.ranking.intervals import covariance
from evenhand.ranking.tie_models import TIE_MODELS, Derivatives, TieModel, TieModelName

NOT_SETTLED = "The fit does not settle; the votes leave the ratings undetermined."
REACH = 5.0
"""No step moves a parameter by more, in natural units: far out, where votes are all but certain, the
likelihood is so flat that a step would leap anywhere.
"""
SETTLED = 1e-6
"""At the top a whole step moves no parameter by more than this, times 1 + the largest of them."""
DAMPING = 1e-3
"""What a step adds to the diagonal of the expected information, as a part of its mean."""


@dataclass(frozen=True)
class TieFit:
    """A fitted model of M contestants.

    Attributes:
        model: its name
        contestants: (M) names, as in the cells
        theta: (M) natural units; sums to 0 unless the model is grounded
        parameter: η of Rao-Kupper (≥ 0) and of the grounded model, ν of Davidson (≥ 0)
        covariance: (M + 1, M + 1), the sandwich of θ and the parameter; unless the model is grounded, the
            rows of its θ-block sum to 0
        log_likelihood: Σ w log P(outcome). Rao-Kupper and Davidson, for which both bad is a tie, compare
            with each other by it, not with the grounded model (see `holdout`)
        at_limit: no vote was a tie, so the parameter is 0 and the model is Bradley-Terry. At this end of its
            range the parameter has no standard deviation; its row and column of the covariance are 0
    """

    model: TieModelName
    contestants: tuple[str, ...]
    theta: Vector
    parameter: float
    covariance: Matrix
    log_likelihood: float
    at_limit: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that the model tells apart."""
        return TIE_MODELS[self.model].outcomes

    @property
    def theta_sd(self) -> Vector:
        """The standard deviations of θ, (M), from the mean of all or, if grounded, from the line."""
        return np.sqrt(np.maximum(np.diag(self.covariance)[:-1], 0.0))

    @property
    def parameter_sd(self) -> float | None:
        """The standard deviation of the parameter; None at its limit."""
        return None if self.at_limit else float(np.sqrt(max(self.covariance[-1, -1], 0.0)))

    def log_probabilities(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> Matrix:
        """Return log P of each outcome, (P, K), for pairs of indices, (P) each."""
        model = TIE_MODELS[self.model]
        return model.log_probabilities(self.theta[first], self.theta[second], model.internal(self.parameter))

    def probabilities(self, a: str, b: str) -> dict[str, float]:
        """Return the probability of each outcome of a vote between two contestants.

        Raises:
            RankingError: one of them is not among those that were fitted, or they are the same.
        """
        for name in (a, b):
            if name not in self.contestants:
                raise RankingError(f"{name!r} is not among the contestants.")
        if a == b:
            raise RankingError(f"{a!r} is compared with itself.")
        first, second = (np.array([self.contestants.index(name)]) for name in (a, b))
        values = np.exp(self.log_probabilities(first, second)[0])
        return dict(zip(self.outcomes, values.tolist(), strict=True))

    def acceptance(self) -> Vector:
        """Return s(θ), (M): how often each wins against one whose answers are never any good.

        One at the line has ½. Of the others of these battles both answers are called bad.

        Raises:
            RankingError: the model is not grounded, and has no line.
        """
        if not TIE_MODELS[self.model].grounded:
            raise RankingError(
                f"The model {self.model!r} has no line of absolute quality; the grounded one has."
            )
        return np.asarray(np.exp(-np.logaddexp(0.0, -self.theta)))


@one_blas_thread()
def fit_ties(votes: Given, model: TieModelName = "rao-kupper") -> TieFit:
    """Fit a model of ties to all contestants of the cells.

    Where no vote is a tie, Rao-Kupper and Davidson are Bradley-Terry, and are fitted as such (`at_limit`).

    Raises:
        RankingError: the model is not known; the votes do not bound the fit (`existence`), a contestant
            without votes among the reasons; the steps do not settle.
    """
    cells = cells_of(votes)
    if model not in TIE_MODELS:
        raise RankingError(f"{model!r} is no model of ties; known are {', '.join(TIE_MODELS)}.")
    table = TIE_MODELS[model]
    check_bounded(cells, grounded=table.grounded)
    likelihood = _Likelihood(table, cells)
    if not table.grounded and not (likelihood.weights[:, 2] > 0).any():
        return _at_limit(likelihood, cells)
    u = climb(likelihood.step, likelihood.height, likelihood.start())
    derivatives = likelihood.derivatives(u)
    bread = likelihood.inverse(likelihood.curvature(derivatives))
    if np.abs(bread @ likelihood.score(derivatives)).max() > SETTLED * (1.0 + np.abs(u).max()):
        raise RankingError(NOT_SETTLED)
    meat = likelihood.assembled(derivatives.spread(likelihood.squares))
    parameter, slope = table.natural(float(u[-1]))
    scale = np.append(np.ones(likelihood.size), slope)
    spread = bread @ meat @ bread * np.outer(scale, scale)
    theta = u[:-1] if table.grounded else u[:-1] - u[:-1].mean()
    return TieFit(model, cells.contestants, theta, parameter, spread, likelihood.height(u))


def _at_limit(votes: "_Likelihood", cells: Cells) -> TieFit:
    sums = PairSums.from_outcomes(votes.size, cells.pairs, cells.weights, cells.squares)
    theta = fit(sums)
    spread = np.zeros((votes.size + 1, votes.size + 1))
    spread[:-1, :-1] = covariance(sums, theta, np.zeros(votes.size, dtype=np.bool_))
    height = votes.height(np.append(theta, -np.inf))
    return TieFit(votes.model.name, cells.contestants, theta, 0.0, spread, height, at_limit=True)


class _Likelihood:
    """The likelihood of weighted votes and its derivatives; parameters are u = (θ, x), (M + 1)."""

    def __init__(self, model: TieModel, cells: Cells) -> None:
        self.model = model
        self.size = len(cells.contestants)
        self.first, self.second = cells.pairs.T
        self.weights = model.gathered(cells.weights)
        self.squares = model.gathered(cells.squares)

    def start(self) -> Vector:
        """Return equal θ and the x with which they predict the overall share of each outcome."""
        shares = self.weights.sum(axis=0) / self.weights.sum()
        decided, tied = shares[0] + shares[1], shares[2]
        u = np.zeros(self.size + 1)
        if self.model.name == "davidson":
            u[-1] = np.log(2.0 * tied / decided)
        else:
            # For the grounded model with both bad in a share β: π = (1 - β) / 2β, ϑ - 1 = 2 t / w (1 - β).
            accepted = decided + tied
            u[-1] = np.log(2.0 * tied / (decided * accepted))
            if self.model.grounded:
                u[:-1] = np.log(accepted / (2.0 * shares[3]))
        return u

    def height(self, u: Vector) -> float:
        """Return the log-likelihood."""
        values = self.model.log_probabilities(u[self.first], u[self.second], float(u[-1]))
        return float((self.weights * np.where(self.weights > 0, values, 0.0)).sum())

    def derivatives(self, u: Vector) -> Derivatives:
        """Return those of all pairs."""
        return self.model.derivatives(u[self.first], u[self.second], float(u[-1]))

    def score(self, derivatives: Derivatives) -> Vector:
        """Return the slope of the log-likelihood, (M + 1)."""
        slope = derivatives.slope(self.weights)
        of_theta = np.bincount(self.first, slope[:, 0], self.size) + np.bincount(
            self.second, slope[:, 1], self.size
        )
        return np.append(of_theta, slope[:, 2].sum())

    def curvature(self, derivatives: Derivatives) -> Matrix:
        """Return the observed information H, minus the second derivative."""
        return self.assembled(-derivatives.bend(self.weights))

    def step(self, u: Vector) -> Vector:
        """Return Newton's step; where the likelihood is not concave, a damped one of Fisher's scoring, which
        leads uphill, too.
        """
        derivatives = self.derivatives(u)
        score = self.score(derivatives)
        full = self._full(self.curvature(derivatives))
        if not _positive(full):
            expected = self.weights.sum(axis=1, keepdims=True) * np.exp(derivatives.values)
            full = self._full(self.assembled(derivatives.spread(expected)))
            full += DAMPING * np.diag(full).mean() * np.eye(len(full))
        move = np.asarray(np.linalg.solve(full, score[:, None])[:, 0])
        return np.asarray(move * (REACH / max(float(np.abs(move).max()), REACH)))

    def inverse(self, matrix: Matrix) -> Matrix:
        """Return the inverse of an information, with the shift of all θ held where nothing else holds it.

        No score sees that shift, so what is done about it drops out of every product with scores.

        Raises:
            RankingError: it has none; the fit is at no maximum.
        """
        full = self._full(matrix)
        if not _positive(full):
            raise RankingError(NOT_SETTLED)
        return np.asarray(np.linalg.inv(full))

    def _full(self, matrix: Matrix) -> Matrix:
        """Return the matrix, with the shift of all θ held where nothing else holds it."""
        if self.model.grounded:
            return matrix
        full = matrix.copy()
        full[:-1, :-1] += np.trace(matrix[:-1, :-1]) / self.size**2
        return full

    def assembled(self, blocks: NDArray[np.float64]) -> Matrix:
        """Return (M + 1, M + 1) from symmetric blocks by (θ_a, θ_b, x) of each pair, (P, 3, 3)."""
        first, second, size = self.first, self.second, self.size
        matrix = np.zeros((size + 1, size + 1))
        matrix[first, second] = matrix[second, first] = blocks[:, 0, 1]  # each pair is there once
        diagonal = np.bincount(first, blocks[:, 0, 0], size) + np.bincount(second, blocks[:, 1, 1], size)
        edge = np.bincount(first, blocks[:, 0, 2], size) + np.bincount(second, blocks[:, 1, 2], size)
        matrix[np.arange(size), np.arange(size)] = diagonal
        matrix[:-1, -1] = matrix[-1, :-1] = edge
        matrix[-1, -1] = blocks[:, 2, 2].sum()
        return matrix


def _positive(matrix: Matrix) -> bool:
    """Return whether a symmetric matrix is positive definite."""
    try:
        np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        return False
    return True
