"""Whether the votes put everybody on one scale, and where they are thin."""

import numpy as np

from evenhand.ranking.audit.bridges import bridges
from evenhand.ranking.audit.finding import Finding, Table
from evenhand.ranking.audit.subject import largest_core
from evenhand.ranking.audit.words import name, names, of, percent
from evenhand.ranking.cells import Cells
from evenhand.ranking.connectivity import islands

SHOWN = 8


def coverage(cells: Cells) -> Finding:
    """Say which contestants comparisons join, and how many pairs and votes there are.

    A component is a group that chains of comparisons join; the core is the largest group in which everyone
    has, over some chain, both won and lost (or tied): outside it likelihood gives no finite rating. A bridge
    is a pair without whose votes its component falls in two. Votes of weight 0 join nobody.
    """
    size = len(cells.contestants)
    weighs = cells.weights.sum(axis=1) > 0
    pairs = cells.pairs[weighs]
    met = np.zeros(size, dtype=np.bool_)
    met[pairs] = True
    groups = [group for group in islands(pairs, size) if met[group[0]]]
    core = largest_core(cells) if met.any() else []
    tally, counts = cells.tally(), cells.votes.sum(axis=1)[weighs]
    number = tally.sum(axis=1)
    possible = size * (size - 1) // 2
    undefeated = [cells.contestants[i] for i in range(size) if met[i] and tally[i, 1] + tally[i, 2] == 0]
    winless = [cells.contestants[i] for i in range(size) if met[i] and tally[i, 0] + tally[i, 2] == 0]
    without = [cells.contestants[i] for i in range(size) if not met[i]]
    outside = [cells.contestants[i] for i in range(size) if met[i] and i not in set(core)]
    hanging = bridges(pairs, size)
    figures: dict[str, object] = {
        "contestants": size,
        "without_votes": without,
        "components": [[cells.contestants[i] for i in group] for group in groups],
        "outside_the_core": outside,
        "pairs": len(pairs),
        "pairs_possible": possible,
        "share_of_pairs": len(pairs) / possible if possible else None,
        "fewest_votes_of_a_contestant": int(number[met].min()) if met.any() else None,
        "fewest_votes_of_a_compared_pair": int(counts.min()) if len(counts) else None,
        "median_votes_of_a_compared_pair": float(np.median(counts)) if len(counts) else None,
        "undefeated": undefeated,
        "winless": winless,
        "bridges": [
            {
                "pair": [cells.contestants[i] for i in pairs[edge]],
                "votes": int(counts[edge]),
                "contestants_behind_it": hanging_on,
            }
            for edge, hanging_on in hanging
        ],
    }
    details = []
    if len(counts):
        fewest = int(np.argmin(np.where(met, number, np.iinfo(np.int64).max)))
        details.append(
            f"Fewest votes: {name(cells.contestants[fewest])} with {number[fewest]:,}. A pair "
            "that was compared has "
            f"{of(int(counts.min()), 'vote')} or more, {np.median(counts):,.0f} in the middle."
        )
    for who, what in (
        (undefeated, "never lost or tied"),
        (winless, "never won or tied"),
        (without, "no votes that weigh anything"),
        (outside, "outside the group that can be rated together; the other questions leave them out"),
    ):
        if who:
            details.append(
                f"{of(len(who), 'contestant')} {'is' if what[0] == 'o' else 'has'} {what}: {names(who)}."
            )
    tables = []
    if hanging:
        details.append(
            f"{of(len(hanging), 'pair')} alone {'joins' if len(hanging) == 1 else 'join'} "
            "contestants to the rest: "
            "their ratings hang on that pair's votes."
        )
        rows = [
            (
                f"{name(cells.contestants[pairs[edge][0]])} · {name(cells.contestants[pairs[edge][1]])}",
                f"{counts[edge]:,}",
                f"{hanging_on:,}",
            )
            for edge, hanging_on in sorted(hanging, key=lambda one: -one[1])[:SHOWN]
        ]
        tables.append(
            Table(
                "Pairs on which others hang",
                ("Pair", "Votes", "Contestants behind it"),
                rows,
                (False, True, True),
            )
        )
    return Finding(
        "coverage",
        "Can everybody be compared?",
        _answer(cells, groups, len(pairs), possible),
        figures,
        details,
        tables,
    )


def _answer(cells: Cells, groups: list[list[int]], pairs: int, possible: int) -> str:
    if not groups:
        return "There are no votes."
    share = f"{pairs:,} of {of(possible, 'pair')} ({percent(pairs / possible)}) met directly"
    if len(groups) == 1:
        return f"Chains of votes join all {of(len(groups[0]), 'contestant')} that have votes; {share}."
    return (
        f"The votes fall into {len(groups)} groups that nothing joins, the largest of "
        f"{of(len(groups[0]), 'contestant')}: there is no order across groups; {share}."
    )
