"""Boards as one page of HTML: for each slice the picture of the board, its rows, and the effects of style."""

from collections.abc import Iterator, Mapping
from html import escape

from evenhand.ranking.board import SCALE, Board, Row
from evenhand.ranking.html import document, table

_COLUMNS = ("Rank", "Contestant", "Rating", "Interval", "Votes", "")
_NUMBERS = (True, False, True, True, True, False)


def boards_page(boards: Mapping[str, Board]) -> str:
    """Return the page of some boards, each under the name of its slice."""
    body: list[str] = []
    for name, board in boards.items():
        body += _section(name.replace("_", " ").capitalize(), board)
    return document("Leaderboard", body)


def _section(title: str, board: Board) -> Iterator[str]:
    yield f'<section id="{escape(board.slice)}"><h2>{escape(title)}</h2>'
    yield f'<p class="soft">{escape(summary(board))}</p>'
    if board.rows:
        yield f'<div class="scroll wide">{board.plot(len(board.rows)).svg}</div>'
        confidence = f"{100 * (1 - board.alpha):g} %"
        yield table(
            f"Ratings in points, with {confidence} intervals",
            _COLUMNS,
            [_cells(row, board) for row in board.rows],
            _NUMBERS,
        )
    if board.coefficients:
        yield table(
            "What a usual difference in style is worth, in points",
            ("Style", "Points", "Interval"),
            [
                (
                    one.name,
                    f"{SCALE * one.value:+.1f}",
                    f"{SCALE * one.lower:+.1f} to {SCALE * one.upper:+.1f}",
                )
                for one in board.coefficients
            ],
            (False, True, True),
        )
    yield "</section>"


def _cells(row: Row, board: Board) -> tuple[str, ...]:
    known = row.rating is not None and row.lower is not None and row.upper is not None
    return (
        rank_span(row),
        row.contestant,
        f"{row.rating:.1f}" if known else "–",
        f"{row.lower:.1f} to {row.upper:.1f}" if known else "–",
        f"{row.votes:,}",
        remark(row, board),
    )


def rank_span(row: Row) -> str:
    """Return the bounds of a row's rank, as one writes them."""
    if row.rank_best is None or row.rank_worst is None:
        return "–"
    return str(row.rank_best) if row.rank_best == row.rank_worst else f"{row.rank_best}–{row.rank_worst}"


def remark(row: Row, board: Board) -> str:
    """Return what is to be said of a row beside its figures."""
    if row.reason == "no_votes":
        return "no votes"
    if row.rating is None and row.reason == "not_connected" and board.connected:
        return "not comparable"
    group = "" if board.connected else f"group {row.component + 1}"
    return ", ".join(word for word in (group, "preliminary" if row.preliminary else "") if word)


def summary(board: Board) -> str:
    """Return in one sentence what a board rests on."""
    if board.status == "empty":
        return "No votes yet."
    parts = [f"{board.votes:,} votes", f"{board.status} board"]
    if board.coefficients:
        parts.append(f"{', '.join(one.name for one in board.coefficients)} held fixed")
    if board.clusters is not None:
        parts.append(f"intervals allow for votes with the same {board.clusters} depending on each other")
    if board.ties == "drop":
        parts.append("ties dropped")
    elif board.ties != "half":
        parts.append(f"ties modelled ({board.ties})")
    if not board.connected:
        parts.append("no joint order: no chain of votes joins the groups")
    if board.fit == "firth":
        parts.append("penalised fit, because some contestants have few votes or votes of one kind")
    return "; ".join(parts) + "."
