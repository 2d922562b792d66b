"""A ranking as the wire shows it: with the names, licences and prices that the statistics know nothing of."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from evenhand.boards.schemas import Board, BoardRow, Method, Source
from evenhand.contestants.configurations import Configuration
from evenhand.ranking import board as ranking


class Known(NamedTuple):
    """What is known of a contestant beside its votes."""

    name: str
    organization: str | None
    license: str | None
    configuration: Configuration | None


def board_view(
    board: ranking.Board,
    known: Mapping[str, Known],
    *,
    slug: str,
    name: str,
    arena: str | None,
    excluded: int,
    updated_at: datetime,
    source: Source | None,
) -> Board:
    """A board for the wire; a contestant that nothing is known of goes by its name in the votes."""
    return Board(
        slug=slug,
        name=name,
        kind="live" if source is None else "imported",
        votes=board.votes,
        arena=arena,
        status=board.status,
        connected=board.connected,
        method=Method(
            model="bradley-terry", fit=board.fit, anchor=board.anchor, alpha=board.alpha, ties="half"
        ),
        excluded=excluded,
        updated_at=updated_at,
        source=source,
        rows=[
            _row(row, known.get(row.contestant, Known(row.contestant, None, None, None)))
            for row in board.rows
        ],
    )


def _row(row: ranking.Row, known: Known) -> BoardRow:
    return BoardRow(
        contestant=row.contestant,
        name=known.name,
        organization=known.organization,
        license=known.license,
        price=known.configuration.price if known.configuration else None,
        context=known.configuration.context if known.configuration else None,
        rating=row.rating,
        lower=row.lower,
        upper=row.upper,
        rank=row.rank,
        rank_best=row.rank_best,
        rank_worst=row.rank_worst,
        votes=row.votes,
        wins=row.wins,
        losses=row.losses,
        ties=row.ties,
        component=row.component,
        preliminary=row.preliminary,
        reason=row.reason,
        separated_from_next=row.separated_from_next,
    )
