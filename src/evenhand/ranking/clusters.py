"""The meat of the sandwich where votes come in clusters: those of one voter are not independent of each
other.

B = Σ_g s_g s_gᵀ, s_g being the sum of the scores of the votes in cluster g. With few clusters B is too
small, because each of them has pulled the fit its own way; then every s_g is corrected for its leverage
first (CR2 [1]). A variance that is made of few clusters still varies itself, so that deviations follow
Student's t, with the degrees of freedom of [1], rather than the normal distribution.

[1] Bell & McCaffrey, Bias reduction in standard errors for linear regression with multi-stage samples,
    2002; for models with a curvature of their own: McCaffrey & Bell, Improved hypothesis testing for
    coefficients in generalized estimating equations with small samples of clusters, 2006.
"""

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.passes import residuals
from evenhand.ranking.rows import VoteRows

FEWEST = 10
"""Fewer clusters than this say too little of how much they differ: 95 % intervals by two were seen to hold in
seven of ten cases, and by a single one they have no width at all.
"""
FEW = 100
"""With fewer clusters than this their leverages are taken into account."""
_EXPANDED = 4_000_000


def enough(rows: VoteRows | None) -> bool:
    """Return whether the votes have clusters, and as many as it takes to tell how much they differ."""
    return rows is not None and rows.cluster is not None and len(np.unique(rows.cluster)) >= FEWEST


def clustered_meat(rows: VoteRows, theta: Vector, beta: Vector, bread: Matrix) -> Matrix:
    """Return B, (size + K) squared, at θ and β, of rows with clusters; `bread` is H⁻¹."""
    assert rows.cluster is not None, "the rows have clusters"
    numbers, cluster = np.unique(rows.cluster, return_inverse=True)
    count = len(numbers)
    if count < FEW:
        return _corrected(rows, theta, beta, bread, cluster, count)
    width = rows.size + len(beta)
    r, _ = residuals(rows, theta, beta)
    keys = np.concatenate(
        [
            cluster * width + rows.first[rows.pair],
            cluster * width + rows.second[rows.pair],
            *(cluster * width + rows.size + k for k in range(len(beta))),
        ]
    )
    values = np.concatenate([r, -r, *(r * x for x in rows.features)])
    entries, place = np.unique(keys, return_inverse=True)
    sums = np.asarray(np.bincount(place, values, len(entries)), dtype=np.float64)
    meat = _outer_products(entries // width, entries % width, sums, width)
    return meat * (count / (count - 1))


def _outer_products(
    cluster: NDArray[np.int64], column: NDArray[np.int64], value: Vector, width: int
) -> Matrix:
    """Return Σ_g s_g s_gᵀ from the entries of all s_g, sorted by cluster: in time Σ_g (entries of s_g)²."""
    flat = np.zeros(width * width)
    _, starts, lengths = np.unique(cluster, return_index=True, return_counts=True)
    for length in np.unique(lengths):
        of_length = starts[lengths == length]
        for begin in range(0, len(of_length), batch := max(1, _EXPANDED // int(length) ** 2)):
            index = of_length[begin : begin + batch, None] + np.arange(length)
            columns, values = column[index], value[index]
            keys = columns[:, :, None] * width + columns[:, None, :]
            products = values[:, :, None] * values[:, None, :]
            flat += np.bincount(keys.ravel(), products.ravel(), width * width)
    return flat.reshape(width, width)


def _corrected(
    rows: VoteRows, theta: Vector, beta: Vector, bread: Matrix, cluster: NDArray[np.int64], count: int
) -> Matrix:
    """Return B with s_g replaced by (I - F_g H⁻¹)^(-1/2) s_g, F_g being cluster g's part of the information.

    It is the matrix that CR2 applies to the residuals, brought to the other side of the scores: what it
    works on is as large as the parameters, not as the cluster.
    """
    meat = np.zeros_like(bread)
    root = _root(bread)
    for number in range(count):
        score, information = _part(rows.take(cluster == number), theta, beta)
        # With R the symmetric root of H⁻¹: R (I - F H⁻¹)^(-1/2) s = (I - R F R)^(-1/2) R s.
        values, vectors = np.linalg.eigh(root @ information @ root)
        turned = vectors @ ((vectors.T @ (root @ score)) / _left(values))
        meat += np.outer(turned, turned)
    inverse_root = np.linalg.pinv(root, hermitian=True)
    return np.asarray(inverse_root @ meat @ inverse_root)


def degrees_of_freedom(rows: VoteRows, theta: Vector, beta: Vector, bread: Matrix) -> Vector | None:
    """Return the degrees of freedom of the variances, (size + K): of each θ from the mean, and each β.

    A variance that is made of few clusters varies itself. By Satterthwaite's rule it does so like that of as
    many degrees of freedom as (Σ λ)² / Σ λ², λ being the eigenvalues of the covariance of what the clusters
    add to it, as the model has that [1]. None, which is as many as one likes, with `FEW` clusters or more.
    """
    assert rows.cluster is not None, "the rows have clusters"
    numbers, cluster = np.unique(rows.cluster, return_inverse=True)
    width = len(bread)
    if len(numbers) >= FEW:
        return None
    root = _root(bread)
    # What each cluster adds to each estimate has the variance `own`, less what all fits take away of it.
    shared = np.empty((width, len(numbers), width))
    own = np.empty((width, len(numbers)))
    for number in range(len(numbers)):
        _, information = _part(rows.take(cluster == number), theta, beta)
        values, vectors = np.linalg.eigh(root @ information @ root)
        turned = (vectors.T @ root) / _left(values)[:, None]
        own[:, number] = np.maximum(values, 0.0) @ turned**2
        shared[:, number] = (vectors @ (values[:, None] * turned)).T
    spread = -shared @ shared.transpose(0, 2, 1)
    spread[:, np.arange(len(numbers)), np.arange(len(numbers))] += own
    total = np.einsum("cgg->c", spread)
    return np.asarray(total**2 / np.einsum("cgh,cgh->c", spread, spread))


def _part(part: VoteRows, theta: Vector, beta: Vector) -> tuple[Vector, Matrix]:
    """Return the score of some votes and their part of the information."""
    r, h = residuals(part, theta, beta)
    design = np.zeros((len(part), part.size + len(beta)))
    votes = np.arange(len(part))
    design[votes, part.first[part.pair]] = 1.0
    design[votes, part.second[part.pair]] -= 1.0
    design[:, part.size :] = part.features.T
    return design.T @ r, design.T @ (h[:, None] * design)


def _left(values: Vector) -> Vector:
    """Return √(1 - λ): what a cluster's leverage leaves of its residuals."""
    return np.sqrt(np.maximum(1.0 - values, 1e-9))


def _root(matrix: Matrix) -> Matrix:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
