"""A text in lines of a width: broken at spaces, and between signs where no spaces stand."""

import re
from collections.abc import Callable, Iterator

_SIGN = "\u2e80-\u2fff\u3001-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U0001f300-\U000323af"
_PIECES = re.compile(f"\n|[^\\S\n]+|[{_SIGN}]|[^\\s{_SIGN}]+")
_NEVER_FIRST = frozenset("，。、；：！？）》〉」』】〕…—～%,.;:!?)]}")
"""What no line begins with: it stands at the end of the one before, beyond its width if need be."""
_NEVER_LAST = frozenset("（《〈「『【〔")
_CUT = "…"

Measure = Callable[[str], float]


def in_lines(text: str, width: float, most: int, measure: Measure) -> list[str]:
    """At most so many lines; the last ends with an ellipsis where more would follow."""
    lines: list[str] = []
    for line in _lines(text, width, measure):
        if len(lines) == most:
            lines[-1] = _shortened(lines[-1], width, measure)
            break
        lines.append(line)
    return lines


def _lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    line, used = "", 0.0
    for piece in _fitting(text, width, measure):
        if piece == "\n":
            if line:
                yield line.rstrip()
            line, used = "", 0.0
            continue
        if piece.isspace():
            piece = " " if line else ""
        size = measure(piece)
        if line and used + size > width and piece not in _NEVER_FIRST and not piece.isspace():
            last = line[-1] if len(line) > 1 and line[-1] in _NEVER_LAST else ""
            yield line.removesuffix(last).rstrip()
            line, used = last, measure(last)
        line, used = line + piece, used + size
    if line:
        yield line.rstrip()


def _fitting(text: str, width: float, measure: Measure) -> Iterator[str]:
    """The pieces between which a line may be broken, none wider than a line."""
    for piece in _PIECES.findall(text):
        while not piece.isspace() and len(piece) > 1 and measure(piece) > width:
            size = max(1, int(len(piece) * width / measure(piece)))
            while size > 1 and measure(piece[:size]) > width:
                size -= 1
            yield piece[:size]
            piece = piece[size:]
        yield piece


def _shortened(line: str, width: float, measure: Measure) -> str:
    while line and measure(line + _CUT) > width:
        line = line[:-1]
    return line.rstrip() + _CUT
