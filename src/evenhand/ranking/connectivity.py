"""Whether the votes put all contestants on one scale.

Contestants that no chain of comparisons joins have no common scale at all: they are islands. Within an
island the likelihood has a finite maximum only when the win graph is strongly connected, that is when
every two groups have each beaten, or tied with, the other [1].

[1] Ford, Solution of a ranking problem from binary comparisons, 1957.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

STEPS = 4
"""As far as it is looked for a way to everybody before each node is visited."""


def islands(pairs: NDArray[np.int64], size: int) -> list[list[int]]:
    """Return the groups that comparisons (P, 2) join, the largest first, ties by lowest member."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return strong_components(both, size)


def win_edges(
    pairs: NDArray[np.int64], first_won: NDArray[np.bool_], second_won: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return who won against whom, (E, 2), of pairs (P, 2); a tie is a win both ways."""
    return np.concatenate([pairs[first_won], pairs[second_won][:, ::-1]])


def strong_components(edges: NDArray[np.int64], size: int) -> list[list[int]]:
    """Return the strongly connected components of directed edges (E, 2) over 0..size-1.

    The largest comes first, ties by lowest member; members are sorted.
    """
    if size and all(_reaches_all(way, size) for way in (edges, edges[:, ::-1])):
        return [list(range(size))]
    forward = _neighbours(edges, size)
    backward = _neighbours(edges[:, ::-1], size)
    order: list[int] = []
    seen = [False] * size
    for start in range(size):
        _visit(start, forward, seen, order)
    components: list[list[int]] = []
    seen = [False] * size
    for start in reversed(order):
        component: list[int] = []
        _visit(start, backward, seen, component)
        if component:
            components.append(sorted(component))
    return sorted(components, key=lambda component: (-len(component), component[0]))


def _reaches_all(edges: NDArray[np.int64], size: int) -> bool:
    """Return whether a few steps lead from node 0 to all: most boards need no search that goes on longer."""
    seen = np.zeros(size, dtype=np.bool_)
    seen[0] = True
    for _ in range(STEPS):
        seen[edges[seen[edges[:, 0]], 1]] = True
        if seen.all():
            return True
    return False


def _neighbours(edges: NDArray[np.int64], size: int) -> list[list[int]]:
    sorted_edges = edges[np.argsort(edges[:, 0], kind="stable")]
    cuts = np.searchsorted(sorted_edges[:, 0], np.arange(1, size))
    return [part.tolist() for part in np.split(sorted_edges[:, 1], cuts)]


def _visit(start: int, neighbours: Sequence[Iterable[int]], seen: list[bool], finished: list[int]) -> None:
    """Go depth first from `start`, without recursion, and append each node when it is finished."""
    if seen[start]:
        return
    seen[start] = True
    stack = [(start, iter(neighbours[start]))]
    while stack:
        node, rest = stack[-1]
        following = next((n for n in rest if not seen[n]), None)
        if following is None:
            stack.pop()
            finished.append(node)
        else:
            seen[following] = True
            stack.append((following, iter(neighbours[following])))
