"""Boards in files: JSON that holds all of `Board.as_dict`, and the fit beside it."""

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from evenhand.ranking.board import Board, Coefficient, Row
from evenhand.ranking.errors import RankingError
from evenhand.ranking.files import write_whole
from evenhand.ranking.fitted import Fitted

FORMAT = "evenhand-board"
VERSION = 1


def save_board(board: Board, path: Path) -> None:
    """Write a board; see `Board.save`."""
    document = {"format": FORMAT, "version": VERSION, **board.as_dict()}
    document["fitted"] = [_fitted_document(fitted) for fitted in board.fitted]
    # Python writes a number in as many digits as it takes to read the same one again.
    write_whole(path, json.dumps(document, allow_nan=False) + "\n")


def load_board(path: Path) -> Board:
    """Read a board; see `Board.load`."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise RankingError(f"{path}: cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise RankingError(f"{path}: is no JSON: {error}.") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise RankingError(f"{path}: is no saved board; Board.save writes one.")
    if document.get("version") != VERSION:
        raise RankingError(
            f"{path}: has version {document.get('version')!r}; this release reads version {VERSION}."
        )
    try:
        return _board(document)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RankingError(f"{path}: is damaged: {type(error).__name__} {error}.") from error


def _board(document: dict[str, Any]) -> Board:
    known: dict[str, Any] = {**document["method"], **document}
    parts = {"rows", "coefficients", "fitted"}
    return Board(
        rows=tuple(_row(line) for line in document["contestants"]),
        coefficients=tuple(_coefficient(line) for line in document["coefficients"]),
        fitted=tuple(_fitted(part) for part in document["fitted"]),
        **{one.name: known[one.name] for one in fields(Board) if one.name not in parts},
    )


def _coefficient(line: dict[str, Any]) -> Coefficient:
    return Coefficient(**{key: value for key, value in line.items() if key != "points"})


def _row(line: dict[str, Any]) -> Row:
    row = Row(**{"contestant" if key == "name" else key: value for key, value in line.items()})
    points, places = (row.rating, row.lower, row.upper), (row.rank, row.rank_best, row.rank_worst)
    if (
        not isinstance(row.contestant, str)
        or not all(one is None or (isinstance(one, int | float) and math.isfinite(one)) for one in points)
        or not all(one is None or isinstance(one, int) for one in places)
    ):
        raise ValueError(f"the row of {row.contestant!r} is none")
    return row


def _fitted_document(fitted: Fitted) -> dict[str, object]:
    freedom = {} if fitted.freedom is None else {"freedom": fitted.freedom.tolist()}
    return {
        "contestants": fitted.contestants,
        "theta": fitted.theta.tolist(),
        **freedom,
        # It is symmetric: of each row what stands up to the diagonal.
        "covariance": [row[: i + 1].tolist() for i, row in enumerate(fitted.covariance)],
    }


def _fitted(part: dict[str, Any]) -> Fitted:
    names, rows = tuple(part["contestants"]), part["covariance"]
    theta = np.array(part["theta"], dtype=np.float64)
    covariance = np.empty((len(names), len(names)))
    if theta.shape != (len(names),) or [len(row) for row in rows] != list(range(1, len(names) + 1)):
        raise ValueError("the fit is incomplete")
    for i, row in enumerate(rows):
        covariance[i, : i + 1] = covariance[: i + 1, i] = row
    if not np.isfinite(theta).all() or not np.isfinite(covariance).all():
        raise ValueError("the fit is not finite")
    if "freedom" not in part:
        return Fitted(names, theta, covariance)
    freedom = np.array(part["freedom"], dtype=np.float64)
    if freedom.shape != theta.shape or not (freedom > 0).all():
        raise ValueError("the degrees of freedom are none")
    return Fitted(names, theta, covariance, freedom)
