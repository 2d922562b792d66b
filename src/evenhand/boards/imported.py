"""The real board that is there from the start: votes that other people's arena collected.

The distribution `leaderbot` carries them as counts per pair. Only that file is read: the package itself,
with the plotting and numerics that it needs, is never imported.
"""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from evenhand.ranking import Cells, read_votes

SLUG = "chatbot-arena-2024-08"
DISTRIBUTION = "leaderbot"
FILE = "leaderbot/data/chatbotarena_20240814.json"


@dataclass(frozen=True)
class Source:
    """Where votes come from; `date` (ISO) is that of the last vote, `note` is about their licence."""

    name: str
    url: str
    date: str
    note: str


@dataclass(frozen=True)
class ImportedBoard:
    """Votes of another arena, and the contestants' names that they go by there."""

    slug: str
    name: str
    cells: Cells
    source: Source


def imported_board() -> ImportedBoard | None:
    """Return the imported board, or None where the package that carries it is not installed."""
    try:
        file = Path(str(distribution(DISTRIBUTION).locate_file(FILE)))
    except PackageNotFoundError:
        return None
    if not file.is_file():
        return None
    return ImportedBoard(
        slug=SLUG,
        name="Chatbot Arena, August 2024",
        cells=read_votes(file).cells,
        source=Source(
            name="Chatbot Arena (LMSYS), by way of the Python package leaderbot",
            url="https://pypi.org/project/leaderbot/",
            date="2024-08-14",
            note="leaderbot is under the BSD 3-Clause licence; the votes' original file names no licence.",
        ),
    )
