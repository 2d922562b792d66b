"""The sandwich where votes come in clusters: those of one voter are not independent of each other.

Its meat is B = Σ_g s_g s_gᵀ, s_g being the sum of the scores of the votes in cluster g. With few clusters B
is too small, because each of them has pulled the fit its own way: then their leverages are taken into
account, and deviations follow Student's t rather than the normal distribution (`leverage`).
"""

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.bradley_terry import Matrix, Vector
from evenhand.ranking.leverage import corrected
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


def clustered_covariance(
    rows: VoteRows, theta: Vector, beta: Vector, bread: Matrix
) -> tuple[Matrix, Vector | None]:
    """Return the sandwich, (size + K) squared, at θ and β, of rows with clusters; `bread` is H⁻¹.

    Beside it stand the degrees of freedom of its variances, (size + K): of each θ from the mean, and each β;
    None with `FEW` clusters or more, where variances are taken for known.
    """
    assert rows.cluster is not None, "the rows have clusters"
    numbers, cluster = np.unique(rows.cluster, return_inverse=True)
    count = len(numbers)
    if count < FEW:
        return corrected(rows, theta, beta, bread, cluster, count)
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
    return bread @ (meat * (count / (count - 1))) @ bread, None


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
