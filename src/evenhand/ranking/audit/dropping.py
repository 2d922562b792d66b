"""How few votes hold up the order."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise

import numpy as np

from evenhand.ranking.audit.charts import Bar, Bars
from evenhand.ranking.audit.droppable import Droppable, PlainVotes, voters_of, votes_of
from evenhand.ranking.audit.fewest import Drop, estimate, fewest
from evenhand.ranking.audit.finding import Finding, Table
from evenhand.ranking.audit.subject import Subject
from evenhand.ranking.audit.words import name, of, percent, points
from evenhand.ranking.board import SCALE
from evenhand.ranking.rows import SCORES

TOP = 10
"""Neighbours among so many are looked at."""
SHOWN = 6
CLOSE = 1.1
"""Who would pass the first by so many times the runner-up's votes, to first order, is tried, too."""


@dataclass(frozen=True)
class Swap:
    """What it takes to turn the order of two contestants; None where nothing was found to do it."""

    rank: int
    """Of the one ahead."""
    ahead: str
    behind: str
    points: float
    """Between them."""
    z: float
    """The same in standard deviations, votes being independent."""
    votes: int | None
    """The fewest votes found."""
    share: float | None
    """Of all votes."""
    voters: int | None = None
    """The fewest voters found, where voters are known."""
    votes_of_voters: int | None = None


def dropping(subject: Subject, alpha: float, seed: int) -> Finding:
    """Find how few votes would swap first and second place, and each pair of neighbours of the top ten.

    Each number is an upper bound: a refit without those votes has shown that it does (`fewest`). The same for
    voters, all of whose votes are dropped, where they are known. Beside the runner-up, the contestant of the
    top ten who to first order needs the fewest votes to pass the first is tried.
    """
    votes, total = votes_of(subject), int(subject.cells.votes.sum())
    top = subject.order[:TOP]
    by_voter = subject.rows is not None and subject.rows.cluster is not None
    drops = [fewest(votes, a, b) for a, b in pairwise(top)]
    swaps = [
        _swap(subject, rank, pair, drop, total)
        for rank, (pair, drop) in enumerate(zip(pairwise(top), drops, strict=True), start=1)
    ]
    if by_voter:
        voters, given = voters_of(subject)
        for place, (a, b) in enumerate(pairwise(top)):
            if (drop := fewest(voters, a, b)) is not None:
                of_voters = int(given @ drop.dropped)
                swaps[place] = replace(swaps[place], voters=drop.number, votes_of_voters=of_voters)
    passing = _passing(subject, votes, swaps[0], total)
    said = [] if drops[0] is None else _said(subject, votes, drops[0])
    return Finding(
        key="dropping_votes",
        question="How few votes hold up the order?",
        answer=_answer(swaps[0], total),
        figures={
            "votes": total,
            "swaps": [asdict(swap) for swap in swaps],
            "first_place": asdict(passing),
            "dropped_from_first": [{"votes": number, "said": what} for number, what in said],
        },
        details=_details(swaps[0], passing),
        tables=_tables(swaps, said, by_voter=by_voter),
        charts=[
            Bars(
                "Votes whose dropping swaps two neighbours",
                "votes; each line is ten times the one before",
                [
                    Bar(
                        f"{one.rank} {name(one.ahead, 25)} · {one.rank + 1} {name(one.behind, 25)}",
                        one.votes,
                        "none found" if one.share is None else f"{one.votes:,} ({percent(one.share)})",
                    )
                    for one in swaps
                ],
            )
        ],
    )


def _swap(subject: Subject, rank: int, pair: tuple[int, int], drop: Drop | None, total: int) -> Swap:
    a, b = pair
    return Swap(
        rank,
        subject.names[a],
        subject.names[b],
        SCALE * float(subject.theta[a] - subject.theta[b]),
        subject.z(a, b),
        None if drop is None else drop.number,
        None if drop is None else drop.number / total,
    )


