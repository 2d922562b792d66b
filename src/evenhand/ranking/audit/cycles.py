"""Whether preferences go round in circles: A beats B, B beats C, and C beats A."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.ranking.audit.finding import CannotTell, Finding, Table
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import chance, name, of, percent
from evenhand.ranking.bradley_terry import Matrix, Vector

LEAST_VOTES = 50
"""A pair is well measured with so many votes."""
WORLDS = 999
LEAST_WORLDS = 99
WORK = 2e11
"""Additions and multiplications in all simulated worlds, some 20 s."""
SHOWN = 5


@dataclass(frozen=True)
class _Arena:
    """The well-measured pairs (P) among the m contestants who have any, as the worlds are drawn from them."""

    members: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    votes: NDArray[np.int64]
    chances: Matrix
    """(P, 3): that the first wins, that neither does, that the second wins."""

    def strengths(self, z: Vector) -> NDArray[np.float32]:
        """Return z_ij as a matrix, (m, m); nothing where a pair is not well measured."""
        matrix = np.zeros((len(self.members), len(self.members)), dtype=np.float32)
        matrix[self.first, self.second] = z
        matrix[self.second, self.first] = -z
        return matrix


def cycles(subject: Subject, alpha: float, seed: int) -> Finding:
    """Count intransitive triples among well-measured pairs, and hold them against worlds where the fit is
    true.

    A pair's winner is who won more of its votes that are no ties, by z = (W - L)/√(W + L), which is the sign
    test (with weights, Σw and Σw²). A triple counts when all three of its pairs are well measured. In each
    world every pair has as many votes as it has here, with the chances of the fit and the pair's own share of
    ties. Fitted ratings lie farther apart than true ones by their own error, so that they are drawn together
    by √(1 - tr V / Σθ²) first. The strength of a cycle is the smallest of its three |z|. The p value is twice
    the smaller one of two: of so many cycles, and of a cycle so strong; each is (1 + worlds with at least
    that) / (1 + worlds).

    Raises:
        CannotTell: no three contestants have well-measured pairs with each other.
    """
    arena = _arena(subject)
    measured = (arena.strengths(np.ones(len(arena.first))) != 0).astype(np.float32)
    triples = _round(measured) // 2
    if triples == 0:
        raise CannotTell(
            f"No three contestants have {LEAST_VOTES} votes or more in each of the three pairs they make."
        )
    z = _seen(subject)
    seen = arena.strengths(z)
    number, strongest = _round(seen > 0), _strongest(seen)
    worlds = int(np.clip(WORK / float(len(arena.members)) ** 3 / 4, LEAST_WORLDS, WORLDS))
    rng = np.random.Generator(np.random.Philox(seed))
    counts = np.empty(worlds, dtype=np.int64)
    as_strong = 0
    for world in range(worlds):
        won, _, lost = rng.multinomial(arena.votes, arena.chances).T
        drawn = arena.strengths(_sign_z(won - lost, won + lost))
        counts[world] = _round(drawn > 0)
        as_strong += number > 0 and _round(drawn >= strongest) > 0
    p_many = (1 + int((counts >= number).sum())) / (1 + worlds)
    p_strong = (1 + as_strong) / (1 + worlds) if number else 1.0
    p_value = min(1.0, 2 * min(p_many, p_strong))
    expected = float(counts.mean())
    low, high = (float(one) for one in np.quantile(counts, [alpha / 2, 1 - alpha / 2]))
    found = _listed(subject, arena, seen) if number else []
    answer = (
        f"{number:,} of {of(triples, 'triple')} {'goes' if number == 1 else 'go'} round in a "
        "circle, where chance "
        f"alone would make about {expected:,.0f} ({low:,.0f} to {high:,.0f})."
        if number or expected >= 0.5
        else f"None of {of(triples, 'triple')} goes round in a circle."
    )
    details = [
        f"A triple is three contestants with {LEAST_VOTES} votes or more in each of their "
        "three pairs; chance is "
        f"{of(worlds, 'simulated world')} in which the ratings are the truth ({chance(p_value)})."
    ]
    if number:
        details.append(
            f"The clearest circle has its weakest leg at z = {strongest:.1f}; one so clear is in "
            f"{percent(as_strong / worlds)} of those worlds."
        )
    return Finding(
        key="cycles",
        question="Do preferences go round in circles?",
        answer=answer,
        figures={
            "triples": triples,
            "cycles": number,
            "expected": expected,
            "expected_lower": low,
            "expected_upper": high,
            "strongest_z": strongest if number else None,
            "p_many": p_many,
            "p_strong": p_strong,
            "worlds": worlds,
            "clearest": [one for one, _ in found],
        },
        details=details,
        tables=[
            Table("The clearest circles", ("Who beats whom", "z"), [row for _, row in found], (False, True))
        ]
        if found
        else [],
        p_value=p_value,
    )


def _well(subject: Subject) -> NDArray[np.bool_]:
    return np.asarray(subject.effective >= LEAST_VOTES - 1e-9)


def _seen(subject: Subject) -> Vector:
    """Return z of each well-measured pair."""
    cells, well = subject.cells, _well(subject)
    won = cells.weights[well, 0] - cells.weights[well, 1]
    return _sign_z(won, cells.squares[well, 0] + cells.squares[well, 1])


def _sign_z(
    excess: NDArray[np.float64] | NDArray[np.int64], squares: NDArray[np.float64] | NDArray[np.int64]
) -> Vector:
    """Return (W - L)/√(W + L); 0 of nothing but ties."""
    return np.asarray(excess / np.sqrt(np.maximum(squares, 1e-300)) * (squares > 0), dtype=np.float64)


def _arena(subject: Subject) -> _Arena:
    well, sums = _well(subject), subject.sums
    error = float(np.trace(subject.covariance[: subject.size, : subject.size]))
    spread = float(subject.theta @ subject.theta)
    theta = subject.theta * np.sqrt(max(1.0 - error / spread, 0.0) if spread > 0 else 0.0)
    p, q = (one[well] for one in sums.expected(theta))
    tied = np.minimum(subject.tie_share[well], 2 * np.minimum(p, q))
    chances = np.stack([p - tied / 2, tied, q - tied / 2], axis=1)
    members, place = np.unique(np.stack([sums.first[well], sums.second[well]]), return_inverse=True)
    first, second = place.reshape(2, -1)
    votes = np.rint(subject.effective[well]).astype(np.int64)
    return _Arena(members, first, second, votes, chances / chances.sum(axis=1, keepdims=True))


def _round(edges: NDArray[np.bool_] | NDArray[np.float32]) -> int:
    """Return how many directed triples go round: the trace of A³, over 3."""
    a = edges.astype(np.float32)
    return round(float(((a @ a) * a.T).sum(dtype=np.float64)) / 3)


def _strongest(z: NDArray[np.float32]) -> float:
    """Return the greatest strength with a cycle all of whose legs are as strong, 0 if there is none."""
    strengths = np.unique(z[z > 0])
    low, high = -1, len(strengths) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if _round(z >= strengths[middle]):
            low = middle
        else:
            high = middle - 1
    return float(strengths[low]) if low >= 0 else 0.0


def _listed(
    subject: Subject, arena: _Arena, z: NDArray[np.float32]
) -> list[tuple[dict[str, object], tuple[str, str]]]:
    """Return the strongest cycles, in figures and in words."""
    best: list[tuple[float, int, int, int]] = []
    for i in range(len(z)):
        # Each cycle is met at its lowest member.
        legs = np.minimum(np.minimum(z[i][:, None], z), z[:, i][None, :])
        legs[: i + 1, :] = legs[:, : i + 1] = 0
        for flat in np.argpartition(-legs, min(SHOWN, legs.size - 1), axis=None)[:SHOWN]:
            j, k = divmod(int(flat), len(z))
            if legs[j, k] > 0:
                best.append((float(legs[j, k]), i, j, k))
        best = sorted(best, key=lambda one: (-one[0], one[1:]))[:SHOWN]
    result = []
    for strength, *members in best:
        who = [subject.names[arena.members[one]] for one in members]
        words = " → ".join(name(one) for one in [*who, who[0]])
        result.append(({"cycle": who, "z": strength}, (words, f"{strength:.1f}")))
    return result
