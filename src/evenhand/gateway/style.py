"""What an answer looks like, apart from what it says: the features that style control uses."""

import re
from dataclasses import dataclass
from typing import Any

from evenhand.gateway.tokens import TOKENIZER, count

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADER = re.compile(r"^ {0,3}(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_ORDERED = re.compile(r"^[ \t]*[0-9]{1,9}[.)][ \t]", re.MULTILINE)
_UNORDERED = re.compile(r"^[ \t]*[-*+][ \t]", re.MULTILINE)
_BOLD_STARS = re.compile(r"\*\*[^*\n]+\*\*")
_BOLD_LINES = re.compile(r"__[^_\n]+__")


@dataclass(frozen=True, slots=True)
class Style:
    """Counts over one answer. `headers` has the six levels in order; `tokens` is of the whole text."""

    tokens: int
    headers: tuple[int, int, int, int, int, int]
    ordered: int
    unordered: int
    bold_stars: int
    bold_lines: int
    tokenizer: str = TOKENIZER

    def to_dict(self) -> dict[str, Any]:
        """The counts under the names that public vote tables use."""
        return {
            "tokens": self.tokens,
            "tokenizer": self.tokenizer,
            "header_count": {f"h{level}": n for level, n in enumerate(self.headers, 1)},
            "list_count": {"ordered": self.ordered, "unordered": self.unordered},
            "bold_count": {"**": self.bold_stars, "__": self.bold_lines},
        }


def measure(answer: str) -> Style:
    """The style of an answer in Markdown. What stands in fenced code blocks is not formatting.

    The time is linear in the answer's length, whatever it holds.
    """
    prose = _without_code(answer)
    levels = [0] * 6
    for header in _HEADER.finditer(prose):
        levels[len(header[1]) - 1] += 1
    h1, h2, h3, h4, h5, h6 = levels
    return Style(
        tokens=count(answer),
        headers=(h1, h2, h3, h4, h5, h6),
        ordered=len(_ORDERED.findall(prose)),
        unordered=len(_UNORDERED.findall(prose)),
        bold_stars=len(_BOLD_STARS.findall(prose)),
        bold_lines=len(_BOLD_LINES.findall(prose)),
    )


def _without_code(text: str) -> str:
    """The lines outside fenced blocks; a block that nothing closes goes to the end, as in CommonMark."""
    kept = []
    fence = ""
    for line in text.split("\n"):
        marks = _FENCE.match(line)
        if fence:
            if marks and marks[1].startswith(fence) and not line[marks.end() :].strip():
                fence = ""
        elif marks and not (marks[1][0] == "`" and "`" in line[marks.end() :]):
            fence = marks[1]
        else:
            kept.append(line)
    return "\n".join(kept)