def _passing(subject: Subject, votes: Droppable, best: Swap, total: int) -> Swap:
    """Return who of the top ten could pass the first by the fewest votes dropped."""
    first, _, *others = subject.order[:TOP]
    guesses = [(number, b) for b in others if (number := estimate(votes, first, b)) is not None]
    for guess, b in sorted(guesses)[:1]:
        if best.votes is None or guess < CLOSE * best.votes:
            other = _swap(subject, 1, (first, b), fewest(votes, first, b), total)
            if other.votes is not None and (best.votes is None or other.votes < best.votes):
                return other
    return best


def _said(subject: Subject, votes: Droppable, drop: Drop) -> list[tuple[int, str]]:
    """Return what the dropped votes say, and how many say it, the most frequent first."""
    if isinstance(votes, PlainVotes):
        pair, y, number = votes.pair, votes.y, drop.dropped[votes.item]
    else:
        rows = subject.single("there is nothing to say of them").take(drop.dropped.astype(np.bool_))
        turned = (rows.first > rows.second)[rows.pair]
        y = np.where(turned, 1.0 - SCORES[rows.outcome], SCORES[rows.outcome])
        pair, number = subject.pair_of[rows.pair], np.ones(len(rows), dtype=np.int64)
    keys = pair * 3 + np.rint(2 * y).astype(np.int64)
    counts = np.bincount(keys, number, 3 * len(subject.sums.first)).astype(np.int64)
    lines = []
    for key in np.argsort(-counts, kind="stable")[:SHOWN]:
        a = name(subject.names[subject.sums.first[key // 3]])
        b = name(subject.names[subject.sums.second[key // 3]])
        if counts[key] > 0:
            what = (f"{b} beats {a}", f"{a} and {b} tie", f"{a} beats {b}")[key % 3]
            lines.append((int(counts[key]), what))
    return lines


def _answer(swap: Swap, total: int) -> str:
    ahead, behind = name(swap.ahead), name(swap.behind)
    if swap.votes is None or swap.share is None:
        return f"No set of votes was found whose dropping puts {behind} ahead of {ahead}."
    few = "one" if swap.votes == 1 else f"at most {swap.votes:,}"
    return (
        f"Without {few} of {of(total, 'vote')} ({percent(swap.share)}), {behind} would stand "
        f"ahead of {ahead}, "
        f"who is first by {points(swap.points)} points."
    )


def _details(swap: Swap, passing: Swap) -> list[str]:
    details = []
    if passing.behind != swap.behind and passing.votes is not None:
        details.append(
            f"{name(passing.behind)} would pass the first even sooner, without at most "
            f"{of(passing.votes, 'vote')}."
        )
    if swap.voters is not None and swap.votes_of_voters is not None:
        few = "one voter" if swap.voters == 1 else f"at most {swap.voters:,} voters"
        details.append(
            f"Without {few}, who gave {of(swap.votes_of_voters, 'vote')}, first and second "
            "place would swap, too."
        )
    details.append(
        "Each number was confirmed by rating anew without those votes. It is an upper bound: fewer may do, "
        "if chosen better. The smaller it is, the more the order rests on a few votes."
    )
    return details


def _tables(swaps: Sequence[Swap], said: Sequence[tuple[int, str]], *, by_voter: bool) -> list[Table]:
    columns = ["Places", "Ahead", "Behind", "Points apart", "z", "Votes", "Share"]
    rows = [
        [
            f"{one.rank}–{one.rank + 1}",
            name(one.ahead),
            name(one.behind),
            points(one.points),
            f"{one.z:.1f}",
            "–" if one.votes is None else f"{one.votes:,}",
            "–" if one.share is None else percent(one.share),
            *(["–" if one.voters is None else f"{one.voters:,}"] if by_voter else []),
        ]
        for one in swaps
    ]
    columns += ["Voters"] if by_voter else []
    tables = [
        Table("Neighbours among the first ten", columns, rows, [False] * 3 + [True] * (len(columns) - 3))
    ]
    if said:
        lines = [(f"{number:,}", what) for number, what in said]
        title = "What the votes that swap first and second say, the most frequent"
        tables.append(Table(title, ("Votes", "Say"), lines, (True, False)))
    return tables
