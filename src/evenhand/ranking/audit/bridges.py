"""Comparisons on which a graph hangs."""

import numpy as np
from numpy.typing import NDArray


def bridges(pairs: NDArray[np.int64], size: int) -> list[tuple[int, int]]:
    """Return the bridges of a graph with edges (E, 2), each pair once, and how many nodes hang on each.

    A bridge is an edge, given by its number, without which its component falls in two; the second number is
    the size of the smaller part. By depth-first search: an edge to a child is a bridge when nobody below it
    reaches above it by another way (Tarjan, A note on finding the bridges of a graph, 1974).
    """
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    number = np.tile(np.arange(len(pairs)), 2)
    order = np.argsort(ends[:, 0], kind="stable")
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for one in order:
        neighbours[ends[one, 0]].append((int(ends[one, 1]), int(number[one])))
    entered, low, below = [-1] * size, [0] * size, [1] * size
    found: list[tuple[int, int]] = []
    clock = 0
    for root in range(size):
        if entered[root] >= 0:
            continue
        entered[root] = low[root] = clock
        clock += 1
        stack = [(root, -1, iter(neighbours[root]))]
        hanging: list[tuple[int, int]] = []
        while stack:
            node, through, rest = stack[-1]
            following = next(rest, None)
            if following is not None:
                other, edge = following
                if entered[other] < 0:
                    entered[other] = low[other] = clock
                    clock += 1
                    stack.append((other, edge, iter(neighbours[other])))
                elif edge != through:
                    low[node] = min(low[node], entered[other])
                continue
            stack.pop()
            if stack:
                above = stack[-1][0]
                low[above] = min(low[above], low[node])
                below[above] += below[node]
                if low[node] > entered[above]:
                    hanging.append((through, below[node]))
        found += [(edge, min(part, below[root] - part)) for edge, part in hanging]
    return sorted(found)
