"""Where a text has what was looked for, with a little of what stands around."""

import re
from collections.abc import Sequence

from evenhand.history.schemas import Piece
from evenhand.history.words import LETTER, Term, fold, letters

BEFORE, AFTER = 32, 120
"""Characters that are shown before a match and from it on."""

_BLOCK = 500


def pattern(terms: Sequence[Term]) -> re.Pattern[str]:
    """What finds the terms in folded text: words where they begin, signs whole or, failing that, in pairs."""
    begins = [one.text for one in terms if one.word]
    signs = [text for one in terms if not one.word for text in (one.text, *one.needs)]
    wanted = sorted([(text, True) for text in begins] + [(text, False) for text in signs], key=_longest_first)
    return re.compile("|".join(_at_a_beginning(text) if word else re.escape(text) for text, word in wanted))


def _at_a_beginning(text: str) -> str:
    # What stands before it is looked at last: a pattern that begins with signs is found faster.
    literal = re.escape(text)
    return f"{literal}(?<!{LETTER}{literal})"


def _longest_first(wanted: tuple[str, bool]) -> int:
    return -len(wanted[0])


def snippet(text: str, found: re.Pattern[str]) -> list[Piece] | None:
    """The text around the first match, in pieces; None where it has none. Line breaks become spaces."""
    folded = fold(text)
    first = found.search(folded)
    if first is None:
        return None
    at = first.start() if text.isascii() else _origin(text, first.start())
    begin, end = _from_a_word(text, at), min(len(text), at + AFTER)
    shown = " ".join(text[begin:end].split())
    pieces = _pieces(shown, found)
    if begin > 0:
        pieces.insert(0, Piece(text="…", match=False))
    if end < len(text):
        pieces.append(Piece(text="…", match=False))
    return pieces


def _origin(text: str, at: int) -> int:
    """Where in the text the letter begins that a character of the folded text comes from."""
    begin = 0
    for least in (_BLOCK, 1):  # folded one by one, all letters before it would take long
        for part in letters(text[begin:], least):
            size = len(fold(part))
            if size > at:
                break
            at -= size
            begin += len(part)
    return begin


def _from_a_word(text: str, at: int) -> int:
    """Where to begin so that a little stands before `at`, and no word is cut where there are spaces."""
    begin = max(0, at - BEFORE)
    if begin == 0:
        return 0
    space = text.find(" ", begin, at)
    return begin if space < 0 else space + 1


def _pieces(text: str, found: re.Pattern[str]) -> list[Piece]:
    folded = ""
    # Where in the text the letter begins and ends that each character of the folded text comes from.
    origin: list[tuple[int, int]] = []
    at = 0
    for letter in letters(text):
        one = fold(letter)
        folded += one
        origin += [(at, at + len(letter))] * len(one)
        at += len(letter)
    pieces: list[Piece] = []
    done = 0
    for match in found.finditer(folded):
        if match.end() == match.start():
            continue
        begin, end = origin[match.start()][0], origin[match.end() - 1][1]
        if begin < done:
            continue
        if begin > done:
            pieces.append(Piece(text=text[done:begin], match=False))
        pieces.append(Piece(text=text[begin:end], match=True))
        done = end
    if done < len(text):
        pieces.append(Piece(text=text[done:], match=False))
    return pieces
