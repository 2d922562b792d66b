"""What texts are found by, in any language: words by their beginning, and signs where no spaces stand.

Text is folded first: width, case, and the accents of Latin, Greek and Cyrillic letters make no difference.
Chinese, Japanese, Korean, Thai and their like are written without spaces (Korean joins its particles to its
words), so they are found by single signs and by pairs of neighbours; so are emoji.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

LONGEST_WORD = 40
"""Characters of a word that count."""
MOST_BYTES = 600_000
"""How much of a text's words is kept: PostgreSQL takes a megabyte."""
MOST_TERMS = 10
"""How many terms of a query count."""

_SIGN = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u2600-\u27bf\U0001f300-\U0001faff"  # emoji
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Chinese
    "\uac00-\ud7a3"  # Korean
)
# Vowels of Indian scripts are marks beside their letters.
LETTER = f"(?:[^\\W_{_SIGN}]|[\u0900-\u0963\u0966-\u0dff])"
"""A pattern of what words are made of."""
_PIECES = re.compile(f"(?P<signs>[{_SIGN}]+)|{LETTER}+")
# Accents that stand apart, and the points of Hebrew and Arabic, which are mostly left out.
_LEFT_OUT = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0640\u064b-\u065f\u0670]")


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # Accents of these alone: in Japanese or Hindi such a mark makes another letter.
        accented = code < 0x0530 or 0x1E00 <= code < 0x2000
        whole = unicodedata.normalize("NFKD", character) if accented else character
        folded = self[code] = unicodedata.normalize("NFKC", _LEFT_OUT.sub("", whole)).casefold()
        return folded


_folding = _Folding()


def fold(text: str) -> str:
    """The text with all differences taken out that do not matter to whoever looks for it."""
    return text.lower() if text.isascii() else text.translate(_folding)


@dataclass(frozen=True)
class Term:
    """What a text must have: all of `needs`, or, if it `begins`, a word that begins so.

    `text` is what stands in the folded text.
    """

    text: str
    needs: tuple[str, ...]
    begins: bool


def words(texts: Iterable[str]) -> set[str]:
    """What texts are found by."""
    found: set[str] = set()
    for text in texts:
        for piece in _PIECES.finditer(fold(text)):
            if piece["signs"]:
                found.update(piece[0])
                found.update(_pairs(piece[0]))
            else:
                found.add(piece[0][:LONGEST_WORD])
    return found


def terms(query: str) -> list[Term]:
    """What a query asks for: all of these. Empty where it has nothing that one could look for."""
    found: dict[str, Term] = {}
    for piece in _PIECES.finditer(fold(query)):
        text = piece[0]
        if not piece["signs"]:
            text = text[:LONGEST_WORD]
            found.setdefault(text, Term(text, (text,), begins=True))
        else:
            found.setdefault(text, Term(text, tuple(_pairs(text)) or (text,), begins=False))
    return list(found.values())[:MOST_TERMS]


def _pairs(signs: str) -> Iterator[str]:
    return map("".join, pairwise(signs))


def marked(account_id: UUID, found: Iterable[str]) -> list[str]:
    """Words as they stand in the index, each with the mark of the account; of too many, some."""
    mark = _mark(account_id)
    kept: list[str] = []
    room = MOST_BYTES
    for word in found:
        one = mark + word
        room -= len(one.encode()) + 8
        if room < 0:
            break
        kept.append(one)
    return kept


def tsquery(account_id: UUID, term: Term) -> str:
    """A term as PostgreSQL's `tsquery`, for what belongs to an account."""
    mark = _mark(account_id)
    needs = [f"'{mark}{one}'" for one in term.needs]
    return " & ".join(needs) + (":*" if term.begins else "")


def _mark(account_id: UUID) -> str:
    # The random end of the id. Two accounts may share a mark: whose a conversation is says its own row.
    return f"{account_id.int & 0xFFFFFF:06x}"
