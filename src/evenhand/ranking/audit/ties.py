"""What the order would be if ties said nothing, or something else.

The board counts a tie, and a vote that both are bad, as half a win for each. Other readings of the same votes
stand in `READINGS`, each with its fit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from evenhand.ranking.audit.finding import CannotTell, Finding, Table
from evenhand.ranking.audit.subject import Subject, largest_core
from evenhand.ranking.audit.words import name, of, percent, points
from evenhand.ranking.board import SCALE
from evenhand.ranking.bradley_terry import PairSums, Vector, fit
from evenhand.ranking.cells import Cells
from evenhand.ranking.errors import RankingError
from evenhand.ranking.joint import fit_joint
from evenhand.ranking.ties import fit_ties

Rated = tuple[list[int], Vector]
"""Those who can still be rated together, by their numbers in the subject, and their θ."""

SHOWN = 8


@dataclass(frozen=True)
class Reading:
    """Another reading of ties: its words, and the fit by it."""

    words: str
    rate: Callable[[Subject], Rated]


@dataclass(frozen=True)
class _Change:
    """What a reading changes, among those whom both rate: places and points, each centred on them."""

    names: tuple[str, ...]
    before: Vector
    after: Vector

    @property
    def stretch(self) -> float:
        """How many times as far apart the ratings lie: the slope of those after on those before."""
        square = float(self.before @ self.before)
        return float(self.after @ self.before) / square if square > 0 else 1.0

    @property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """The places before and after, from 1."""
        return _places(self.before), _places(self.after)


def _without(*outcomes: int) -> Callable[[Subject], Rated]:
    def rate(subject: Subject) -> Rated:
        cells = subject.cells
        kept = np.ones(4)
        kept[list(outcomes)] = 0.0
        sums = np.stack([cells.votes * kept, cells.weights * kept, cells.squares * kept])
        left = Cells(cells.contestants, cells.pairs[:, 0], cells.pairs[:, 1], sums)
        group = largest_core(left)
        if len(group) < 2:
            raise CannotTell("Without ties no two contestants can be rated together.")
        of_pairs = PairSums.of(left.among(group))
        if not subject.style:
            return group, fit(of_pairs)
        rows = subject.single("style cannot be held fixed")
        return group, fit_joint(rows.take(kept[rows.outcome] > 0).among(group), of_pairs).theta

    return rate


def _modelled(subject: Subject) -> Rated:
    """Rate by Rao and Kupper's model, for which both bad is a tie."""
    if subject.style:
        raise CannotTell("The models of ties hold no style fixed.")
    group = largest_core(subject.cells)
    try:
        return group, fit_ties(subject.cells.among(group), "rao-kupper").theta
    except RankingError as error:
        raise CannotTell(str(error)) from error


READINGS: Mapping[str, Reading] = {
    "dropped": Reading("ties and both bad dropped", _without(2, 3)),
    "both_bad_dropped": Reading("both bad dropped, ties half a win", _without(3)),
    "rao_kupper": Reading("ties modelled as Rao and Kupper do", _modelled),
}


def ties(subject: Subject, alpha: float, seed: int) -> Finding:
    """Rate anew by every reading, and compare places and ratings among those whom both can rate.

    Ratings are compared from the mean of those. Dropping ties stretches the scale, so most ratings change a
    little; a change of places does not depend on that.

    Raises:
        CannotTell: there are no ties, or without them nobody can be rated.
    """
    counts = subject.cells.votes.sum(axis=0)
    share = float(counts[2:].sum() / counts.sum())
    if not counts[2:].any():
        raise CannotTell("There is no tie, and no vote that both are bad, among these votes.")
    figures: dict[str, object] = {
        "share_of_ties": float(counts[2] / counts.sum()),
        "share_of_both_bad": float(counts[3] / counts.sum()),
    }
    tables, details, answer = [], [], ""
    for key, reading in READINGS.items():
        if key == "both_bad_dropped" and not (counts[3] and counts[2]):
            continue
        try:
            group, theta = reading.rate(subject)
        except CannotTell:
            if key == "dropped":
                raise
            continue
        before = subject.theta[group]
        change = _Change(tuple(subject.names[i] for i in group), before - before.mean(), theta - theta.mean())
        figures[key] = _figures(change)
        if key == "dropped":
            answer = f"{percent(share)} of the votes are ties or both bad. {_sentence(change, reading.words)}"
            tables.append(_table(change, reading.words))
        else:
            details.append(_sentence(change, reading.words))
        if len(group) < subject.size:
            left = of(subject.size - len(group), "contestant")
            details.append(f"With {reading.words}, {left} can no longer be compared with the others.")
    return Finding("ties", "Does the order hang on how ties count?", answer, figures, details, tables)


def _places(theta: Vector) -> np.ndarray:
    places = np.empty(len(theta), dtype=np.int64)
    places[np.argsort(-theta, kind="stable")] = np.arange(1, len(theta) + 1)
    return places


def _figures(change: _Change) -> dict[str, object]:
    before, after = change.places
    moved = np.abs(after - before)
    off = SCALE * (change.after - change.before)
    most, farthest = int(np.argmax(moved)), int(np.argmax(np.abs(off)))
    return {
        "contestants": len(before),
        "stretch": change.stretch,
        "moved": int((moved > 0).sum()),
        "largest_move": int(moved[most]),
        "largest_move_of": change.names[most] if moved[most] else None,
        "largest_rating_change": float(off[farthest]),
        "largest_rating_change_of": change.names[farthest],
        "first_before": change.names[int(np.argmin(before))],
        "first_after": change.names[int(np.argmin(after))],
    }


def _sentence(change: _Change, words: str) -> str:
    before, after = change.places
    moved = np.abs(after - before)
    off = SCALE * (change.after - change.before)
    farthest = int(np.argmax(np.abs(off)))
    by = (
        f"ratings lie {change.stretch:.2f} times as far apart, and "
        f"{name(change.names[farthest])} changes by the most "
        f"points ({points(float(off[farthest]), sign=True)})"
    )
    if not moved.any():
        return f"With {words} nobody changes places; {by}."
    most = int(np.argmax(moved))
    first = int(np.argmin(after))
    lead = "the first stays first" if before[first] == 1 else f"{name(change.names[first])} is first"
    return (
        f"With {words}, {int((moved > 0).sum()):,} of {of(len(moved), 'contestant')} change "
        f"places and {lead}; "
        f"{name(change.names[most])} moves farthest, from {before[most]} to {after[most]}; {by}."
    )


def _table(change: _Change, words: str) -> Table:
    before, after = change.places
    rows = [
        (
            name(change.names[i]),
            str(before[i]),
            str(after[i]),
            points(SCALE * float(change.after[i] - change.before[i]), sign=True),
        )
        for i in np.argsort(-np.abs(after - before), kind="stable")[:SHOWN]
        if before[i] != after[i]
    ]
    columns = ("Contestant", "Place", "Then", "Points")
    return Table(f"Who moves farthest with {words}", columns, rows, (False, True, True, True))
