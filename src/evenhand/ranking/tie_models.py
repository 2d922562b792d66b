"""The probabilities of models that know of ties, with their exact derivatives.

In all of them the logarithm of a probability is a linear function of u = (θ_a, θ_b, x), plus and minus
logarithms of sums of exponentials of such functions. So each model is a table, and one routine has the
derivatives of all: those of log Σ_t exp z_t are the mean and the covariance of the terms' coefficients, each
weighed exp z_t / Σ.

x is free of bounds. With π = exp θ:

- Rao-Kupper [1]: P(a) = π_a / (π_a + ϑ π_b) = s(θ_a - θ_b - η), ϑ = exp η = 1 + exp x, P(tie) the rest. Two
  answers are told apart only if they differ by more than the threshold η ≥ 0.
- Davidson [2]: P(a) : P(b) : P(tie) = π_a : π_b : ν √(π_a π_b), ν = exp x.
- grounded Rao-Kupper [3]: P(a) = π_a / (π_a + ϑ π_b + 1), P(both bad) = 1 / (1 + π_a + π_b), P(tie) the
  rest, ϑ = 1 + exp x. A third answer, of strength π = 1, stands by: whoever does not beat it is bad.

In the first two a vote that both are bad is a tie.

[1] Rao & Kupper, Ties in paired-comparison experiments: a generalization of the Bradley-Terry model, 1967.
[2] Davidson, On extending the Bradley-Terry model to accommodate ties in paired comparison experiments, 1970.
[3] Frick et al., Prompt-to-Leaderboard, 2025.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector

TieModelName = Literal["rao-kupper", "davidson", "grounded"]

Term = tuple[float, float, float, float]
"""What is in an exponent: a constant, and the factors of θ_a, θ_b and x."""

LOG_2 = math.log(2.0)


@dataclass(frozen=True)
class TieModel:
    """A model as a table.

    outcomes: (K) names; columns: for each of them the outcomes of a cell (`cells.OUTCOMES`) that it counts;
    linear: (K, 3) factors of u; sums: the J sums of exponentials, by their terms; signs: (K, J) how often
    the logarithm of a sum is added; grounded: whether a shift of all θ matters; parameter: its name;
    natural: from x to the value and to its slope; internal: from the value to x.
    """

    name: TieModelName
    outcomes: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]
    linear: Matrix
    sums: tuple[tuple[Term, ...], ...]
    signs: Matrix
    grounded: bool
    parameter: str
    natural: Callable[[float], tuple[float, float]]
    internal: Callable[[float], float]

    def gathered(self, table: NDArray[np.float64]) -> Matrix:
        """Return sums per outcome of the model, (P, K), from those per outcome of a cell, (P, 4)."""
        return np.stack([table[:, list(columns)].sum(axis=1) for columns in self.columns], axis=1)

    def log_probabilities(self, theta_a: Vector, theta_b: Vector, x: float) -> Matrix:
        """Return log P of each outcome for P pairs, (P, K)."""
        values = [_log_sum(terms, theta_a, theta_b, x)[0] for terms in self.sums]
        return self._total(values, theta_a, theta_b, x)

    def derivatives(self, theta_a: Vector, theta_b: Vector, x: float) -> "Derivatives":
        """Return log P with its first and second derivatives by u = (θ_a, θ_b, x)."""
        values, slopes, bends = [], [], []
        for terms in self.sums:
            value, share = _log_sum(terms, theta_a, theta_b, x)
            factors = np.array(terms)[:, 1:]
            slope = share @ factors
            values.append(value)
            slopes.append(slope)
            second = np.einsum("pt,ti,tj->pij", share, factors, factors)
            bends.append(second - slope[:, :, None] * slope[:, None, :])
        return Derivatives(
            self._total(values, theta_a, theta_b, x),
            self.linear + np.einsum("kj,jpi->pki", self.signs, np.array(slopes)),
            self.signs,
            np.array(bends),
        )

    def _total(self, values: Sequence[Vector], theta_a: Vector, theta_b: Vector, x: float) -> Matrix:
        total = [
            _affine((0.0, *factors), theta_a, theta_b, x)
            + sum((sign * value for sign, value in zip(signs, values, strict=True) if sign), np.zeros(1))
            for factors, signs in zip(self.linear.tolist(), self.signs.tolist(), strict=True)
        ]
        return np.stack(total, axis=1)


@dataclass(frozen=True)
class Derivatives:
    """What is known of K log-probabilities in P pairs.

    values: (P, K) log P; scores: (P, K, 3) their slopes by u; and their second derivatives, as
    Σ_j signs[k, j] · bends[j, p], signs: (K, J), bends: (J, P, 3, 3).
    """

    values: Matrix
    scores: NDArray[np.float64]
    signs: Matrix
    bends: NDArray[np.float64]

    def slope(self, weights: Matrix) -> Matrix:
        """Return Σ_k w · score per pair, (P, 3), for weights (P, K)."""
        return np.asarray(np.einsum("pk,pki->pi", weights, self.scores))

    def bend(self, weights: Matrix) -> NDArray[np.float64]:
        """Return Σ_k w · second derivative per pair, (P, 3, 3), for weights (P, K)."""
        return np.asarray(np.einsum("pj,jpab->pab", weights @ self.signs, self.bends))

    def spread(self, weights: Matrix) -> NDArray[np.float64]:
        """Return Σ_k w · score scoreᵀ per pair, (P, 3, 3), for weights (P, K)."""
        return np.asarray(np.einsum("pk,pki,pkj->pij", weights, self.scores, self.scores))


def _affine(term: Term | tuple[float, ...], theta_a: Vector, theta_b: Vector, x: float) -> Vector:
    constant, of_a, of_b, of_x = term
    # Where ties have no part at all x is -∞, and times 0 that is nothing.
    return constant + (of_x * x if of_x else 0.0) + of_a * theta_a + of_b * theta_b


def _log_sum(terms: Sequence[Term], theta_a: Vector, theta_b: Vector, x: float) -> tuple[Vector, Matrix]:
    """Return log Σ_t exp z_t, (P), and the share of each term in the sum, (P, T)."""
    z = np.stack([np.broadcast_to(_affine(term, theta_a, theta_b, x), theta_a.shape) for term in terms], 1)
    top = z.max(axis=1)
    shares = np.exp(z - top[:, None])
    total = shares.sum(axis=1)
    return top + np.log(total), shares / total[:, None]


def _threshold(x: float) -> tuple[float, float]:
    return float(np.logaddexp(0.0, x)), float(np.exp(-np.logaddexp(0.0, -x)))


def _exp(x: float) -> tuple[float, float]:
    return math.exp(x), math.exp(x)


_A, _B, _X = (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)
_A_X, _B_X, _ONE = (0.0, 1.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0), (0.0, 0.0, 0.0, 0.0)

RAO_KUPPER = TieModel(
    name="rao-kupper",
    outcomes=("a", "b", "tie"),
    columns=((0,), (1,), (2, 3)),
    linear=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 1.0]]),
    # π_a + ϑ π_b; π_b + ϑ π_a; and 1 + ϑ, for P(tie) = (ϑ² - 1) π_a π_b over both of them.
    sums=((_A, _B, _B_X), (_B, _A, _A_X), ((LOG_2, 0.0, 0.0, 0.0), _X)),
    signs=np.array([[-1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [-1.0, -1.0, 1.0]]),
    grounded=False,
    parameter="eta",
    natural=_threshold,
    internal=lambda eta: math.log(math.expm1(eta)) if eta > 0 else -math.inf,
)

DAVIDSON = TieModel(
    name="davidson",
    outcomes=("a", "b", "tie"),
    columns=((0,), (1,), (2, 3)),
    linear=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 1.0]]),
    sums=((_A, _B, (0.0, 0.5, 0.5, 1.0)),),
    signs=np.array([[-1.0], [-1.0], [-1.0]]),
    grounded=False,
    parameter="nu",
    natural=_exp,
    internal=lambda nu: math.log(nu) if nu > 0 else -math.inf,
)

GROUNDED = TieModel(
    name="grounded",
    outcomes=("a", "b", "tie", "both_bad"),
    columns=((0,), (1,), (2,), (3,)),
    linear=np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]),
    # With S = 1 + π_a + π_b, A = π_a + ϑ π_b + 1 and B = π_b + ϑ π_a + 1, what is left for a tie is
    # (ϑ - 1) π_a π_b (A + B) / (S A B): nothing is taken away from anything.
    sums=(
        (_A, _B, _B_X, _ONE),
        (_B, _A, _A_X, _ONE),
        (_ONE, _A, _B),
        ((LOG_2, 0.0, 0.0, 0.0), (LOG_2, 1.0, 0.0, 0.0), (LOG_2, 0.0, 1.0, 0.0), _A_X, _B_X),
    ),
    signs=np.array(
        [[-1.0, 0.0, 0.0, 0.0], [0.0, -1.0, 0.0, 0.0], [-1.0, -1.0, -1.0, 1.0], [0.0, 0.0, -1.0, 0.0]]
    ),
    grounded=True,
    parameter="eta",
    natural=lambda x: (x, 1.0),
    internal=lambda eta: eta,
)

TIE_MODELS: dict[TieModelName, TieModel] = {model.name: model for model in (RAO_KUPPER, DAVIDSON, GROUNDED)}
