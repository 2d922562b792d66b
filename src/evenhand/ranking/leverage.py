"""The covariance where votes come in few clusters, each of which has pulled the fit its own way.

With R the symmetric root of H⁻¹ and F_g cluster g's part of the information, S_g = R F_g R is its leverage.
Its score s_g is replaced by (I - F_g H⁻¹)^(-1/2) s_g (CR2 [1]), which R turns into (I - S_g)^(-1/2) R s_g.
It is the matrix that CR2 applies to the residuals, brought to the other side of the scores: what it works on
is as large as the parameters, or as the cluster, if that is smaller.

A variance that is made of few clusters varies itself. By Satterthwaite's rule it does so like that of as many
degrees of freedom as (Σ λ)² / Σ λ², λ being the eigenvalues of the covariance of what the clusters add to it,
as the model has that [1].

[1] Bell & McCaffrey, Bias reduction in standard errors for linear regression with multi-stage samples,
    2002; for models with a curvature of their own: McCaffrey & Bell, Improved hypothesis testing for
    coefficients in generalized estimating equations with small samples of clusters, 2006.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.passes import Moments, residuals, scattered
from evenhand.ranking.rows import VoteRows

AT_ONCE = 10_000_000
"""Numbers that are held at once of what clusters add to estimates: 80 MB."""


@dataclass(frozen=True)
class Leverage:
    """What a cluster takes of the information; k is no more than it has votes.

    turned: (size + K) (I - S)^(-1/2) R s; halves: (size + K, k) B with B Bᵀ = S (I - S)^(-1/2), in single
    precision; left: (k) √(1 - λ), λ being the eigenvalues of S.
    """

    turned: Vector
    halves: NDArray[np.float32]
    left: Vector


def corrected(
    rows: VoteRows, theta: Vector, beta: Vector, bread: Matrix, cluster: NDArray[np.int64], count: int
) -> tuple[Matrix, Vector]:
    """Return the covariance, (size + K) squared, at θ and β, and the degrees of freedom of its variances,
    (size + K): of each θ from the mean, and each β.

    cluster: (N) the number of each vote's cluster, below `count`.
    """
    values, vectors = np.linalg.eigh(bread)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    leverages = [_leverage(rows.take(cluster == number), theta, beta, root) for number in range(count)]
    pulls = root @ np.stack([one.turned for one in leverages], axis=1)
    return pulls @ pulls.T, _degrees_of_freedom(leverages, root)


def _leverage(part: VoteRows, theta: Vector, beta: Vector, root: Matrix) -> Leverage:
    r, h = residuals(part, theta, beta)
    x = part.features.astype(np.float64)
    if len(part) < len(root):
        # S = Q Qᵀ, a column of Q for each vote, has the eigenvalues of Qᵀ Q, which is smaller.
        columns = root[:, part.first[part.pair]] - root[:, part.second[part.pair]] + root[:, part.size :] @ x
        columns *= np.sqrt(h)
        values, vectors = np.linalg.eigh(columns.T @ columns)
        left, halves = _left(values), columns @ vectors
        standardised = np.divide(r, np.sqrt(h), out=np.zeros_like(r), where=h > 0)
        turned = halves @ (vectors.T @ standardised / left)
    else:
        weight, residual, *tilted = _by_pair(part, [h, r, *(h * x)])
        moments = Moments(weight, np.reshape(tilted, (len(x), len(weight))).T, (h * x) @ x.T)
        information = moments.laplacian(part.size, part.first, part.second)
        values, vectors = np.linalg.eigh(root @ information @ root)
        left, halves = _left(values), vectors * np.sqrt(np.maximum(values, 0.0))
        score = np.concatenate([scattered(part.size, part.first, part.second, residual), x @ r])
        turned = vectors @ (vectors.T @ (root @ score) / left)
    return Leverage(turned, (halves / np.sqrt(left)).astype(np.float32), left)


def _by_pair(part: VoteRows, columns: Sequence[Vector]) -> list[Vector]:
    pairs = len(part.first)
    return [np.bincount(part.pair, column, pairs).astype(np.float64) for column in columns]


def _degrees_of_freedom(leverages: Sequence[Leverage], root: Matrix) -> Vector:
    """Return (Σ λ)² / Σ λ² for each estimate, some estimates at a time."""
    width, count = len(root), len(leverages)
    freedom = np.empty(width)
    diagonal = np.arange(count)
    for start in range(0, width, batch := max(1, AT_ONCE // (width * count))):
        some = root[:, start : start + batch]
        # What each cluster adds to each estimate has the variance `own`, less what all fits take away of it.
        shared = np.empty((some.shape[1], count, width))
        own = np.empty((some.shape[1], count))
        for number, one in enumerate(leverages):
            along = one.halves.T @ some
            own[:, number] = (1.0 / one.left) @ along**2
            shared[:, number] = (one.halves @ along).T
        spread = -(shared @ shared.transpose(0, 2, 1))
        spread[:, diagonal, diagonal] += own
        total = np.einsum("cgg->c", spread)
        freedom[start : start + batch] = total**2 / np.einsum("cgh,cgh->c", spread, spread)
    return freedom


def _left(values: Vector) -> Vector:
    """Return √(1 - λ): what a cluster's leverage leaves of its residuals."""
    return np.sqrt(np.maximum(1.0 - values, 1e-9))
